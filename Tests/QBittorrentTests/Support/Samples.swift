import FoundationEssentials

/// A small torrent, with its hash from another implementation.
enum Samples {
    static let v1Torrent = Data(
        "d8:announce25:http://127.0.0.1/announce4:infod6:lengthi5e4:name5:a.txt12:piece lengthi16384e6:pieces20:01234567890123456789ee"
            .utf8
    )
    static let v1Hash = "8694d6007ae15e276cbda435c410f6e2b6bd6f76"
}
