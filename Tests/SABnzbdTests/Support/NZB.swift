import FoundationEssentials

/// An NZB with a few articles.
enum NZB {
    static let one = of("one@example.invalid")

    static func of(_ id: String, head: String = "<meta type=\"title\">Film &amp; More</meta>") -> Data {
        Data(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <!DOCTYPE nzb PUBLIC "-//newzBin//DTD NZB 1.1//EN" "http://www.newzbin.com/DTD/nzb/nzb-1.1.dtd">
            <nzb xmlns="http://www.newzbin.com/DTD/2003/nzb"><head>\(head)</head>
            <file subject="x"><groups><group>a.b</group></groups><segments>
            <segment bytes="100" number="1">\(id)</segment><segment bytes="50" number="2">2-\(id)</segment>
            </segments></file></nzb>
            """.utf8
        )
    }
}
