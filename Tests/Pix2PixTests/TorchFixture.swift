import DatasetKit
import Foundation
import Pix2Pix
import Testing

/// A file of golden numbers made by `Fixtures/make_torch_fixtures.py`, or another in a folder of its own.
struct TorchFixture {
    let file: SafetensorsFile

    init(_ name: String, in folder: String = "torch", testFile: String = #filePath) throws {
        let tests = testFile.split(separator: "/").dropLast(2).joined(separator: "/")
        file = try SafetensorsFile(path: "/\(tests)/Fixtures/\(folder)/\(name).safetensors")
    }

    /// A text of the metadata.
    func text(_ key: String) throws -> String {
        try #require(file.metadata[key], "no metadata \(key)")
    }

    /// The options of the networks, as a recipe has them.
    func options() throws -> TrainOptions {
        try decode("options")
    }

    /// The shape of its batches of images.
    func shape() throws -> [Int] {
        try decode("shape")
    }

    /// A value of the metadata.
    func decode<Value: Decodable>(_ key: String) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(text(key).utf8))
    }

    /// The images that the maker had, of the fixture's shape or another.
    func images(_ seed: Int, shape: [Int]? = nil) throws -> Tensor {
        let shape = try shape ?? self.shape()
        let start = UInt32(truncatingIfNeeded: seed * 1_000_003)
        let values = (0..<shape.reduce(1, *)).map { index in
            var bits = start &+ UInt32(truncatingIfNeeded: index)
            bits = (bits ^ (bits >> 16)) &* 0x7FEB_352D
            bits = (bits ^ (bits >> 15)) &* 0x846C_A68B
            bits ^= bits >> 16
            return Float(Double(bits >> 8) / 8_388_608 - 1)
        }
        return try Tensor.floats(values, shape: shape)
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
///
/// - Parameters:
///   - found: What was computed.
///   - expected: What PyTorch computed.
///   - noise: What is taken off the norm of the difference first: rounding in what is
///     mathematically 0.
/// - Returns: Infinity if the counts differ.
func relativeError(
    _ found: [Float],
    _ expected: [Float],
    noise: Double = 0
) -> Double {
    guard found.count == expected.count else { return .infinity }
    var difference = 0.0
    var norm = 0.0
    for (found, expected) in zip(found, expected) {
        difference += (Double(found) - Double(expected)) * (Double(found) - Double(expected))
        norm += Double(expected) * Double(expected)
    }
    difference = max(0, difference.squareRoot() - noise)
    return norm == 0 ? difference : difference / norm.squareRoot()
}

/// Records a failure unless a tensor is near to what PyTorch computed.
///
/// - Returns: The relative error.
@discardableResult
func expectClose(
    _ found: Tensor,
    _ expected: Tensor,
    relative tolerance: Double = 1e-4,
    noise: Double = 0,
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
    let error = try relativeError(found.floats(), expected.floats(), noise: noise)
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
    noise: Double = 0,
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
                noise: noise,
                entry.name,
                sourceLocation: sourceLocation
            )
        )
    }
}

extension Pix2PixModel {
    /// Makes a model of 3-channel images with the weights that the maker had.
    convenience init(_ fixture: TorchFixture) throws {
        let options = try fixture.options()
        try self.init(options)
        try generator.load(fixture.tensors("before.generator"))
        try averagedGenerator?.load(fixture.tensors("before.generator"))
        try discriminator?.load(fixture.tensors("before.discriminator"))
    }

    /// Makes a model of 3-channel images on the CPU.
    convenience init(_ options: TrainOptions) throws {
        try self.init(
            options,
            generator: #require(options.generator),
            inputChannels: 3,
            targetChannels: 3,
            device: .cpu
        )
    }

    /// All its tensors' bytes.
    func bytes() throws -> [[UInt8]] {
        try state.flatMap(\.tensors).map { try $0.tensor.bytes() }
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
