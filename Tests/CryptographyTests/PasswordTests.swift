import Testing

@testable import Cryptography

struct PasswordTests {
    @Test(
        "scrypt gives the keys of RFC 7914",
        arguments: [
            (
                "", "", Scrypt(logN: 4, r: 1, p: 1),
                """
                77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442\
                fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906
                """
            ),
            (
                "password", "NaCl", Scrypt(logN: 10, r: 8, p: 16),
                """
                fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162\
                2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640
                """
            ),
            (
                "pleaseletmein", "SodiumChloride", Scrypt(logN: 14, r: 8, p: 1),
                """
                7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2\
                d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887
                """
            ),
        ]
    )
    func vectors(password: String, salt: String, scrypt: Scrypt, key: String) throws {
        #expect(Hex.encode(try scrypt.derive(from: password, salt: [UInt8](salt.utf8), count: 64)) == key)
    }

    @Test("a hash verifies its password alone, and carries its parameters and a new salt")
    func hash() throws {
        let stored = try Password.hash("Grüße")
        #expect(stored.hasPrefix("$scrypt$ln=14,r=8,p=5$"))
        #expect(Password.verify("Grüße", against: stored))
        #expect(!Password.verify("Grüsse", against: stored))
        #expect(try Password.hash("Grüße") != stored)
    }

    @Test("verifies a hash with other parameters than today's")
    func otherParameters() {
        let stored = "$scrypt$ln=10,r=8,p=2$AAECAwQFBgcICQoLDA0ODw$OAa8vMJuowv178Z_CxYBT4vIaU4FbNm_tgOGXoe86Mw"
        #expect(Password.verify("Grüße", against: stored))
        #expect(!Password.verify("", against: stored))
    }

    static let key = "OAa8vMJuowv178Z_CxYBT4vIaU4FbNm_tgOGXoe86Mw"

    @Test(
        "refuses texts that no hash is, and costs that would stop the server",
        arguments: [
            "", "$", "secret", "$scrypt$", "$scrypt$ln=10,r=8,p=2$AAEC$", "$scrypt$ln=10,r=8,p=2$$\(key)",
            "$argon2$ln=10,r=8,p=2$AAEC$\(key)", "$scrypt$ln=30,r=8,p=1$AAEC$\(key)",
            "$scrypt$ln=20,r=32,p=1$AAEC$\(key)",
            "$scrypt$ln=10,r=8,p=99$AAEC$\(key)", "$scrypt$ln=-1,r=8,p=1$AAEC$\(key)", "$scrypt$ln=10,r=8$AAEC$\(key)",
            "$scrypt$r=8,ln=10,p=1$AAEC$\(key)", "$scrypt$ln=10,r=8,p=2$AAEC$\(key)$",
            "$scrypt$ln=10,r=8,p=2$A=EC$\(key)",
        ]
    )
    func refuses(stored: String) {
        #expect(!Password.verify("", against: stored))
        #expect(!Password.verify("Grüße", against: stored))
    }
}
