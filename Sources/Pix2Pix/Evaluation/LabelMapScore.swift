/// How well made label maps agree with their targets, over all pixels of all images.
///
/// Long, Shelhamer & Darrell 2015, section 5, as the pix2pix paper has it: with n(i, j) pixels of class i
/// taken for class j and t(i) = Σⱼ n(i, j), the pixel accuracy is Σᵢ n(i, i) / Σᵢ t(i), the accuracy of a
/// class n(i, i) / t(i), its intersection over union n(i, i) / (t(i) + Σⱼ n(j, i) − n(i, i)). Means are
/// taken over the classes that targets have.
public struct LabelMapScore: Encodable, Equatable, Sendable {
    /// The classes.
    public let palette: LabelPalette
    /// How many pixels of each class (rows) were taken for each class (columns).
    ///
    /// Rows of ignored classes are 0. A pixel taken for an ignored class is a mistake like any other.
    public private(set) var confusion: [[Int]]

    /// A score of no pixels.
    package init(_ palette: LabelPalette) {
        self.palette = palette
        let row = Array(repeating: 0, count: palette.names.count)
        confusion = Array(repeating: row, count: palette.names.count)
    }

    /// Adds the pixels of an image.
    ///
    /// - Parameters:
    ///   - made: The classes of what was made, as ``LabelPalette/classes(of:)`` gives them.
    ///   - target: Those of the target, as many.
    package mutating func add(_ made: [UInt8], against target: [UInt8]) {
        precondition(made.count == target.count, "the images have one size")
        let count = palette.names.count
        var counts = [Int](repeating: 0, count: count * count)
        for (found, wanted) in zip(made, target) { counts[Int(wanted) * count + Int(found)] += 1 }
        for row in 0..<count where !palette.ignored.contains(row) {
            for column in 0..<count { confusion[row][column] += counts[row * count + column] }
        }
    }

    /// Adds the pixels of another score of the same classes.
    mutating func add(_ other: LabelMapScore) {
        for row in confusion.indices {
            for column in confusion.indices {
                confusion[row][column] += other.confusion[row][column]
            }
        }
    }

    /// Pixels of a class in the targets.
    public func pixels(of number: Int) -> Int { confusion[number].reduce(0, +) }

    /// The share of all pixels that have the right class; `nil` without pixels.
    public var pixelAccuracy: Double? {
        let all = confusion.reduce(0) { $0 + $1.reduce(0, +) }
        let right = confusion.indices.reduce(0) { $0 + confusion[$1][$1] }
        return all == 0 ? nil : Double(right) / Double(all)
    }

    /// The share of a class's pixels that have it; `nil` where no target has the class.
    public func accuracy(of number: Int) -> Double? {
        let pixels = pixels(of: number)
        return pixels == 0 ? nil : Double(confusion[number][number]) / Double(pixels)
    }

    /// A class's intersection over union; `nil` where no target has the class.
    public func intersectionOverUnion(of number: Int) -> Double? {
        let (pixels, right) = (pixels(of: number), confusion[number][number])
        let taken = confusion.reduce(0) { $0 + $1[number] }
        return pixels == 0 ? nil : Double(right) / Double(pixels + taken - right)
    }

    /// The mean accuracy of the classes.
    public var classAccuracy: Double? { mean(accuracy) }

    /// The mean intersection over union of the classes.
    public var meanIoU: Double? { mean(intersectionOverUnion) }

    private func mean(_ value: (Int) -> Double?) -> Double? {
        let values = confusion.indices.compactMap(value)
        return values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
}

extension LabelMapScore {
    /// What is measured of one image, if this score is of one.
    var measures: [Measure: Double] {
        var values: [Measure: Double] = [:]
        values[.pixelAccuracy] = pixelAccuracy
        values[.meanIoU] = meanIoU
        return values
    }

    private enum CodingKeys: String, CodingKey {
        case palette, confusion, pixelAccuracy, classAccuracy, meanIoU, classes
    }

    /// What stands in JSON of one class.
    private struct Class: Encodable {
        var name: String
        var pixels: Int
        var accuracy: Double?
        var IoU: Double?
    }

    /// Writes the confusion matrix and all that follows from it.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(palette, forKey: .palette)
        try container.encode(confusion, forKey: .confusion)
        try container.encodeIfPresent(pixelAccuracy, forKey: .pixelAccuracy)
        try container.encodeIfPresent(classAccuracy, forKey: .classAccuracy)
        try container.encodeIfPresent(meanIoU, forKey: .meanIoU)
        let classes = palette.names.indices.map {
            Class(
                name: palette.names[$0],
                pixels: pixels(of: $0),
                accuracy: accuracy(of: $0),
                IoU: intersectionOverUnion(of: $0)
            )
        }
        try container.encode(classes, forKey: .classes)
    }
}
