import DatasetKit

/// A recipe's `augment` list: operations and groups of them, in order of application.
struct OperationList: Sendable {
    var steps: [Step]

    /// An operation or a group, and how often it happens.
    struct Step: Sendable {
        var action: Action
        var probability: Double?
        /// Where the step stands when all operations and groups are counted: its stream of draws.
        var position: Int
        /// Its JSON path, for messages.
        var path: String
        /// The size of the images it is given.
        var size = ImageSize(width: 0, height: 0)
    }

    /// What a step does.
    enum Action: Sendable {
        case operation(any Operation)
        case oneOf([Step], weights: [Double])
        case sequence([Step])
    }

    /// The names of the groups in a recipe.
    enum Group: String, CaseIterable {
        case oneOf = "one-of"
        case sequence
    }

    /// The operations by name.
    static let operations: [any Operation.Type] = [
        Crop.self, FlipHorizontal.self, FlipVertical.self, Rotate90.self, Affine.self,
        ScaleJitter.self, Elastic.self, ColorJitter.self, Gamma.self, Grayscale.self, Noise.self,
        Blur.self, JPEGCompression.self, Erase.self, Cutout.self, Mixup.self, CutMix.self,
    ]

    /// Reads a list.
    init(_ values: [JSONValue], file: String, path: String = "augment") throws(DatasetError) {
        var count = 0
        steps = try Self.steps(values, file: file, path: path, count: &count, isInGroup: false)
    }

    private static func steps(
        _ values: [JSONValue],
        file: String,
        path: String,
        count: inout Int,
        isInGroup: Bool
    ) throws(DatasetError) -> [Step] {
        var steps: [Step] = []
        for (place, value) in values.enumerated() {
            var reader = try OperationReader(
                value,
                file: file,
                path: "\(path)[\(place)]",
                isInGroup: isInGroup
            )
            steps.append(try step(&reader, count: &count))
        }
        return steps
    }

    private static func step(
        _ reader: inout OperationReader,
        count: inout Int
    ) throws(DatasetError) -> Step {
        let name = try reader.string("op")
        let position = count
        count += 1
        if let name, let group = Group(rawValue: name) {
            return try self.group(group, &reader, position: position, count: &count)
        }
        guard let name, let type = operations.first(where: { $0.name == name }) else {
            let names = (operations.map { $0.name } + Group.allCases.map(\.rawValue)).sorted()
                .map { "\"\($0)\"" }.joined(separator: ", ")
            let found = name.map { "\"\($0)\"" } ?? "none"
            throw reader.error("op", "expected one of \(names), found \(found)")
        }
        let operation = try type.init(&reader)
        var probability: Double?
        if let standard = type.defaultProbability {
            probability = try reader.number("p", in: 0...1) ?? (reader.isInGroup ? 1 : standard)
        }
        try reader.finish()
        return Step(
            action: .operation(operation),
            probability: probability,
            position: position,
            path: reader.path
        )
    }

    private static func group(
        _ group: Group,
        _ reader: inout OperationReader,
        position: Int,
        count: inout Int
    ) throws(DatasetError) -> Step {
        guard let values = try reader.array("operations"), !values.isEmpty else {
            throw reader.error("operations", "expected a list of one or more operations")
        }
        let steps = try steps(
            values,
            file: reader.file,
            path: "\(reader.path).operations",
            count: &count,
            isInGroup: group == .oneOf
        )
        var action = Action.sequence(steps)
        if group == .oneOf {
            let weights = try weights(&reader, count: steps.count)
            action = .oneOf(steps, weights: weights)
        }
        let probability = try reader.number("p", in: 0...1) ?? 1
        try reader.finish()
        return Step(
            action: action,
            probability: probability == 1 ? nil : probability,
            position: position,
            path: reader.path
        )
    }

    private static func weights(
        _ reader: inout OperationReader,
        count: Int
    ) throws(DatasetError) -> [Double] {
        guard let values = try reader.array("weights") else {
            return [Double](repeating: 1, count: count)
        }
        let weights = values.compactMap(OperationReader.number).filter { $0 >= 0 && $0 < 1e9 }
        guard weights.count == count, values.count == count, weights.reduce(0, +) > 0 else {
            throw reader.error(
                "weights",
                "expected a list of \(count) numbers of at least 0, one for each operation, not all 0"
            )
        }
        return weights
    }
}
