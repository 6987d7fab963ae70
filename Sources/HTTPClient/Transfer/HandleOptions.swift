import CCurl

/// Sets options on an easy handle and remembers the first refusal, because a limit that did not take effect, such as
/// the allowed protocols, must fail the transfer.
struct HandleOptions {
    let handle: UnsafeMutableRawPointer
    private(set) var result = CURLE_OK

    init(_ handle: UnsafeMutableRawPointer) {
        self.handle = handle
    }

    mutating func set(_ option: CURLoption, _ value: Int) {
        note(ccurl_set_long(handle, option, value))
    }

    mutating func set(_ option: CURLoption, offset: Int) {
        note(ccurl_set_offset(handle, option, curl_off_t(offset)))
    }

    mutating func set(_ option: CURLoption, _ value: String) {
        note(ccurl_set_string(handle, option, value))
    }

    mutating func set(_ option: CURLoption, context: UnsafeMutableRawPointer) {
        note(ccurl_set_context(handle, option, context))
    }

    mutating func set(_ option: CURLoption, list: UnsafeMutablePointer<curl_slist>?) {
        note(ccurl_set_list(handle, option, list))
    }

    mutating func note(_ code: CURLcode) {
        if result == CURLE_OK { result = code }
    }
}
