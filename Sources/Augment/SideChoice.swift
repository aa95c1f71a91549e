public import DatasetKit

/// Which images of a pair an operation changes; both by the same parameters.
public enum SideChoice: String, Codable, Sendable, CaseIterable {
    /// Input and target.
    case both
    /// The input only.
    case input
    /// The target only.
    case target

    /// Whether a side is meant.
    public func contains(_ side: PairSide) -> Bool {
        self == .both || rawValue == side.rawValue
    }

    /// The sides of a pair.
    var sides: [PairSide] { PairSide.allCases.filter(contains) }
}

/// The `sides` of an operation that changes colours: as the recipe says, or by default both, but for
/// label maps.
struct ChosenSides: Sendable, Equatable {
    private var asked: SideChoice?
    /// The sides after ``prepare(for:_:)``.
    private(set) var choice: SideChoice

    init(_ asked: SideChoice?) {
        self.asked = asked
        choice = asked ?? .both
    }

    init(_ reader: inout OperationReader) throws(DatasetError) {
        self.init(try reader.choice("sides", as: SideChoice.self))
    }

    /// Settles which sides are meant.
    ///
    /// - Parameters:
    ///   - form: The pairs.
    ///   - problem: Why a side cannot be changed, to follow "the input is …:"; `nil` if it can.
    /// - Throws: ``ImpossibleOperation`` about the key `sides`.
    mutating func prepare(
        for form: PairForm,
        _ problem: (SideForm) -> String?
    ) throws(ImpossibleOperation) {
        guard let forms = form.sides else { return }
        if asked == nil {
            switch (forms.input.isLabelMap, forms.target.isLabelMap) {
            case (false, false): choice = .both
            case (true, false): choice = .target
            case (false, true): choice = .input
            case (true, true):
                throw ImpossibleOperation(
                    key: "sides",
                    message:
                        "both sides are label maps, whose colours are labels: nothing is left to change; "
                        + "remove the operation, or name the sides"
                )
            }
        }
        for side in choice.sides {
            let reason =
                forms[side].colors == .indices
                ? "label numbers are no brightness" : problem(forms[side])
            guard let reason else { continue }
            throw ImpossibleOperation(
                key: "sides",
                message:
                    "the \(side.rawValue) has \(forms[side].text): \(reason); set \"sides\" to \""
                    + "\(side == .input ? "target" : "input")\", or remove the operation"
            )
        }
    }

    // MARK: - Problems

    /// For operations on grey or RGB levels.
    static func colors(_ form: SideForm) -> String? {
        if form.sampleType == .f32 { return unknownRange }
        if form.hasAlpha || form.colors != .gray && form.colors != .rgb {
            return "expected grey or RGB without alpha"
        }
        return nil
    }

    /// For operations on 8-bit grey or RGB levels.
    static func bytes(_ form: SideForm) -> String? {
        form.sampleType == .u16 ? "JPEG keeps 8 of its 16 bits" : colors(form)
    }

    /// For operations on levels of any meaning.
    static func levels(_ form: SideForm) -> String? {
        form.sampleType == .f32 ? unknownRange : nil
    }

    private static let unknownRange = "floats have no known range of levels"
}
