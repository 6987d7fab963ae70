import Testing

@testable import YtDlp

@Suite("What yt-dlp tells")
struct ReportTests {
    @Test("progress, as the template asks for it")
    func progress() throws {
        let line = """
            @progress {"status": "downloading", "downloaded_bytes": 1024, "total_bytes_estimate": 334264.0, \
            "speed": 5677.44, "fragment_index": 0, "filename": "out/a b.mp4"}
            """
        guard case .progress(let progress) = Report(line) else {
            Issue.record("no progress")
            return
        }
        #expect(progress.received == 1024 && progress.roughSize == 334_264 && progress.filename == "out/a b.mp4")
    }

    @Test("the begin, with several formats")
    func begins() throws {
        let line =
            #"@begins {"title": "A é", "is_live": false, "requested_formats": [{"filesize": 5}, {"filesize_approx": 6.5}]}"#
        guard case .begins(let beginning) = Report(line) else {
            Issue.record("no beginning")
            return
        }
        #expect(beginning.title == "A é" && Transfer(beginning).size == 11)
    }

    @Test(
        "other lines are nothing",
        arguments: ["", "@progress", "@progress {", "[info] x", "WARNING:", "@nothing {}"]
    )
    func nothing(line: String) {
        #expect(Report(line) == nil)
    }

    @Test("errors and steps")
    func others() throws {
        guard case .error("[x] y: z") = Report("ERROR: [x] y: z") else { return #expect(Bool(false)) }
        guard case .step(let step) = Report(#"@step {"status": "started", "postprocessor": "Merger"}"#) else {
            return #expect(Bool(false))
        }
        #expect(step.postprocessor == "Merger")
    }
}

@Suite("How much has come")
struct TransferTests {
    private func progress(_ name: String, _ received: Double, size: Double? = nil, rough: Double? = nil)
        -> Report.Progress
    {
        var progress = Report.Progress()
        progress.status = "downloading"
        progress.filename = name
        progress.received = received
        progress.size = size
        progress.roughSize = rough
        progress.speed = 10
        return progress
    }

    @Test("is counted over all files")
    func files() {
        var beginning = Report.Beginning()
        beginning.formats = [.init(size: 100), .init(size: 50)]
        var transfer = Transfer(beginning)
        #expect(transfer.size == 150)
        transfer.take(progress("v", 100, size: 100))
        #expect(transfer.remaining == 50 && transfer.eta == 5)
        transfer.take(progress("a", 50, size: 50))
        #expect(transfer.remaining == 0 && transfer.size == 150)
    }

    @Test("a guess that moves a little is not told on")
    func guess() {
        var transfer = Transfer()
        transfer.take(progress("v", 1, rough: 1000))
        transfer.take(progress("v", 2, rough: 1020))
        #expect(transfer.size == 1000)
        transfer.take(progress("v", 3, rough: 2000))
        #expect(transfer.size == 2000)
    }

    @Test("never exceeds the size, and no number is too strange", arguments: [-1, .infinity, .nan, 1e300] as [Double])
    func strange(number: Double) {
        var transfer = Transfer()
        transfer.take(progress("v", number, size: number))
        #expect(transfer.remaining >= 0 && transfer.size >= transfer.received)
    }
}

@Suite("Lines")
struct LineSplitterTests {
    @Test("are whole, however they come")
    func pieces() {
        var splitter = LineSplitter()
        #expect(splitter.take(Array("one\ntw".utf8)[...]) == ["one"])
        #expect(splitter.take(Array("o\n\nthree".utf8)[...]) == ["two"])
        #expect(splitter.finish() == ["three"] && splitter.finish().isEmpty)
    }

    @Test("without an end are dropped, and the next one is read")
    func endless() {
        var splitter = LineSplitter()
        for _ in 0..<20 { _ = splitter.take([UInt8](repeating: 65, count: 100_000)[...]) }
        #expect(splitter.take(Array("\nnext\n".utf8)[...]) == ["next"])
    }
}
