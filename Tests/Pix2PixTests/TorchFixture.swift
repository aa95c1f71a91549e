import DatasetKit
import Pix2Pix
import Testing

/// A file of golden numbers made by `Fixtures/make_torch_fixtures.py`.
struct TorchFixture {
    let file: SafetensorsFile

    init(_ name: String, testFile: String = #filePath) throws {
        let tests = testFile.split(separator: "/").dropLast(2).joined(separator: "/")
        file = try SafetensorsFile(path: "/\(tests)/Fixtures/torch/\(name).safetensors")
    }

    /// A text of the metadata.
    func text(_ key: String) throws -> String {
        try #require(file.metadata[key], "no metadata \(key)")
    }

    /// A number of the metadata.
    func number(_ key: String) throws -> Int {
        try #require(Int(text(key)))
    }

    /// One tensor.
    func tensor(_ name: String) throws -> Tensor {
        let entry = try #require(file.tensors[name], "no tensor \(name)")
        let type = try #require(ElementType(rawValue: entry.dtype.rawValue))
        return try unsafe file.withBytes(of: name) {
            try unsafe Tensor.copying($0, shape: entry.shape, elementType: type)
        }
    }

    /// The tensors whose names start with a prefix and a dot, without these.
    func tensors(_ prefix: String) throws -> [String: Tensor] {
        var tensors: [String: Tensor] = [:]
        for name in file.tensors.keys where name.hasPrefix("\(prefix).") {
            tensors[String(name.dropFirst(prefix.count + 1))] = try tensor(name)
        }
        return tensors
    }
}

/// The norm of the difference over the norm of what is expected.
func relativeError(
    _ found: [Float],
    _ expected: [Float]
) -> Double {
    guard found.count == expected.count else { return .infinity }
    var difference = 0.0
    var norm = 0.0
    for (found, expected) in zip(found, expected) {
        difference += (Double(found) - Double(expected)) * (Double(found) - Double(expected))
        norm += Double(expected) * Double(expected)
    }
    return norm == 0 ? difference.squareRoot() : (difference / norm).squareRoot()
}

/// Records a failure unless a tensor is near to what PyTorch computed.
///
/// - Returns: The relative error.
@discardableResult
func expectClose(
    _ found: Tensor,
    _ expected: Tensor,
    relative tolerance: Double = 1e-4,
    _ name: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
) throws -> Double {
    #expect(found.shape == expected.shape, "\(name)", sourceLocation: sourceLocation)
    #expect(found.elementType == expected.elementType, "\(name)", sourceLocation: sourceLocation)
    if expected.elementType == .int64 {
        let integers = try (found: found.integers(), expected: expected.integers())
        #expect(integers.found == integers.expected, "\(name)", sourceLocation: sourceLocation)
        return 0
    }
    let error = try relativeError(found.floats(), expected.floats())
    #expect(error < tolerance, "\(name)", sourceLocation: sourceLocation)
    return error
}

/// Records a failure unless all tensors of a network or optimiser are near to PyTorch's.
///
/// - Returns: The largest relative error.
@discardableResult
func expectClose(
    _ found: [NamedTensor],
    _ expected: [String: Tensor],
    relative tolerance: Double = 1e-4,
    sourceLocation: SourceLocation = #_sourceLocation
) throws -> Double {
    #expect(Set(found.map(\.name)) == Set(expected.keys), sourceLocation: sourceLocation)
    return try found.reduce(0) { worst, entry in
        max(
            worst,
            try expectClose(
                entry.tensor,
                #require(expected[entry.name], sourceLocation: sourceLocation),
                relative: tolerance,
                entry.name,
                sourceLocation: sourceLocation
            )
        )
    }
}

extension Network {
    /// The parameters' gradients by the parameters' names.
    func gradients() throws -> [NamedTensor] {
        try parameters.map { parameter in
            let gradient = try #require(try parameter.tensor.gradient, "\(parameter.name)")
            return NamedTensor(parameter.name, gradient, .parameter)
        }
    }

    /// Names, types and shapes, a line each.
    var summary: String {
        state.map { "\($0.name) \($0.tensor.elementType.rawValue) \($0.tensor.shape)" }
            .joined(separator: "\n")
    }
}
