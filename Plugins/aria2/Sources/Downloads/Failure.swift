/// Why aria2 gave a download up, in words.
///
/// Source: "EXIT STATUS" in aria2's manual; the same numbers are the error codes of downloads.
struct Failure: Hashable, Sendable {
    let code: String
    let text: String

    var words: String {
        let reason = reason.map { "\($0) " } ?? ""
        return text.isEmpty ? "aria2 gave up. \(reason)Retry, or look into its log." : "\(reason)aria2 says: \(text)"
    }

    private var reason: String? {
        switch code {
        case "2": "It took too long."
        case "3", "4": "The file is not there."
        case "5": "It was too slow for aria2's lowest speed limit."
        case "6": "The network failed."
        case "8": "The server cannot resume, and aria2 must not begin anew."
        case "9": "The disk is full."
        case "11", "12": "aria2 downloads it already."
        case "13": "The file is there already."
        case "15", "16", "17", "18": "aria2 cannot write where it should; check the folder and its rights."
        case "19": "The name of the server is unknown."
        case "22": "The server answered with an error."
        case "23": "The server redirects too often."
        case "24": "The server asks for a login."
        case "26": "The torrent is damaged."
        case "29": "The server is overloaded; retry later."
        case "32": "The content does not have the checksum that it should have."
        default: nil
        }
    }
}
