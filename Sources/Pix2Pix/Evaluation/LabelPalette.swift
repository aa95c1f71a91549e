package import DatasetKit

/// The classes of label maps, by their colours or numbers.
public struct LabelPalette: Encodable, Equatable, Sendable {
    /// Which targets are label maps.
    public enum Kind: String, CaseIterable, Encodable, Sendable {
        /// A colour stands for a class.
        case colors
        /// A number stands for a class.
        case indices
        /// They are none.
        case none
    }

    /// What stands for a class: a colour or a number.
    public let kind: Kind
    /// The names of the classes: `#0000aa`, or `7`.
    public let names: [String]
    /// Whether the targets have no other colours.
    public let isExact: Bool
    /// Classes that do not count: pixels whose target has one of them are left out.
    public let ignored: [Int]
    /// The classes' colours, 0xRRGGBB; of numbers three times the same.
    let colors: [UInt32]

    /// Creates a palette.
    ///
    /// - Parameters:
    ///   - colors: 0xRRGGBB, all different.
    ///   - kind: Colours or indices.
    ///   - isExact: Whether there are no other colours in the targets.
    ///   - ignoring: Colours (`#rrggbb`, also those near a class's) or numbers that do not count.
    /// - Throws: ``TrainingError`` with code `impossibleSettings` for what is no class.
    package init(
        colors: [UInt32],
        kind: Kind,
        isExact: Bool = true,
        ignoring: [String] = []
    ) throws(TrainingError) {
        self.kind = kind
        self.isExact = isExact
        // Numbers in their order; colours from the most common one.
        let colors = kind == .indices ? colors.sorted() : colors
        self.colors = colors
        let names = colors.map { kind == .indices ? String($0 & 255) : Self.text($0) }
        self.names = names
        ignored = try ignoring.map { (text) throws(TrainingError) in
            guard let found = Self.place(of: text, colors, names) else {
                throw TrainingError(
                    .impossibleSettings,
                    "--ignore: expected one of the classes \(names.joined(separator: ", ")), found \(text)"
                )
            }
            return found
        }
    }

    /// A class that somebody names; a colour need only be near, as JPEG moves it.
    private static func place(of text: String, _ colors: [UInt32], _ names: [String]) -> Int? {
        if let exact = names.firstIndex(of: text.lowercased()) { return exact }
        let digits = text.hasPrefix("#") ? text.dropFirst() : text[...]
        guard digits.utf8.count == 6, let color = UInt32(digits, radix: 16) else { return nil }
        let nearest = colors.indices.min {
            distance(colors[$0], color) < distance(colors[$1], color)
        }
        guard let nearest, distance(colors[nearest], color) <= 3 * 12 * 12 else { return nil }
        return nearest
    }

    /// The class of each pixel: the one with the nearest colour, by the sum of squared differences.
    ///
    /// - Parameter image: 1 or 3 channels of 8 bits.
    /// - Returns: Numbers of classes, row after row.
    package func classes(of image: Image) -> [UInt8] {
        precondition(image.sampleType == .u8 && [1, 3].contains(image.channels))
        var classes: [UInt8] = []
        classes.reserveCapacity(image.width * image.height)
        // Neighbours are mostly alike, and grey has 256 levels: what was found serves again.
        var known: [UInt32: UInt8] = [:]
        var last: (color: UInt32, number: UInt8)?
        let bytes = image.bytes
        for place in stride(from: 0, to: bytes.count, by: image.channels) {
            let color =
                image.channels == 1
                ? UInt32(bytes[place]) * 0x01_0101
                : UInt32(bytes[place]) << 16 | UInt32(bytes[place + 1]) << 8
                    | UInt32(bytes[place + 2])
            if let last, last.color == color {
                classes.append(last.number)
                continue
            }
            let number = known[color] ?? nearest(to: color)
            known[color] = number
            last = (color, number)
            classes.append(number)
        }
        return classes
    }

    private func nearest(to color: UInt32) -> UInt8 {
        var (best, least) = (0, Int.max)
        for (number, other) in colors.enumerated() {
            let distance = Self.distance(color, other)
            if distance < least { (best, least) = (number, distance) }
        }
        return UInt8(best)
    }

    private static func distance(_ first: UInt32, _ second: UInt32) -> Int {
        var sum = 0
        for shift in [UInt32(0), 8, 16] {
            let difference = Int(first >> shift & 255) - Int(second >> shift & 255)
            sum += difference * difference
        }
        return sum
    }

    private static func text(_ color: UInt32) -> String {
        let digits = String(color, radix: 16)
        return "#" + String(repeating: "0", count: 6 - digits.count) + digits
    }
}
