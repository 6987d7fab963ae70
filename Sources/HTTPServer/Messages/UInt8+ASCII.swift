extension UInt8 {
    /// The byte with A to Z as a to z, as names of header fields and schemes compare.
    var asciiLowercased: UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) ? self | 0x20 : self
    }
}
