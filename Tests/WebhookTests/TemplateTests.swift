import PluginAPI
import Testing

@testable import Webhook

@Suite("Templates")
struct TemplateTests {
    private func render(_ text: String, _ escaping: Escaping = .none) throws -> String {
        try Template(text).render(WebhookBench.event(), escaping: escaping)
    }

    @Test(
        "fill in values, by names with points, and with filters",
        arguments: [
            ("plain", "plain"), ("{{kind}}", "imported"), ("{{ details.year }}!", "1922!"),
            ("{{details.paths.1}}", "/films/b.mkv"),
            ("{{details.paths}}", "/films/a.mkv, /films/b.mkv"),
            ("{{details.paths | join:\" + \"}}", "/films/a.mkv + /films/b.mkv"),
            ("{{nothing}}{{details.nothing.deeper}}{{details.paths.9}}", ""),
            ("{{nothing | default:\"a | b\"}}", "a | b"),
            ("{{details.title | upper | limit:4}}", "NOS…"), ("{{details.size | size}}", "1.4 GiB"),
            ("{{details.quality | lower}}", "bluray-1080p"), ("{{\"a\" | json}}", "\"a\""),
            ("{{details.title | url}}", "Nosferatu"),
            ("{{details.path | url}}", "%2Ffilms%2FNosferatu%20%221922%22.mkv"), ("{ {x} }", "{ {x} }"),
        ]
    )
    func values(text: String, result: String) throws {
        #expect(try render(text) == result)
    }

    @Test(
        "choose and repeat",
        arguments: [
            ("{{#if details.year}}y{{else}}n{{/if}}", "y"), ("{{#if details.none}}y{{else}}n{{/if}}", "n"),
            ("{{#if details.none}}y{{/if}}", ""),
            ("{{#each details.paths}}[{{this}}]{{/each}}", "[/films/a.mkv][/films/b.mkv]"),
            ("{{#each details.files}}{{this.path}}{{#if more}}, {{/if}}{{/each}}", "/films/a.mkv, /films/b.mkv"),
            ("{{#each details.none}}x{{else}}none{{/each}}", "none"),
            (
                "{{#each details.paths}}{{#each details.files}}{{kind}}{{/each}}{{this}}{{/each}}",
                "importedimported/films/a.mkvimportedimported/films/b.mkv"
            ),
        ]
    )
    func blocks(text: String, result: String) throws {
        #expect(try render(text) == result)
    }

    @Test(
        "values are escaped as the content asks for it",
        arguments: [
            (
                Escaping.json, #"{"p":"{{details.path}}","y":{{details.year | json}},"l":{{details.paths | json}}}"#,
                #"{"p":"/films/Nosferatu \"1922\".mkv","y":1922,"l":["/films/a.mkv","/films/b.mkv"]}"#
            ),
            (.form, "p={{details.path}}", "p=%2Ffilms%2FNosferatu%20%221922%22.mkv"),
            (.xml, "<p a='{{details.path}}'/>", "<p a='/films/Nosferatu &quot;1922&quot;.mkv'/>"),
            (.none, "{{details.path}}", "/films/Nosferatu \"1922\".mkv"),
        ]
    )
    func escapes(escaping: Escaping, text: String, result: String) throws {
        #expect(try render(text, escaping) == result)
    }

    @Test(
        "a control character or quote in a value cannot leave its text",
        arguments: ["\"", "\\", "\n\r\t", "\u{0}\u{1f}", "</script>", "é😀"]
    )
    func hostile(text: String) throws {
        let event = WebhookBench.event(title: text)
        let json = try Template(#"{"t":"{{title}}"}"#).render(event, escaping: .json)
        #expect(try JSONValue.decoded(json)["t"] == .string(text))
    }

    @Test(
        "what is wrong is said, with the line",
        arguments: [
            ("{{", "Line 1"), ("a\n{{#if x}}", "{{/if}} is missing"), ("\n\n{{/if}}", "Line 3"),
            ("{{else}}", "outside of a block"),
            ("{{#if}}{{/if}}", "needs one name"), ("{{#while x}}", "no block #while"), ("{{a b}}", "no name"),
            ("{{}}", "no name"),
            ("{{a | shell}}", "no filter “shell”"), ("{{a | limit:x}}", "limit needs"),
            ("{{#if a}}{{else}}{{else}}{{/if}}", "one {{else}}"), ("{{#if a}}{{/each}}", "closes nothing"),
        ]
    )
    func faults(text: String, words: String) {
        let error = #expect(throws: TemplateFault.self) { try Template(text) }
        #expect(error?.message.contains(words) == true)
    }

    @Test("blocks in each other and endless repetitions have an end")
    func bounds() throws {
        let deep = String(repeating: "{{#if a}}", count: 20) + String(repeating: "{{/if}}", count: 20)
        #expect(throws: TemplateFault.self) { try Template(deep) }
        var event = WebhookBench.event()
        event.details["list"] = .array((0..<1000).map { .integer($0) })
        let open = String(repeating: "{{#each details.list}}", count: 5)
        let template = try Template(open + "x" + String(repeating: "{{/each}}", count: 5))
        #expect(throws: TemplateFault.self) { try template.render(event, escaping: .none) }
    }
}
