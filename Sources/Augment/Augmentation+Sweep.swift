/// One parameter of one operation, from one end of its range to the other.
public struct ParameterSweep: Sendable {
    /// The operation's name in the recipe.
    public var operation: String
    /// The parameter's name; empty for an operation without ranges.
    public var parameter: String
    /// What happens at evenly spaced places of the range, the lower end first.
    public var transforms: [PairTransform]
}

extension Augmentation {
    /// Every range of every operation, each alone: the operation's other parameters stay in the middle of
    /// their ranges, and of the other operations only those act that give the images their size, without
    /// chance.
    ///
    /// - Parameters:
    ///   - sample: The pair's number in its split.
    ///   - count: How many pairs the split has.
    ///   - places: How many places of each range.
    /// - Returns: One sweep for each range, in the order of the recipe.
    public func sweeps(sample: Int, of count: Int, places: Int) -> [ParameterSweep] {
        Self.leaves(list.steps).flatMap { leaf in
            leaf.sweeps(sample: sample, of: count, places: places)
        }
    }

    private static func leaves(_ steps: [OperationList.Step]) -> [Leaf] {
        steps.indices.flatMap { place in
            let before = evaluation(Array(steps[..<place]))
            let after = evaluation(Array(steps[(place + 1)...]))
            let inner =
                switch steps[place].action {
                case .operation(let operation):
                    [Leaf(operation: operation, step: steps[place])]
                case .sequence(let steps): leaves(steps)
                case .oneOf(let steps, _): steps.flatMap { leaves([$0]) }
                }
            return inner.map { leaf in
                var leaf = leaf
                leaf.before = before + leaf.before
                leaf.after += after
                return leaf
            }
        }
    }

    /// An operation, and what the others do around it.
    private struct Leaf {
        var operation: any Operation
        var step: OperationList.Step
        var before: [DrawnOperation] = []
        var after: [DrawnOperation] = []

        func sweeps(sample: Int, of count: Int, places: Int) -> [ParameterSweep] {
            var probe = Draws("", at: 0.5, count: count, sample: sample)
            var ignored: [DrawnOperation] = []
            operation.draw(for: step.size, from: &probe, into: &ignored)
            let name = type(of: operation).name
            func transform(_ parameter: String, _ place: Double) -> PairTransform {
                var draws = Draws(parameter, at: place, count: count, sample: sample)
                var drawn = before
                operation.draw(for: step.size, from: &draws, into: &drawn)
                if let last = drawn.last, last.partner != nil, drawn.count > before.count {
                    drawn[drawn.count - 1].setPartnerCount(before.count)
                    drawn += before
                }
                return PairTransform(drawn + after)
            }
            guard !probe.parameters.isEmpty else {
                return [
                    ParameterSweep(operation: name, parameter: "", transforms: [transform("", 0.5)])
                ]
            }
            return probe.parameters.map { parameter in
                ParameterSweep(
                    operation: name,
                    parameter: parameter,
                    transforms: (0..<places).map {
                        transform(parameter, places == 1 ? 0.5 : Double($0) / Double(places - 1))
                    }
                )
            }
        }
    }
}
