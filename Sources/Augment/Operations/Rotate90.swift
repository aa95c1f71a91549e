public import DatasetKit

/// Turns the pair by a multiple of 90 degrees.
public struct Rotate90: Operation {
    /// Its name in a recipe.
    public static let name = "rotate-90"
    /// Always: no turn is one of the turns.
    public static let defaultProbability: Double? = 1

    /// The turns, each equally likely: quarters, counter-clockwise.
    public let turns: [Int]

    /// Reads `turns`; all four by default.
    public init(_ reader: inout OperationReader) throws(DatasetError) {
        guard let values = try reader.array("turns") else {
            turns = [0, 1, 2, 3]
            return
        }
        let turns = values.compactMap { value -> Int? in
            if case .integer(let number) = value, (0...3).contains(number) { number } else { nil }
        }
        guard !turns.isEmpty, turns.count == values.count else {
            throw reader.error("turns", "expected a list of quarter turns, each 0, 1, 2 or 3")
        }
        self.turns = turns
    }

    /// The size stays, so an odd turn takes square images.
    public mutating func prepare(for form: PairForm) throws(ImpossibleOperation) -> ImageSize {
        guard form.size.width == form.size.height || turns.allSatisfy({ $0.isMultiple(of: 2) })
        else {
            throw ImpossibleOperation(
                key: "turns",
                message:
                    "expected [0, 2] for images that are not square, found images of \(form.size); "
                    + "crop them to a square first"
            )
        }
        return form.size
    }

    /// One of the turns.
    public func draw(
        for size: ImageSize,
        from draws: inout Draws,
        into drawn: inout [DrawnOperation]
    ) {
        let turns = turns[draws.integer("turns", below: turns.count)]
        if turns > 0 { drawn.append(.rotate90(QuarterTurns(turns: turns))) }
    }
}

/// Turns by 90 degrees.
public struct QuarterTurns: DrawnParameters {
    /// How many, counter-clockwise, as `numpy.rot90` counts: 1 to 3.
    public var turns: Int

    /// By how many degrees.
    public var summary: String { "rotate \(90 * turns)" }
}
