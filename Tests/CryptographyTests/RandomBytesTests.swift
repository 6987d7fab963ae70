import Cryptography
import FoundationEssentials
import Testing

struct RandomBytesTests {
    @Test("gives as many bytes as asked for, others each time", arguments: [0, 1, 16, 1000])
    func count(count: Int) {
        #expect(RandomBytes.make(count).count == count)
        #expect(count < 16 || RandomBytes.make(count) != RandomBytes.make(count))
    }

    @Test("a token is its bytes in base64url")
    func token() {
        #expect(Base64URL.decode(RandomBytes.token())?.count == 32)
        #expect(Base64URL.decode(RandomBytes.token(bytes: 16))?.count == 16)
        #expect(RandomBytes.token() != RandomBytes.token())
    }

    @Test("a UUID is version 4, variant 1, in lower case")
    func uuid() throws {
        for _ in 0..<100 {
            let text = RandomBytes.uuid()
            let parsed = try #require(UUID(uuidString: text))
            #expect(parsed.uuidString.lowercased() == text)
            #expect(parsed.uuid.6 >> 4 == 4)
            #expect(parsed.uuid.8 >> 6 == 0b10)
        }
        #expect(Set((0..<1000).map { _ in RandomBytes.uuid() }).count == 1000)
    }
}
