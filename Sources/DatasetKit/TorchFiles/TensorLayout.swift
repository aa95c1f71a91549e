/// How a tensor's elements lie among the bytes of a storage, which other tensors may share.
package struct TensorLayout: Equatable, Sendable {
    /// The type of the elements as they are stored.
    package let type: SafetensorsType
    /// The dimensions, outermost first; empty for a scalar.
    package let shape: [Int]
    /// Elements from one index to the next, for each dimension; 0 where all are the same.
    package let strides: [Int]
    /// The first element, counted from the storage's first.
    package let offset: Int
    /// Whether the most significant byte of an element comes first.
    package let isBigEndian: Bool

    /// The number of elements, as often as they are in the tensor.
    package let elementCount: Int

    /// Lays a tensor out in a storage; `nil` where an element would lie outside.
    ///
    /// - Parameters:
    ///   - type: The type of the elements.
    ///   - shape: The dimensions.
    ///   - strides: As many; `nil` for elements that follow each other in C order.
    ///   - offset: The first element.
    ///   - isBigEndian: Whether the most significant byte of an element comes first.
    ///   - capacity: The elements of the storage.
    package init?(
        type: SafetensorsType,
        shape: [Int],
        strides: [Int]? = nil,
        offset: Int = 0,
        isBigEndian: Bool = false,
        capacity: Int
    ) {
        let strides = strides ?? Self.contiguousStrides(of: shape)
        guard shape.count == strides.count, offset >= 0 else { return nil }
        var (count, last) = (1, offset)
        for (size, stride) in zip(shape, strides) {
            guard size >= 0, stride >= 0 else { return nil }
            let (product, overflows) = count.multipliedReportingOverflow(by: size)
            let (reach, isFar) = stride.multipliedReportingOverflow(by: max(0, size - 1))
            let (sum, isFarther) = last.addingReportingOverflow(reach)
            guard !overflows, !isFar, !isFarther else { return nil }
            (count, last) = (product, sum)
        }
        guard count == 0 || last < capacity else { return nil }
        self.type = type
        self.shape = shape
        self.strides = strides
        self.offset = offset
        self.isBigEndian = isBigEndian
        elementCount = count
    }

    /// Lays out a tensor of a safetensors file.
    package init(_ entry: SafetensorsHeader.Entry) {
        type = entry.dtype
        shape = entry.shape
        strides = Self.contiguousStrides(of: entry.shape)
        offset = 0
        isBigEndian = false
        elementCount = entry.range.count / entry.dtype.byteCount
    }

    /// Where the elements lie, as they are wanted: little-endian, in C order and without gaps; `nil` for
    /// elements that lie otherwise.
    package var plainRange: Range<Int>? {
        // A dimension of 1 may have any stride.
        let isContiguous = zip(zip(shape, strides), Self.contiguousStrides(of: shape))
            .allSatisfy { $0.0 == 1 || $0.1 == $1 }
        guard isContiguous, !isBigEndian || type.byteCount == 1 else { return nil }
        let start = offset * type.byteCount
        return start..<start + elementCount * type.byteCount
    }

    /// The strides of C order.
    private static func contiguousStrides(of shape: [Int]) -> [Int] {
        var strides: [Int] = []
        var stride = 1
        for size in shape.reversed() {
            strides.append(stride)
            stride = stride.multipliedReportingOverflow(by: max(1, size)).partialValue
        }
        return strides.reversed()
    }
}
