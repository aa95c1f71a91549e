internal import CTorch

/// An array of numbers with a shape, on a device, with its history where gradients need it.
///
/// A thin owner of a libtorch tensor. Shapes are `[N, C, H, W]` for batches of images. Two tensors
/// may share their elements (``detached()``, ``narrowed(dimension:start:length:)``): what changes
/// elements in place is named `form…`, `set…`, `fill…` or `copy…`.
///
/// Tensors stay on the thread that makes them: gradients, their mode and error texts belong to a
/// thread.
@safe
public final class Tensor {
    /// The shim's handle, owned.
    let handle: OpaquePointer

    /// Takes over a handle.
    init(owning handle: OpaquePointer) {
        unsafe self.handle = handle
    }

    deinit {
        unsafe ctorch_tensor_free(handle)
    }
}

@available(*, unavailable)
extension Tensor: Sendable {}

// MARK: - Making

extension Tensor {
    /// A tensor with every element the same.
    ///
    /// - Parameters:
    ///   - value: The element.
    ///   - shape: The dimensions, outermost first; empty for a scalar.
    ///   - elementType: The type of the elements.
    ///   - device: Where they lie.
    /// - Returns: A new tensor.
    /// - Throws: ``TorchError`` if there is not enough memory.
    public static func full(
        _ value: Double,
        shape: [Int],
        elementType: ElementType = .float32,
        device: Device = .cpu
    ) throws(TorchError) -> Tensor {
        let sizes = shape.map(Int64.init)
        return try .made {
            unsafe ctorch_tensor_full(
                sizes,
                Int32(sizes.count),
                value,
                elementType.code,
                device.kind,
                device.index,
                $0
            )
        }
    }

    /// A tensor of copied bytes: one copy, to the device.
    ///
    /// - Parameters:
    ///   - bytes: The elements, native byte order, C order: exactly as many as the shape takes.
    ///   - shape: The dimensions, outermost first; empty for a scalar.
    ///   - elementType: The type of the elements.
    ///   - device: Where to copy them.
    /// - Returns: A new tensor.
    /// - Throws: ``TorchError`` if the shape takes another number of bytes, or there is not enough
    ///   memory.
    public static func copying(
        _ bytes: RawSpan,
        shape: [Int],
        elementType: ElementType = .float32,
        device: Device = .cpu
    ) throws(TorchError) -> Tensor {
        let sizes = shape.map(Int64.init)
        return try unsafe bytes.withUnsafeBytes { (buffer) throws(TorchError) in
            try .made {
                unsafe ctorch_tensor_from_bytes(
                    buffer.baseAddress,
                    buffer.count,
                    sizes,
                    Int32(sizes.count),
                    elementType.code,
                    device.kind,
                    device.index,
                    $0
                )
            }
        }
    }

    /// A tensor of copied bytes, from a mapped file or a reader's buffer; see
    /// ``copying(_:shape:elementType:device:)-(RawSpan,_,_,_)``.
    ///
    /// - Parameters:
    ///   - bytes: The elements, native byte order, C order: exactly as many as the shape takes.
    ///   - shape: The dimensions, outermost first; empty for a scalar.
    ///   - elementType: The type of the elements.
    ///   - device: Where to copy them.
    /// - Returns: A new tensor.
    /// - Throws: ``TorchError`` if the shape takes another number of bytes, or there is not enough
    ///   memory.
    @unsafe
    public static func copying(
        _ bytes: UnsafeRawBufferPointer,
        shape: [Int],
        elementType: ElementType = .float32,
        device: Device = .cpu
    ) throws(TorchError) -> Tensor {
        try copying(unsafe bytes.bytes, shape: shape, elementType: elementType, device: device)
    }

    /// A tensor of floats.
    ///
    /// - Parameters:
    ///   - values: The elements in C order: exactly as many as the shape takes.
    ///   - shape: The dimensions, outermost first; empty for a scalar.
    ///   - device: Where to copy them.
    /// - Returns: A new tensor.
    /// - Throws: ``TorchError`` if the shape takes another number, or there is not enough memory.
    public static func floats(
        _ values: [Float],
        shape: [Int],
        device: Device = .cpu
    ) throws(TorchError) -> Tensor {
        try copying(unsafe values.span.bytes, shape: shape, elementType: .float32, device: device)
    }
}

