import Cryptography
import FoundationEssentials
import Testing

struct HashTests {
    static let million = String(repeating: "a", count: 1_000_000)

    static let sha256Vectors = [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (million, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ]

    @Test("SHA-256 gives the digests of FIPS 180-4", arguments: sha256Vectors)
    func sha256(text: String, digest: String) {
        #expect(Hex.encode(Hash.sha256([UInt8](text.utf8))) == digest)
        #expect(Hex.encode(Hash.sha256(text)) == digest)
    }

    @Test("SHA-256 in pieces gives the same", arguments: sha256Vectors, [1, 63, 64, 65_536])
    func sha256InPieces(vector: (text: String, digest: String), size: Int) {
        var hash = SHA256()
        var rest = Data(vector.text.utf8)
        while !rest.isEmpty {
            hash.update(rest.prefix(size))
            rest = rest.dropFirst(size)
        }
        #expect(Hex.encode(hash.finalize()) == vector.digest)
    }
}
