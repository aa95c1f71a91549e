import DatasetKit
import SampleFacades
import Testing

/// A label map read back into classes.
struct ClassMap {
    let width: Int
    let classes: [FacadeClass]

    private static let colors = Dictionary(
        uniqueKeysWithValues: FacadeClass.allCases.map { ($0.color, $0) }
    )

    /// Reads a label map; fails if a pixel has any colour but the twelve.
    init(of labels: Image) throws {
        width = labels.width
        classes = try stride(from: 0, to: labels.bytes.count, by: 3).map { start in
            let color = LabelColor(
                red: labels.bytes[start],
                green: labels.bytes[start + 1],
                blue: labels.bytes[start + 2]
            )
            return try #require(Self.colors[color], "\(color) is no class")
        }
    }

    subscript(column: Int, row: Int) -> FacadeClass { classes[row * width + column] }

    /// The part of the pixels that are of a class.
    func share(of wanted: FacadeClass) -> Double {
        Double(classes.count { $0 == wanted }) / Double(classes.count)
    }
}