// MARK: - Describing

extension Tensor {
    /// The dimensions, outermost first; empty for a scalar.
    public var shape: [Int] {
        keepingAlive {
            var rank: Int32 = 0
            _ = unsafe ctorch_tensor_rank(handle, &rank)  // Cannot fail: nor can the next.
            var sizes = [Int64](repeating: 0, count: Int(rank))
            _ = unsafe ctorch_tensor_shape(handle, rank, &sizes)
            return sizes.map(Int.init)
        }
    }

    /// The number of elements.
    public var elementCount: Int { shape.reduce(1, *) }

    /// The type of the elements.
    public var elementType: ElementType {
        keepingAlive {
            var code: Int32 = 0
            guard unsafe ctorch_tensor_element_type(handle, &code) == 0,
                let type = ElementType(code: code)
            else { preconditionFailure("no operation of this library makes other types") }
            return type
        }
    }

    /// Where the elements lie.
    public var device: Device {
        keepingAlive {
            var kind: Int32 = 0
            var index: Int32 = 0
            _ = unsafe ctorch_tensor_device(handle, &kind, &index)
            return Device(kind: kind, index: index)
        }
    }
}

// MARK: - Border

extension Tensor {
    /// Calls the shim for a new tensor while the operands are kept alive.
    ///
    /// - Parameters:
    ///   - operands: What it is made from.
    ///   - recorded: What to write down where a ``Recorder`` is at work; `nil` for an operation that no
    ///     exported graph can hold.
    ///   - operation: What an error shall say failed.
    ///   - call: The shim's function.
    /// - Returns: The new tensor.
    /// - Throws: ``TorchError`` if the shim fails, or a recorder cannot write it down.
    @safe
    static func made(
        from operands: Tensor?...,
        as recorded: RecordedOperation? = nil,
        operation: StaticString = #function,
        by call: (UnsafeMutablePointer<OpaquePointer?>) -> Int32
    ) throws(TorchError) -> Tensor {
        try made(fromAll: operands, as: recorded, operation: operation) { unsafe call($0) }
    }

    /// As ``made(from:as:operation:by:)``, from a list.
    @safe
    static func made(
        fromAll operands: [Tensor?],
        as recorded: RecordedOperation? = nil,
        operation: StaticString = #function,
        by call: (UnsafeMutablePointer<OpaquePointer?>) -> Int32
    ) throws(TorchError) -> Tensor {
        var handle: OpaquePointer?
        let status = withExtendedLifetime(operands) { unsafe call(&handle) }
        try check(status, operation)
        guard let handle = unsafe handle else {
            throw TorchError(operation: "\(operation)", message: "libtorch gave no tensor")
        }
        let tensor = unsafe Tensor(owning: handle)
        try Recorder.current?.note(tensor, madeBy: recorded, of: operands, name: operation)
        return tensor
    }

    /// Calls the shim for an effect while this tensor and another are kept alive.
    ///
    /// - Parameters:
    ///   - other: What else the effect needs.
    ///   - recorded: As for ``made(from:as:operation:by:)``.
    ///   - operation: What an error shall say failed.
    ///   - call: The shim's function.
    /// - Throws: ``TorchError`` if the shim fails, or a recorder cannot write it down.
    func changing(
        with other: Tensor? = nil,
        as recorded: RecordedOperation? = nil,
        operation: StaticString = #function,
        by call: () -> Int32
    ) throws(TorchError) {
        try check(withExtendedLifetime((self, other)) { call() }, operation)
        try Recorder.current?.note(changeOf: self, by: recorded, name: operation)
    }

    /// Reads from the shim while this tensor is kept alive.
    private func keepingAlive<Result>(_ read: () -> Result) -> Result {
        withExtendedLifetime(self) { read() }
    }
}
