import Cryptography

/// The name of a picture in this server's API, made from its address: the address itself stays inside.
struct PictureID: Hashable, Sendable {
    /// 32 hexadecimal digits.
    let text: String

    /// Of the picture at an address.
    init(_ url: String) {
        text = Hex.encode(Hash.sha256(url).prefix(16))
    }

    /// Where the API shows pictures; an id follows.
    static let path = "/api/images/"
}
