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
        "a colon is nothing but a colon behind anything but a kind of files",
        arguments: ["a: b", "default:x", "a,link:x"]
    )
    func colons(template: String) {
        #expect(OutputTemplate.fault(in: template) == nil)
    }

    @Test("fields that a site fills with “..” lead up by no more folders than the template names")
    func depth() throws {
        var settings = YtDlpSettings()
        settings.template = "%(uploader)s/%(title)s/%(id)s"
        let arguments = ["--output=chapter:%(uploader)s/%(title)s/%(chapter)s/%(id)s", "--referer=http://a/b/c/d/e"]
        let invocation = Invocation(settings: settings, arguments: arguments, ffmpeg: nil, cache: nil)
        #expect(invocation.depth(DownloadOptions()) == 3)
        #expect(invocation.depth(DownloadOptions(template: "a/b/c/d/e")) == 4)
        let plain = Invocation(settings: YtDlpSettings(), arguments: [], ffmpeg: nil, cache: nil)
        #expect(plain.depth(DownloadOptions()) == 0)
    }

    @Test(
        "cannot leave the folder",
        arguments: [
            "", "/x", "~/x", "../x", "a/../x", "..", ".x", "a/.x", "a//x/..", "$HOME/x", "\\x", "-", "%(id&../x)s",
            "%(id|..)s", "%(a/b)s", "%(id", "%(id&.)s%(id&./x)s", ".%(id&.|)s/x", "~", "a\nb",
            String(repeating: "a", count: 501), "subtitle:/x", "Thumbnail:x", "link,chapter:../x",
            "a/a/a/a/a/a/a/a/a/x",
        ]
    )
    func refused(template: String) {
        #expect(OutputTemplate.fault(in: template) != nil)
    }
}
