/// Which image of a pair.
public enum PairSide: String, Sendable, CaseIterable {
    /// What the generator is given.
    case input
    /// What the generator should answer.
    case target
}

/// One value for each image of a pair.
public struct Sides<Value> {
    /// The input's.
    public var input: Value
    /// The target's.
    public var target: Value

    /// Creates the two values.
    public init(input: Value, target: Value) {
        self.input = input
        self.target = target
    }

    /// The same value for both.
    public init(both value: Value) {
        self.init(input: value, target: value)
    }

    /// The value of one side.
    public subscript(side: PairSide) -> Value {
        get { side == .input ? input : target }
        set {
            switch side {
            case .input: input = newValue
            case .target: target = newValue
            }
        }
    }

    /// Makes a value of each side's.
    ///
    /// - Returns: The new values.
    /// - Throws: What `transform` throws.
    public func map<Result, Failure: Error>(
        _ transform: (Value) throws(Failure) -> Result
    ) throws(Failure) -> Sides<Result> {
        Sides<Result>(input: try transform(input), target: try transform(target))
    }
}

extension Sides: Sendable where Value: Sendable {}
extension Sides: Equatable where Value: Equatable {}
