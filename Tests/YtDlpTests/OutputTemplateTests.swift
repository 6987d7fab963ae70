import Testing

@testable import YtDlp

@Suite("Names of files")
struct OutputTemplateTests {
    @Test(
        "may have fields, folders and words",
        arguments: [
            YtDlpSettings.defaultTemplate, "%(uploader)s/%(upload_date>%Y-%m-%d)s %(title)s.%(ext)s", "100%% %(id)s",
            "%(chapter_number&Chapter {} - |)s%(title)s.%(ext)s", "a b...%(ext)s", "%(formats.0.id)s",
        ]
    )
    func allowed(template: String) {
        #expect(OutputTemplate.fault(in: template) == nil)
    }

    @Test(
        "cannot leave the folder",
        arguments: [
            "", "/x", "~/x", "../x", "a/../x", "..", ".x", "a/.x", "a//x/..", "$HOME/x", "\\x", "-", "%(id&../x)s",
            "%(id|..)s", "%(a/b)s", "%(id", "%(id&.)s%(id&./x)s", ".%(id&.|)s/x", "~", "a\nb",
            String(repeating: "a", count: 501),
        ]
    )
    func refused(template: String) {
        #expect(OutputTemplate.fault(in: template) != nil)
    }
}
