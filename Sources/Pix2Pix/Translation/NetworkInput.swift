import DatasetKit

/// An image that a generator is to be given, or parts of.
protocol NetworkInput: Sendable {
    /// Width and height.
    var size: ImageSize { get }

    /// Some pixels as planes: each row named, and in it each column.
    ///
    /// - Returns: `[C, rows, columns]`, in −1…1.
    /// - Throws: ``DatasetError`` where samples are infinite or not a number.
    func planes(rows: [Int], columns: [Int]) throws(DatasetError) -> [Float]
}

/// The samples of an image, which become planes only where they are asked for.
struct SampledInput: NetworkInput {
    let image: Image
    let scale: SampleScale

    var size: ImageSize { image.size }

    func planes(rows: [Int], columns: [Int]) throws(DatasetError) -> [Float] {
        try scale.planes(of: image, rows: rows, columns: columns)
    }
}

/// Planes as the augmentation of a training leaves them.
struct PlanarInput: NetworkInput {
    /// `[C, H, W]`, in −1…1.
    let values: [Float]
    let size: ImageSize

    func planes(rows: [Int], columns: [Int]) -> [Float] {
        let plane = size.width * size.height
        return (0..<values.count / plane).flatMap { channel in
            rows.flatMap { row in
                columns.map { values[channel * plane + row * size.width + $0] }
            }
        }
    }
}
