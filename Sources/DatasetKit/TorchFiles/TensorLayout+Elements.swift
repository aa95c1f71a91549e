extension TensorLayout {
    /// Whether the elements are floating-point numbers.
    package var isOfFloats: Bool {
        switch type {
        case .f16, .bf16, .f32, .f64: true
        default: false
        }
    }

    /// The elements as 32-bit floats, in C order; integers and doubles are rounded.
    ///
    /// - Parameter storage: The bytes of the storage that the tensor was laid out in.
    /// - Returns: A copy.
    @unsafe
    package func floats(of storage: UnsafeRawBufferPointer) -> [Float] {
        switch type {
        case .f16: unsafe gather(storage) { Float(Float16(bitPattern: $0)) }
        case .bf16:
            unsafe gather(storage) { (bits: UInt16) in Float(bitPattern: UInt32(bits) << 16) }
        case .f32: unsafe gather(storage) { Float(bitPattern: $0) }
        case .f64: unsafe gather(storage) { Float(Double(bitPattern: $0)) }
        default: unsafe integers(of: storage).map { Float($0) }
        }
    }

    /// The elements of a tensor of integers, in C order; unsigned ones of 64 bits keep their bits.
    ///
    /// - Parameter storage: The bytes of the storage that the tensor was laid out in.
    /// - Precondition: They are no floats.
    /// - Returns: A copy.
    @unsafe
    package func integers(of storage: UnsafeRawBufferPointer) -> [Int64] {
        switch type {
        case .bool, .u8: unsafe gather(storage) { (bits: UInt8) in Int64(bits) }
        case .i8: unsafe gather(storage) { Int64(Int8(bitPattern: $0)) }
        case .u16: unsafe gather(storage) { (bits: UInt16) in Int64(bits) }
        case .i16: unsafe gather(storage) { Int64(Int16(bitPattern: $0)) }
        case .u32: unsafe gather(storage) { (bits: UInt32) in Int64(bits) }
        case .i32: unsafe gather(storage) { Int64(Int32(bitPattern: $0)) }
        case .u64, .i64: unsafe gather(storage) { Int64(bitPattern: $0) }
        case .f16, .bf16, .f32, .f64: preconditionFailure("floats are no integers")
        }
    }

    /// Goes through the elements in C order, and converts the bits of each.
    private func gather<Bits: FixedWidthInteger & UnsignedInteger, Element>(
        _ storage: UnsafeRawBufferPointer,
        _ convert: (Bits) -> Element
    ) -> [Element] {
        guard elementCount > 0 else { return [] }
        let (length, step) = (shape.last ?? 1, strides.last ?? 1)
        var index = [Int](repeating: 0, count: max(0, shape.count - 1))
        var start = offset
        return unsafe Array(unsafeUninitializedCapacity: elementCount) { elements, count in
            while count < elementCount {
                for column in 0..<length {
                    let bits = unsafe storage.loadUnaligned(
                        fromByteOffset: (start + column * step) * MemoryLayout<Bits>.size,
                        as: Bits.self
                    )
                    unsafe elements.initializeElement(
                        at: count,
                        to: convert(isBigEndian ? Bits(bigEndian: bits) : Bits(littleEndian: bits))
                    )
                    count += 1
                }
                // The next row: the last dimension but one that is not at its end goes on.
                for dimension in index.indices.reversed() {
                    start += strides[dimension]
                    index[dimension] += 1
                    if index[dimension] < shape[dimension] { break }
                    start -= shape[dimension] * strides[dimension]
                    index[dimension] = 0
                }
            }
        }
    }
}
