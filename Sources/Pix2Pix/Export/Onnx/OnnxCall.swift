import DatasetKit

/// One node of a graph with the values of its operands, ready to be run.
struct OnnxCall {
    /// What nodes take and make.
    enum Value {
        case tensor(Tensor)
        /// A list of integers, such as a shape.
        case integers([Int])

        /// The dimensions.
        var shape: [Int] {
            switch self {
            case .tensor(let tensor): tensor.shape
            case .integers(let integers): [integers.count]
            }
        }
    }

    /// The node.
    let node: OnnxNode
    /// Its operands; `nil` for those that are left out.
    let operands: [Value?]
    /// The file that it is in.
    let path: String

    // MARK: Operands

    /// An operand that may be left out.
    func optionalTensor(_ index: Int) throws(DatasetError) -> Tensor? {
        guard index < operands.count, let operand = operands[index] else { return nil }
        guard case .tensor(let tensor) = operand else {
            throw error("operand \(index) is a list of integers, expected floats")
        }
        return tensor
    }

    /// An operand of floats.
    func tensor(_ index: Int) throws(DatasetError) -> Tensor {
        guard let tensor = try optionalTensor(index) else {
            throw error("operand \(index) is missing")
        }
        return tensor
    }

    /// An operand of integers.
    func integers(_ index: Int) throws(DatasetError) -> [Int] {
        guard index < operands.count, case .integers(let integers)? = operands[index] else {
            throw error("operand \(index) is missing or not a list of integers")
        }
        return integers
    }

    // MARK: Attributes

    func int(_ name: String) throws(DatasetError) -> Int {
        Int(try attribute(name, .int).i)
    }

    func ints(_ name: String) throws(DatasetError) -> [Int] {
        try attribute(name, .ints).ints.map(Int.init)
    }

    func float(_ name: String) throws(DatasetError) -> Double {
        Double(try attribute(name, .float).f)
    }

    func string(_ name: String) throws(DatasetError) -> String {
        String(decoding: try attribute(name, .string).s, as: UTF8.self)
    }

    /// The only number of an attribute that could have several.
    func sameInts(_ name: String) throws(DatasetError) -> Int {
        let values = try ints(name)
        guard let first = values.first, values.allSatisfy({ $0 == first }) else {
            throw error("\(name) is \(values), expected one number for all sides")
        }
        return first
    }

    private func attribute(
        _ name: String,
        _ kind: OnnxAttribute.Kind
    ) throws(DatasetError) -> OnnxAttribute {
        guard let attribute = node.attribute.first(where: { $0.name == name }) else {
            throw error("its attribute \(name) is missing")
        }
        guard attribute.type == kind else {
            throw error("its attribute \(name) is \(attribute.type), expected \(kind)")
        }
        return attribute
    }

    /// What is wrong with the node.
    func error(_ message: String) -> DatasetError {
        DatasetError(.unsupported, "node \(node.name) (\(node.opType)): \(message)", path: path)
    }
}
