import PluginAPI
import Testing

struct TransportFailureTests {
    @Test(
        "a failure of the transport names the program and says what to do",
        arguments: [
            (.unreachable, "No connection to Box: Refused. Look at the host.", "host"),
            (.timeout, "Box did not answer within 7 seconds.", nil),
            (
                .untrusted,
                "The certificate of Box is not trusted: Refused. Use a certificate that is, or turn its check off for a "
                    + "self-signed one.", "verifyCertificate"
            ),
            (.badResponse, "Box gave no usable answer: Refused.", nil),
        ] as [(PluginError.Code, String, String?)]
    )
    func words(code: PluginError.Code, message: String, field: String?) {
        let error = PluginError(code, "Refused.").naming(
            "Box",
            waited: 7,
            unreachable: .init("Look at the host.", field: "host")
        )
        #expect(error.code.value == code && error.message == message && error.field == field)
    }

    @Test("any other failure stays as it is")
    func others() {
        let error = PluginError(.rateLimited, "Slowly.", field: "pace", retryAfter: 3)
        let named = error.naming("Box", waited: 7, unreachable: .init("Look at the host."))
        #expect(named.message == "Slowly." && named.field == "pace" && named.retryAfter == 3)
    }
}
