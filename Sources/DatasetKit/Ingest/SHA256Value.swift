/// A SHA-256 as 32 bytes: a large source has as many of them as files.
package struct SHA256Value: Hashable, Comparable, Sendable {
    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// Reads 64 hexadecimal digits; `nil` for anything else.
    package init?(hexadecimal text: String) {
        let digits = Array(text.utf8)
        guard digits.count == 64 else { return nil }
        func word(_ number: Int) -> UInt64? {
            let part = digits[16 * number..<16 * number + 16]
            return UInt64(String(decoding: part, as: UTF8.self), radix: 16)
        }
        guard let a = word(0), let b = word(1), let c = word(2), let d = word(3) else { return nil }
        words = (a, b, c, d)
    }

    /// In lowercase hexadecimal, 64 digits.
    package var hexadecimal: String {
        [words.0, words.1, words.2, words.3].map { word in
            let digits = String(word, radix: 16)
            return String(repeating: "0", count: 16 - digits.count) + digits
        }.joined()
    }

    package static func == (first: SHA256Value, second: SHA256Value) -> Bool {
        first.words == second.words
    }

    package static func < (first: SHA256Value, second: SHA256Value) -> Bool {
        first.words < second.words
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
    }
}
