import DatasetKit
import FoundationEssentials
import SwiftProtobuf

// What ONNX's messages are made from.

extension OnnxModel {
    /// A file's content.
    ///
    /// - Parameters:
    ///   - graph: What it does.
    ///   - metadata: What it says of itself.
    package init(_ graph: OnnxGraph, metadata: [(key: String, value: String)] = []) {
        self.init()
        (irVersion, producerName) = (OnnxGraphBuilder.irVersion, "p2p")
        producerVersion = Version.current
        opsetImport = [.with { ($0.domain, $0.version) = ("", OnnxGraphBuilder.operatorSet) }]
        metadataProps = metadata.map { key, value in .with { ($0.key, $0.value) = (key, value) } }
        self.graph = graph
    }
}

extension OnnxAttribute {
    static func int(_ name: String, _ value: Int) -> Self {
        with {
            ($0.name, $0.type, $0.i) = (name, .int, Int64(value))
        }
    }

    static func ints(_ name: String, _ values: [Int]) -> Self {
        with {
            ($0.name, $0.type, $0.ints) = (name, .ints, values.map(Int64.init))
        }
    }

    static func float(_ name: String, _ value: Double) -> Self {
        with {
            ($0.name, $0.type, $0.f) = (name, .float, Float(value))
        }
    }

    static func string(_ name: String, _ value: String) -> Self {
        with {
            ($0.name, $0.type, $0.s) = (name, .string, Data(value.utf8))
        }
    }
}

extension OnnxTensor {
    /// A tensor of floats.
    init(_ name: String, _ tensor: Tensor) throws {
        self.init()
        (self.name, dims, dataType) = (name, tensor.shape.map(Int64.init), .float)
        rawData = try tensor.withBytes { bytes in
            unsafe bytes.withUnsafeBytes { unsafe Data($0) }
        }
    }

    /// A list of integers.
    init(_ name: String, _ integers: [Int]) {
        self.init()
        (self.name, dims, dataType) = (name, [Int64(integers.count)], .int64)
        rawData = Data(
            integers.flatMap { integer in
                (0..<8).map { UInt8(truncatingIfNeeded: integer >> (8 * $0)) }
            }
        )
    }

    /// Some floats.
    init(_ name: String, _ floats: [Float], dims: [Int]) {
        self.init()
        (self.name, self.dims, dataType) = (name, dims.map(Int64.init), .float)
        rawData = Data(
            floats.flatMap { float in
                (0..<4).map { UInt8(truncatingIfNeeded: float.bitPattern >> (8 * $0)) }
            }
        )
    }
}

extension OnnxValueInfo {
    /// A value of floats.
    ///
    /// - Parameters:
    ///   - name: Its name.
    ///   - dimensions: Numbers, or names of what differs from call to call.
    init(_ name: String, _ dimensions: [OnnxShape.Dimension.OneOf_Value]) {
        self.init()
        self.name = name
        type.tensorType.elemType = .float
        type.tensorType.shape.dim = dimensions.map { value in .with { $0.value = value } }
    }
}
