import FoundationEssentials

/// Small torrents, with hashes from another implementation.
enum TorrentSamples {
    static let v1Torrent = Data(
        "d8:announce25:http://127.0.0.1/announce4:infod6:lengthi5e4:name5:a.txt12:piece lengthi16384e6:pieces20:01234567890123456789ee"
            .utf8
    )
    static let v1Hash = "8694d6007ae15e276cbda435c410f6e2b6bd6f76"

    static let v2Torrent = Data(
        """
        d8:announce25:http://127.0.0.1/announce4:infod9:file treed5:a.txtd0:d6:lengthi5e11:pieces root32:xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxeee12:meta versioni2e4:name5:a.txt12:piece lengthi16384eee
        """.utf8
    )
    static let v2Hash = "af2c0171d8e5cee44fc3784f4b0fb5b628720a1615a4b86aa7c8a3f37b117070"

    static let hybridTorrent = Data(
        """
        d8:announce25:http://127.0.0.1/announce4:infod9:file treed5:a.txtd0:d6:lengthi5e11:pieces root32:xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxeee6:lengthi5e12:meta versioni2e4:name5:a.txt12:piece lengthi16384e6:pieces20:01234567890123456789ee
        """.utf8
    )
    static let hybridHashes = (
        "3c04b2f83f23781d0e7bbd6483d7233967e7fac2", "7d70b5020a615007c275584aae9c19b5d14f6ac75ec5674f20104a0d11e35bae"
    )
}
