import DatasetKit
import SampleFacades
import Testing

/// Measures whether the photograph shows what the label map says.
@Suite struct PhotoTests {
    @Test func photosAreNotFlat() {
        for (number, sample) in FacadeSampleTests.samples.enumerated() {
            let values = Brightness(of: sample.photo).values
            let mean = values.reduce(0, +) / Double(values.count)
            let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            #expect(50...210 ~= mean, "sample \(number)")
            #expect((variance / Double(values.count)).squareRoot() > 15, "sample \(number)")
        }
    }

    @Test func brightnessChangesWhereLabelsChange() throws {
        for (number, sample) in FacadeSampleTests.samples.enumerated() {
            let contrast = try edgeContrast(of: sample.photo, along: sample.labels)
            #expect(contrast > 1.2, "sample \(number)")
        }
    }

    @Test func photosFollowTheirOwnLabels() throws {
        let samples = FacadeSampleTests.samples
        var own = 0.0
        var foreign = 0.0
        for (number, sample) in samples.enumerated() {
            let other = samples[(number + 1) % samples.count]
            own += try edgeContrast(of: sample.photo, along: sample.labels)
            foreign += try edgeContrast(of: sample.photo, along: other.labels)
        }
        #expect(own > 2 * foreign)
    }

    /// The same labels moved by two pixels must fit worse, or the images are not aligned.
    @Test func photosAndLabelsAreAligned() throws {
        let inner = ImageSize(width: FacadeSampleTests.side - 4, height: FacadeSampleTests.side - 4)
        for (number, sample) in FacadeSampleTests.samples.enumerated() {
            let photo = sample.photo.cropped(x: 2, y: 2, to: inner)
            let straight = try edgeContrast(
                of: photo,
                along: sample.labels.cropped(x: 2, y: 2, to: inner)
            )
            for (x, y) in [(0, 2), (4, 2), (2, 0), (2, 4)] {
                let moved = try edgeContrast(
                    of: photo,
                    along: sample.labels.cropped(x: x, y: y, to: inner)
                )
                #expect(straight > moved, "sample \(number) moved to \(x), \(y)")
            }
        }
    }

    /// How many times stronger the photograph's edges are where the labels have theirs.
    private func edgeContrast(of photo: Image, along labels: Image) throws -> Double {
        let brightness = Brightness(of: photo)
        let map = try ClassMap(of: labels)
        var onEdges = (sum: 0.0, count: 0.0)
        var elsewhere = (sum: 0.0, count: 0.0)
        for row in 0..<photo.height - 1 {
            for column in 0..<photo.width - 1 {
                for (right, below) in [(1, 0), (0, 1)] {
                    let step = abs(
                        brightness[column + right, row + below] - brightness[column, row]
                    )
                    if map[column + right, row + below] == map[column, row] {
                        elsewhere = (elsewhere.sum + step, elsewhere.count + 1)
                    } else {
                        onEdges = (onEdges.sum + step, onEdges.count + 1)
                    }
                }
            }
        }
        return (onEdges.sum / onEdges.count) / (elsewhere.sum / elsewhere.count)
    }
}

/// The brightness of an image's pixels, 0…255.
private struct Brightness {
    let width: Int
    let values: [Double]

    init(of image: Image) {
        width = image.width
        let weights = [0.2126, 0.7152, 0.0722]
        values = stride(from: 0, to: image.bytes.count, by: 3).map { start in
            var sum = 0.0
            for (channel, weight) in weights.enumerated() {
                sum += weight * Double(image.bytes[start + channel])
            }
            return sum
        }
    }

    subscript(column: Int, row: Int) -> Double { values[row * width + column] }
}
