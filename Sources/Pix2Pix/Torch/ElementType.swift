internal import CTorch

/// The type of a tensor's elements.
public enum ElementType: String, Sendable, CaseIterable {
    /// 32-bit floating point: images, weights, losses.
    case float32 = "F32"
    /// 64-bit integers: counters.
    case int64 = "I64"
    /// Bytes: states of random number generators.
    case uint8 = "U8"

    /// Bytes of one element.
    public var byteCount: Int {
        switch self {
        case .float32: 4
        case .int64: 8
        case .uint8: 1
        }
    }

    /// The shim's number for it.
    var code: Int32 {
        switch self {
        case .float32: Int32(CTORCH_FLOAT32)
        case .int64: Int32(CTORCH_INT64)
        case .uint8: Int32(CTORCH_UINT8)
        }
    }

    /// The type that the shim has a number for.
    init?(code: Int32) {
        guard let type = Self.allCases.first(where: { $0.code == code }) else { return nil }
        self = type
    }
}
