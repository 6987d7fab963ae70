/// An operand of the form `KEYS:VALUE`, read as yt-dlp reads it (`_dict_from_options_callback` in `yt_dlp/options.py`):
/// several keys stand between commas, in letters of any case, and what has none of them in front is all value.
struct KeyedOperand: Sendable {
    let hasKeys: Bool
    let value: Substring

    /// - Parameter keys: those that the option has, in lower case.
    init(_ operand: String, keys: Set<String>) {
        let parts = operand.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let names = parts[0].split(separator: ",", omittingEmptySubsequences: false)
        hasKeys = parts.count == 2 && names.allSatisfy { keys.contains($0.lowercased()) }
        value = hasKeys ? parts[1] : operand[...]
    }
}
