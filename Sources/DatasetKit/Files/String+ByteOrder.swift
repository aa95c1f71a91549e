import Glibc

extension String {
    /// Whether the text comes before another in the order of their UTF-8 bytes: the same on every
    /// machine, whatever its language.
    func precedesInBytes(_ other: String) -> Bool {
        let fast = unsafe utf8.withContiguousStorageIfAvailable { first in
            unsafe other.utf8.withContiguousStorageIfAvailable { second in
                guard let start = first.baseAddress, let otherStart = second.baseAddress else {
                    return first.count < second.count
                }
                let order = unsafe memcmp(start, otherStart, min(first.count, second.count))
                return order == 0 ? first.count < second.count : order < 0
            }
        }
        return (fast ?? nil) ?? utf8.lexicographicallyPrecedes(other.utf8)
    }
}
