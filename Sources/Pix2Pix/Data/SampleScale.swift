package import DatasetKit

/// What the samples of one side's images are for a network, −1…1, and back.
///
/// Samples of 8 and 16 bits become levels from 0 to 1, then −1 to 1, in single precision as ``Augment``
/// computes them for training; floats go by the range of the training. Back, levels are rounded to the
/// nearest, halves away from zero, after they are cut to the type's range: 0.999 is level 255 of 8 bits.
package struct SampleScale: Sendable {
    /// Channels and type of the images.
    package let side: DatasetIndex.Side
    /// What of floats is −1 and 1; others have their black and white.
    private let range: TrainOptions.ValueRange

    /// Takes one side's form.
    ///
    /// - Parameters:
    ///   - side: Channels and type.
    ///   - range: What of floats is −1 and 1; without one they stay as they are.
    package init(_ side: DatasetIndex.Side, range: TrainOptions.ValueRange?) {
        self.side = side
        self.range = range ?? TrainOptions.ValueRange(low: -1, high: 1)
    }

    // MARK: - From samples

    /// Some pixels of an image as planes: each row named, and in it each column.
    ///
    /// - Parameters:
    ///   - image: Has the side's channels and type.
    ///   - rows: The rows to take, from the top; a row may come more than once.
    ///   - columns: The columns to take.
    /// - Returns: `[C, rows, columns]`, in −1…1.
    /// - Throws: ``DatasetError`` with code `corrupt` for floats that are infinite or not a number.
    package func planes(
        of image: Image,
        rows: [Int],
        columns: [Int]
    ) throws(DatasetError) -> [Float] {
        precondition(image.channels == side.channels && image.sampleType == side.dtype)
        switch side.dtype {
        case .u8:
            let levels = (0...255).map { (Float($0) / 255 - 0.5) * 2 }
            return unsafe gather(image, rows, columns) {
                unsafe levels[Int($0.load(as: UInt8.self))]
            }
        case .u16:
            return unsafe gather(image, rows, columns) {
                (Float(unsafe $0.loadUnaligned(as: UInt16.self)) / 65535 - 0.5) * 2
            }
        case .f32:
            let scale = Float(2 / (range.high - range.low))
            let low = Float(range.low)
            let values = unsafe gather(image, rows, columns) {
                (unsafe $0.loadUnaligned(as: Float.self) - low) * scale - 1
            }
            guard values.allSatisfy(\.isFinite) else {
                throw DatasetError(
                    .corrupt,
                    "expected numbers, found a value that is infinite or not a number; mend the image"
                )
            }
            return values
        }
    }

    private func gather(
        _ image: Image,
        _ rows: [Int],
        _ columns: [Int],
        _ value: (UnsafeRawPointer) -> Float
    ) -> [Float] {
        let bytesPerSample = side.dtype.byteCount
        let count = side.channels * rows.count * columns.count
        return unsafe image.bytes.withUnsafeBytes { bytes in
            unsafe [Float](unsafeUninitializedCapacity: count) { output, filled in
                filled = count
                guard let start = bytes.baseAddress else { return }
                var place = 0
                for channel in 0..<side.channels {
                    for row in rows {
                        let first =
                            unsafe start + row * image.bytesPerRow + channel * bytesPerSample
                        for column in columns {
                            unsafe output.initializeElement(
                                at: place,
                                to: value(first + column * image.bytesPerPixel)
                            )
                            place += 1
                        }
                    }
                }
            }
        }
    }

    // MARK: - To samples

    /// A box of planes, and where it goes in an image.
    package struct Box {
        /// Floats from one plane to the next, and from one row to the next.
        package var planeLength: Int, rowLength: Int
        /// The box's first column and row in the planes.
        package var x: Int, y: Int
        /// Its size.
        package var size: ImageSize
        /// The row of the image that its first row becomes; its first column becomes the first one.
        package var row: Int

        /// Names a box.
        package init(
            planeLength: Int,
            rowLength: Int,
            x: Int = 0,
            y: Int = 0,
            size: ImageSize,
            row: Int = 0
        ) {
            (self.planeLength, self.rowLength) = (planeLength, rowLength)
            (self.x, self.y, self.size, self.row) = (x, y, size, row)
        }
    }

    /// Writes a box of planes into the samples of an image.
    ///
    /// - Parameters:
    ///   - planes: Values in −1…1, `[C, …]`.
    ///   - box: Which of them.
    ///   - bytes: The image's samples, rows as wide as the box.
    /// - Throws: ``DatasetError`` with code `corrupt` for a value that is not a number: nothing in the
    ///   image says so.
    package func store(
        _ planes: UnsafeBufferPointer<Float>,
        _ box: Box,
        into bytes: inout [UInt8]
    ) throws(DatasetError) {
        let areNumbers: Bool
        switch side.dtype {
        case .u8:
            areNumbers = unsafe scatter(planes, box, &bytes) {
                // As Image(planes:size:channels:) has it.
                UInt8(min(max((($0 + 1) * 127.5).rounded(), 0), 255))
            }
        case .u16:
            areNumbers = unsafe scatter(planes, box, &bytes) {
                UInt16(min(max(((Double($0) + 1) * 32767.5).rounded(), 0), 65535))
            }
        case .f32:
            let (low, half) = (range.low, (range.high - range.low) / 2)
            areNumbers = unsafe scatter(planes, box, &bytes) {
                Float(low + (Double(min(max($0, -1), 1)) + 1) * half)
            }
        }
        guard areNumbers else {
            throw DatasetError(
                .corrupt,
                "the model makes values of it that are not numbers: its weights are broken, or made for "
                    + "other inputs"
            )
        }
    }

    private func scatter<Sample: BitwiseCopyable>(
        _ planes: UnsafeBufferPointer<Float>,
        _ box: Box,
        _ bytes: inout [UInt8],
        _ sample: (Float) -> Sample
    ) -> Bool {
        let channels = side.channels
        var areNumbers = true
        unsafe bytes.withUnsafeMutableBytes { output in
            for channel in 0..<channels {
                for row in 0..<box.size.height {
                    let from =
                        channel * box.planeLength + (box.y + row) * box.rowLength + box.x
                    let to = (box.row + row) * box.size.width * channels + channel
                    for column in 0..<box.size.width {
                        let value = unsafe planes[from + column]
                        guard !value.isNaN else {
                            areNumbers = false
                            continue
                        }
                        unsafe output.storeBytes(
                            of: sample(value),
                            toByteOffset: (to + column * channels) * MemoryLayout<Sample>.size,
                            as: Sample.self
                        )
                    }
                }
            }
        }
        return areNumbers
    }
}
