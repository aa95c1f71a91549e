/// A setting of a run, for the table in TensorBoard's HPARAMS tab.
public struct Hyperparameter: Hashable, Sendable {
    /// What TensorBoard tells apart: columns of numbers can be sorted and have ranges.
    public enum Value: Hashable, Sendable {
        /// A finite number.
        case number(Double)
        /// A text.
        case text(String)
        /// Yes or no.
        case flag(Bool)
    }

    /// The column's title.
    public var name: String
    /// What the run was given.
    public var value: Value

    /// Names a value.
    public init(_ name: String, _ value: Value) {
        self.name = name
        self.value = value
    }

    /// Names a number.
    public init(_ name: String, _ value: Double) { self.init(name, .number(value)) }

    /// Names a whole number; exact up to 2⁵³.
    public init(_ name: String, _ value: Int) { self.init(name, .number(Double(value))) }

    /// Names a text.
    public init(_ name: String, _ value: String) { self.init(name, .text(value)) }

    /// Names a flag.
    public init(_ name: String, _ value: Bool) { self.init(name, .flag(value)) }
}

extension Hyperparameter {
    /// The column in TensorBoard's words.
    var column: TBHParamInfo {
        var column = TBHParamInfo()
        column.name = name
        column.type =
            switch value {
            case .number: .dataTypeFloat64
            case .text: .dataTypeString
            case .flag: .dataTypeBool
            }
        return column
    }
}
