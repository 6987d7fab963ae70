/// The number of a call: the instance that it belongs to in the upper 24 bits, a count in the lower 40.
///
/// It is unique in this process for ever, and it is the only thing that a plugin holds of a call. A reply that comes
/// late, twice, or after its instance has ended therefore finds nothing, where a pointer would find freed memory.
package struct CallID: Hashable, Sendable {
    let number: UInt64

    init(instance: UInt32, count: UInt64) {
        number = UInt64(instance) << 40 | count & (1 << 40 - 1)
    }

    init(number: UInt64) {
        self.number = number
    }

    var instance: UInt32 { UInt32(truncatingIfNeeded: number >> 40) }

    /// The number in the form of a C context.
    var context: UnsafeMutableRawPointer? { UnsafeMutableRawPointer(bitPattern: UInt(number)) }

    init(context: UnsafeMutableRawPointer?) {
        number = UInt64(UInt(bitPattern: context))
    }
}
