import CCurl

extension Transfer {
    /// libcurl's result in terms that a person can act on.
    func error(for code: CURLcode) -> HTTPClientError {
        if let failure { return failure }
        switch code {
        case CURLE_URL_MALFORMAT:
            return HTTPClientError(.invalidURL, "The address cannot be used. Check it for typing errors.")
        case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY:
            return proxyError("cannot be used")
        case CURLE_COULDNT_CONNECT where order.proxy != nil:
            return proxyError("cannot be reached")
        case CURLE_RECV_ERROR where order.proxy != nil && connectStatus >= 300:
            return proxyError("refused with status \(connectStatus)")
        case CURLE_COULDNT_RESOLVE_HOST:
            return HTTPClientError(
                .unreachable,
                "No host named \(hop.address.host) was found. Check the host's name and this machine's DNS."
            )
        case CURLE_COULDNT_CONNECT:
            return error(.unreachable, "does not accept connections. Check host and port, and that the service runs.")
        case CURLE_RECV_ERROR where hasDamagedFraming:
            return error(.protocol, "sent a body whose parts are damaged. Check the service and proxies between.")
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE:
            return error(
                .interrupted,
                "closed the connection before the answer was complete. Check that the service runs, and its log."
            )
        case CURLE_OPERATION_TIMEDOUT:
            return isConnected
                ? error(.timeout, "stayed silent for too long. Check that the service is not overloaded.")
                : error(.timeout, "could not be connected to in time. Check host and port, and firewalls between.")
        case CURLE_OUT_OF_MEMORY:
            return .outOfResources
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_SSL_SHUTDOWN_FAILED:
            return error(
                .unreachable,
                "does not speak TLS on this port, or no version in common. "
                    + "Check the port, and whether it is http or https."
            )
        default:
            return tlsReason(for: code).map { error(.tls, $0) } ?? error(.protocol, protocolReason(for: code))
        }
    }

    /// The failure of a transfer that ran past its deadline.
    var timeoutError: HTTPClientError {
        let milliseconds = order.timeout.milliseconds(atLeast: 0)
        let limit = milliseconds < 1000 ? "\(milliseconds) ms" : "\(milliseconds / 1000) s"
        return error(
            .timeout,
            "did not answer completely within \(limit). Check that the service runs and is not overloaded."
        )
    }

    private func error(_ code: HTTPClientError.Code, _ reason: String) -> HTTPClientError {
        HTTPClientError(code, "\(hop.address.endpoint) \(reason)")
    }

    private func proxyError(_ reason: String) -> HTTPClientError {
        let name = order.proxy?.endpoint ?? ""
        return HTTPClientError(
            .proxy,
            "The proxy \(name) \(reason) on the way to \(hop.address.endpoint). Check the proxy's address and credentials."
        )
    }

    private var connectStatus: Int { ccurl_get_long(handle, CURLINFO_HTTP_CONNECTCODE) }

    /// libcurl calls a chunked body that makes no sense a failure to receive, as it does a connection that broke; only
    /// the latter has an error of the system, or one of TLS.
    private var hasDamagedFraming: Bool {
        head.status != 0 && hop.address.scheme == "http" && ccurl_get_long(handle, CURLINFO_OS_ERRNO) == 0
    }

    private var isConnected: Bool { ccurl_get_long(handle, CURLINFO_NUM_CONNECTS) > 0 }

    /// What is wrong with the secure connection, or `nil` when that is not what failed.
    private func tlsReason(for code: CURLcode) -> String? {
        switch code {
        case CURLE_PEER_FAILED_VERIFICATION:
            "has a certificate that is not trusted: \(certificateProblem). "
                + "Install a valid certificate, or turn the check off for this service."
        case CURLE_SSL_CERTPROBLEM, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CRL_BADFILE,
            CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_CLIENTCERT,
            CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED, CURLE_SSL_ENGINE_INITFAILED:
            "could not be checked: \(String(cString: curl_easy_strerror(code))). Check this machine's certificates."
        default: nil
        }
    }

    /// OpenSSL's verdict (x509_vfy.h) on the certificate; the host's name is compared after that.
    private var certificateProblem: String {
        switch ccurl_get_long(handle, CURLINFO_SSL_VERIFYRESULT) {
        case 0, 62, 64: "it belongs to another host"
        case 9: "it is not valid yet"
        case 10: "it has expired"
        case 18, 19: "it is self-signed"
        case 2, 20, 21, 27: "nobody known vouches for it"
        case 23: "it was revoked"
        case let other: "check number \(other) failed"
        }
    }

    private func protocolReason(for code: CURLcode) -> String {
        switch code {
        case CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL:
            "does not answer in HTTP. Check the port, and whether it is http or https."
        case CURLE_BAD_CONTENT_ENCODING:
            "sent a compressed body that is damaged."
        default:
            "sent an answer that cannot be understood: \(String(cString: curl_easy_strerror(code)))."
        }
    }
}
