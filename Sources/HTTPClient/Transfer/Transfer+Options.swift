import CCurl
import FoundationEssentials
import Glibc

extension Transfer {
    /// Up to here libcurl copies a body and sends it with the head, in one piece; above it is read in portions.
    private static let copiedBodyLimit = 64 << 10

    /// Tells the handle, which must be fresh or reset, about the current request.
    func configure() throws(HTTPClientError) {
        var options = HandleOptions(handle)
        setLimits(&options)
        setRoute(&options)
        setMethod(&options)
        setFields(&options)
        setCallbacks(&options)
        guardConnection(&options)
        guard options.result == CURLE_OK else { throw .outOfResources }
    }

    private func setLimits(_ options: inout HandleOptions) {
        // Signals would reach the whole process.
        options.set(CURLOPT_NOSIGNAL, 1)
        // Otherwise the end of a transfer whose host name is still being looked up would hold up all others.
        options.set(CURLOPT_QUICK_EXIT, 1)
        options.set(CURLOPT_PROTOCOLS_STR, "http,https")
        options.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        options.set(CURLOPT_CONNECTTIMEOUT_MS, order.connectTimeout.milliseconds(atLeast: 1))
        options.set(CURLOPT_BUFFERSIZE, 64 << 10)
        if let idle = order.idleTimeout {
            options.set(CURLOPT_LOW_SPEED_LIMIT, 1)
            options.set(CURLOPT_LOW_SPEED_TIME, max(idle.milliseconds(atLeast: 1000) / 1000, 1))
        }
    }

    private func setRoute(_ options: inout HandleOptions) {
        options.set(CURLOPT_URL, hop.address.text)
        // Without these two, libcurl would look for proxies and exceptions in the environment.
        options.set(CURLOPT_PROXY, order.proxy?.address ?? "")
        options.set(CURLOPT_NOPROXY, "")
        options.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        if !order.verifiesCertificate {
            options.set(CURLOPT_SSL_VERIFYPEER, 0)
            options.set(CURLOPT_SSL_VERIFYHOST, 0)
        }
    }

    private func setMethod(_ options: inout HandleOptions) {
        switch (hop.method, hop.body) {
        case ("HEAD", _):
            options.set(CURLOPT_NOBODY, 1)
        case ("GET", nil):
            options.set(CURLOPT_HTTPGET, 1)
        case ("POST", _), ("PUT", _), ("PATCH", _), (_, _?):
            options.set(CURLOPT_POST, 1)
            if hop.method != "POST" { options.set(CURLOPT_CUSTOMREQUEST, hop.method) }
            setBody(hop.body ?? Data(), &options)
        default:
            options.set(CURLOPT_CUSTOMREQUEST, hop.method)
        }
    }

    private func setBody(_ body: Data, _ options: inout HandleOptions) {
        options.set(CURLOPT_POSTFIELDSIZE_LARGE, offset: body.count)
        if body.isEmpty {
            options.set(CURLOPT_COPYPOSTFIELDS, "")
        } else if body.count <= Self.copiedBodyLimit {
            body.withUnsafeBytes { options.note(ccurl_set_copied_body(handle, $0.baseAddress)) }
        }
    }

    private func setFields(_ options: inout HandleOptions) {
        options.set(CURLOPT_USERAGENT, order.userAgent)
        options.set(CURLOPT_ACCEPT_ENCODING, "gzip, deflate")
        let cookies = order.cookies?.header(for: hop.address)
        for field in hop.headers {
            if let cookies, field.name.equalsIgnoringASCIICase("Cookie") {
                append("Cookie: \(field.value); \(cookies)", &options)
            } else {
                // An empty value needs a semicolon: "name:" would mean that libcurl leaves its own field out.
                append(field.value.isEmpty ? "\(field.name);" : "\(field.name): \(field.value)", &options)
            }
        }
        if let cookies, !hop.headers.contains(named: "Cookie") { append("Cookie: \(cookies)", &options) }
        if hop.body != nil {
            // libcurl would call every body a web form, and would wait a second for leave to send a large one.
            if !hop.headers.contains(named: "Content-Type") { append("Content-Type:", &options) }
            if !hop.headers.contains(named: "Expect") { append("Expect:", &options) }
        }
        if fieldList != nil { options.set(CURLOPT_HTTPHEADER, list: fieldList) }
    }

    private func append(_ line: String, _ options: inout HandleOptions) {
        guard let list = curl_slist_append(fieldList, line) else { return options.note(CURLE_OUT_OF_MEMORY) }
        fieldList = list
    }

    private func setCallbacks(_ options: inout HandleOptions) {
        let context = Unmanaged.passUnretained(self).toOpaque()
        let contexts = [
            CURLOPT_PRIVATE, CURLOPT_HEADERDATA, CURLOPT_WRITEDATA, CURLOPT_READDATA, CURLOPT_SEEKDATA,
            CURLOPT_OPENSOCKETDATA, CURLOPT_PREREQDATA,
        ]
        for option in contexts { options.set(option, context: context) }
        options.note(
            ccurl_set_write(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
                let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
                return Transfer.at(context).receive(headLine: line) ? line.count : 0
            }
        )
        options.note(
            ccurl_set_write(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
                Transfer.at(context).receive(body: UnsafeRawBufferPointer(start: bytes, count: size * count))
            }
        )
        options.note(
            ccurl_set_read(handle) { buffer, size, count, context in
                Transfer.at(context).read(into: UnsafeMutableRawBufferPointer(start: buffer, count: size * count))
            }
        )
        options.note(
            ccurl_set_seek(handle) { context, offset, origin in
                let isDone = origin == SEEK_SET && Transfer.at(context).seek(to: Int(offset))
                return isDone ? CInt(CURL_SEEKFUNC_OK) : CInt(CURL_SEEKFUNC_FAIL)
            }
        )
        options.note(
            ccurl_set_opensocket(handle) { context, _, address in
                guard let place = address, let name = ccurl_address(place) else { return -1 }
                guard Transfer.at(context).mayReach(NetworkAddress(name)) else { return -1 }
                let address = place.pointee
                // Programs that Kinodock starts must not inherit connections.
                return socket(address.family, address.socktype | CInt(SOCK_CLOEXEC.rawValue), address.protocol)
            }
        )
    }

    /// A connection that is used again was opened for another request, which may have been allowed to go there.
    private func guardConnection(_ options: inout HandleOptions) {
        guard order.privateHosts != nil else { return }
        options.note(
            ccurl_set_prereq(handle) { context, address, _, _, _ in
                let text = address.map { String(cString: $0) } ?? ""
                let isAllowed = Transfer.at(context).mayReach(NetworkAddress(text))
                return isAllowed ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
            }
        )
    }

    /// The transfer behind a callback's context; valid for the reason that stands at the type.
    private static func at(_ context: UnsafeMutableRawPointer?) -> Transfer {
        Unmanaged<Transfer>.fromOpaque(context!).takeUnretainedValue()
    }
}
