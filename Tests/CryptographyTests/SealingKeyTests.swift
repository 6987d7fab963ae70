import FoundationEssentials
import Testing

@testable import Cryptography

struct SealingKeyTests {
    private let key = SealingKey(bytes: [UInt8](0..<32))

    @Test("AES-256-GCM gives the bytes of the specification's test case 16")
    func vector() throws {
        let bytes = try #require(Hex.decode("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"))
        let nonce = try #require(Hex.decode("cafebabefacedbaddecaf888"))
        let associated = try #require(Hex.decode("feedfacedeadbeeffeedfacedeadbeefabaddad2"))
        let plain = try #require(
            Hex.decode(
                "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525"
                    + "b16aedf5aa0de657ba637b39"
            )
        )
        let encrypted = try AESGCM(key: bytes).encrypt(Data(plain), nonce: nonce, authenticating: associated)
        #expect(
            Hex.encode(encrypted)
                == "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838"
                + "c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b"
        )
        let nothing = try AESGCM(key: [UInt8](repeating: 0, count: 32)).encrypt(
            Data(),
            nonce: [UInt8](repeating: 0, count: 12),
            authenticating: []
        )
        #expect(Hex.encode(nothing) == "530f8afbc74536b9a963b4f1c4cb738b")
    }

    @Test("opens what another implementation sealed in the same format")
    func format() throws {
        let sealed = try #require(Hex.decode(Self.foreign))
        #expect(try key.open(Data(sealed), context: "download-clients/7/password") == Data("s3cret".utf8))
    }

    static let foreign = "016465666768696a6b6c6d6e6f3b28bd141c9d09474de7f10b5ecbb049bc28595ace89"

    @Test("opens what it sealed, of any size", arguments: [0, 1, 15, 16, 17, 100_000])
    func roundTrip(size: Int) throws {
        let plain = Data(RandomBytes.make(size))
        let sealed = try key.seal(plain, context: "a")
        #expect(sealed.count == size + 29)
        #expect(try key.open(sealed, context: "a") == plain)
    }

    @Test("opens a slice of a larger buffer")
    func slice() throws {
        let sealed = try key.seal(Data("x".utf8), context: "")
        #expect(try key.open((Data([9, 9]) + sealed).dropFirst(2), context: "") == Data("x".utf8))
    }

    @Test("never seals the same twice to the same bytes")
    func nonce() throws {
        #expect(try key.seal(Data("x".utf8), context: "") != key.seal(Data("x".utf8), context: ""))
    }

    @Test("notices a change of any byte after the version", arguments: 1..<35)
    func tampering(position: Int) throws {
        var sealed = try key.seal(Data("s3cret".utf8), context: "a")
        sealed[position] ^= 1
        #expect(throws: CryptographyError.notAuthentic(context: "a")) { try key.open(sealed, context: "a") }
    }

    @Test("refuses a part of what was sealed", arguments: 0..<35)
    func truncation(count: Int) throws {
        let sealed = try key.seal(Data("s3cret".utf8), context: "a")
        #expect(throws: CryptographyError.notAuthentic(context: "a")) {
            try key.open(sealed.prefix(count), context: "a")
        }
    }

    @Test("refuses another context and another key")
    func wrongContext() throws {
        let sealed = try key.seal(Data("s3cret".utf8), context: "a")
        #expect(throws: CryptographyError.notAuthentic(context: "b")) { try key.open(sealed, context: "b") }
        let other = SealingKey(bytes: [UInt8](1..<33))
        #expect(throws: CryptographyError.notAuthentic(context: "a")) { try other.open(sealed, context: "a") }
    }

    @Test("says so when a newer version sealed it")
    func newerVersion() throws {
        var sealed = try key.seal(Data("s3cret".utf8), context: "a")
        sealed[0] = 2
        #expect(throws: CryptographyError.unknownVersion(2, context: "a")) { try key.open(sealed, context: "a") }
    }
}
