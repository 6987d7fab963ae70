/// How much may be kept under one name.
struct ValueQuota: Sendable {
    let values: Int
    let bytes: Int
}
