import Cryptography
import Testing

struct TextTests {
    @Test(
        "base64url has no padding, and - and _",
        arguments: [
            ([], ""), ([0x66], "Zg"), ([0x66, 0x6F], "Zm8"), ([0x66, 0x6F, 0x6F], "Zm9v"),
            ([0xFF, 0xFB, 0xF0], "__vw"),
            ([UInt8](0..<20), "AAECAwQFBgcICQoLDA0ODxAREhM"),
        ] as [([UInt8], String)]
    )
    func base64url(bytes: [UInt8], text: String) {
        #expect(Base64URL.encode(bytes) == text)
        #expect(Base64URL.decode(text) == bytes)
    }

    @Test(
        "base64url refuses what is not base64url",
        arguments: ["Z", "Zg==", "Zh", "Zm9", "Z+8v", "Zm/v", "Zm 9v", "Zm9vZ"]
    )
    func notBase64url(text: String) {
        #expect(Base64URL.decode(text) == nil)
    }

    @Test("hexadecimal goes both ways and reads both cases")
    func hex() {
        let all = [UInt8](0...255)
        #expect(Hex.encode([0x00, 0x9F, 0xA0, 0xFF]) == "009fa0ff")
        #expect(Hex.decode(Hex.encode(all)) == all)
        #expect(Hex.decode("AbcDEF") == [0xAB, 0xCD, 0xEF])
    }

    @Test(
        "hexadecimal refuses what is not hexadecimal",
        arguments: ["0", "0g", "0x00", " 00", "00 ", "é0", "/0", ":0", "@0", "`0"]
    )
    func notHex(text: String) {
        #expect(Hex.decode(text) == nil)
    }

    @Test(
        "comparing in constant time agrees with comparing",
        arguments: [
            ("", ""), ("key", "key"), ("key", "kez"), ("key", "key1"), ("", "k"), ("Zkey", "key"),
        ]
    )
    func constantTime(left: String, right: String) {
        #expect(ConstantTime.equals([UInt8](left.utf8), [UInt8](right.utf8)) == (left == right))
    }
}
