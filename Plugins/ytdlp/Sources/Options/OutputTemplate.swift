/// What an output template of yt-dlp may look like, so that every file it names is inside of the download's folder.
///
/// yt-dlp takes slashes out of what sites put into the fields; what users write between them it takes as it is, and it
/// expands `~` and `$NAME`. A field that is all of a folder's name can still be `..`: `folders` says how far that leads.
enum OutputTemplate {
    private static let longest = 500
    private static let mostFolders = 8

    /// The kinds of files that can have a template of their own, which is written as `KIND:TEMPLATE`.
    static let kinds: Set = [
        "chapter", "subtitle", "thumbnail", "description", "annotation", "infojson", "link", "pl_video", "pl_thumbnail",
        "pl_description", "pl_infojson",
    ]

    /// How many folders `template` names, and so how far up fields that are `..` can lead at most.
    static func folders(in template: some StringProtocol) -> Int { template.count { $0 == "/" } }

    /// What is wrong with `template`; `nil` when it may be used.
    static func fault(in template: String) -> String? {
        if template.isEmpty || template.count > longest { return "a file name has 1 to \(longest) characters." }
        if template == "-" { return "the file would go to Kinodock itself." }
        if KeyedOperand(template, keys: kinds).hasKeys { return "the name must not begin with a kind of files." }
        if folders(in: template) > mostFolders { return "a name has at most \(mostFolders) folders." }
        if template.hasPrefix("/") || template.hasPrefix("~") || template.hasPrefix("\\") {
            return "the name is relative to the download folder, so it must not begin with “\(template.first ?? "/")”."
        }
        if template.contains("$") || template.contains("\\")
            || template.unicodeScalars.contains(where: { $0.value < 32 })
        {
            return "the name must not hold “$”, backslashes or control characters."
        }
        guard let pieces = pieces(of: template) else { return "a “%(” has no “)”." }
        return pieces.fields.lazy.compactMap(fault(inField:)).first
            ?? pieces.components.lazy.compactMap(fault(inComponent:)).first
    }

    /// A field can hold texts of its own, after `&` and `|`: no part of a path may be made of them.
    private static func fault(inField field: Substring) -> String? {
        field.contains("/") || field.contains("~") || field.drop { $0 != "&" && $0 != "|" }.contains(".")
            ? "a field between “%(” and “)” must not hold a part of a path." : nil
    }

    private static func fault(inComponent component: String) -> String? {
        component.hasPrefix(".") ? "a folder or file must not begin with a dot, so “..” is not possible." : nil
    }

    /// The fields, and the components of the path with a `%` in the place of each field.
    private static func pieces(of template: String) -> (fields: [Substring], components: [String])? {
        var fields: [Substring] = []
        var path = ""
        var rest = template[...]
        while let start = rest.firstIndex(of: "%") {
            path += rest[..<start]
            rest = rest[start...].dropFirst()
            path += "%"
            if rest.first == "%" {
                rest = rest.dropFirst()
            } else if rest.first == "(" {
                guard let end = rest.firstIndex(of: ")") else { return nil }
                fields.append(rest[rest.index(after: rest.startIndex)..<end])
                rest = rest[end...].dropFirst()
            }
        }
        path += rest
        return (fields, path.split(separator: "/", omittingEmptySubsequences: false).map(String.init))
    }
}
