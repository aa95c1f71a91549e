/// An opaque colour as recipes write it: `#rrggbb`.
struct RGBColor: Equatable {
    /// Red, green and blue in 0…255.
    let levels: [UInt8]

    init(levels: [UInt8]) { self.levels = levels }

    /// Reads `#rrggbb`; `nil` for anything else.
    init?(json: JSONValue) {
        guard case .string(let text) = json, text.utf8.count == 7, text.hasPrefix("#"),
            let number = UInt32(text.dropFirst(), radix: 16)
        else { return nil }
        levels = [16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    /// Such as `#ff8000`.
    var text: String {
        "#" + levels.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
