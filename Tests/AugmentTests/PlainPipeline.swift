import Augment
import DatasetKit
import Foundation

/// What augmentation does, written plainly: images of doubles in lists, one operation at a time.
///
/// The oracle of the fast one; formulas are those of torchvision v2.
struct PlainImage {
    var width: Int
    var height: Int
    /// One list per channel, row by row, 0…1.
    var planes: [[Double]]

    init(_ image: Image) {
        (width, height) = (image.width, image.height)
        planes = (0..<image.channels).map { channel in
            (0..<image.width * image.height).map {
                Double(image.bytes[$0 * image.channels + channel]) / 255
            }
        }
    }

    /// A new image of some size, each pixel taken from a place of this one.
    private func gathered(
        _ width: Int,
        _ height: Int,
        _ place: (_ x: Int, _ y: Int) -> (x: Int, y: Int)
    ) -> PlainImage {
        var result = self
        (result.width, result.height) = (width, height)
        result.planes = planes.map { plane in
            var values: [Double] = []
            for y in 0..<height {
                for x in 0..<width {
                    let from = place(x, y)
                    values.append(plane[from.y * self.width + from.x])
                }
            }
            return values
        }
        return result
    }

    func cropped(_ x: Int, _ y: Int, _ width: Int, _ height: Int) -> PlainImage {
        gathered(width, height) { ($0 + x, $1 + y) }
    }

    var flipped: PlainImage { gathered(width, height) { (width - 1 - $0, $1) } }
    var upsideDown: PlainImage { gathered(width, height) { ($0, height - 1 - $1) } }
    /// A quarter, counter-clockwise.
    var turned: PlainImage { gathered(height, width) { (width - 1 - $1, $0) } }

    // MARK: - Colours

    private var gray: [Double] {
        planes.count == 1
            ? planes[0]
            : planes[0].indices.map {
                0.2989 * planes[0][$0] + 0.587 * planes[1][$0] + 0.114 * planes[2][$0]
            }
    }

    private func changed(_ change: (_ value: Double, _ index: Int) -> Double) -> PlainImage {
        var result = self
        result.planes = planes.map { plane in
            plane.indices.map { min(max(change(plane[$0], $0), 0), 1) }
        }
        return result
    }

    func brightness(_ factor: Double) -> PlainImage { changed { value, _ in value * factor } }

    func contrast(_ factor: Double) -> PlainImage {
        let mean = gray.reduce(0, +) / Double(gray.count)
        return changed { value, _ in factor * value + (1 - factor) * mean }
    }

    func saturation(_ factor: Double) -> PlainImage {
        let gray = gray
        return planes.count == 1
            ? self : changed { value, index in factor * value + (1 - factor) * gray[index] }
    }

    /// Through HSV, by the six cases of a textbook.
    func hue(_ turns: Double) -> PlainImage {
        guard planes.count == 3 else { return self }
        var result = self
        for index in planes[0].indices {
            let (r, g, b) = (planes[0][index], planes[1][index], planes[2][index])
            let (high, low) = (max(r, g, b), min(r, g, b))
            let span = high - low
            var h = 0.0
            if span > 0 {
                if high == r {
                    h = (g - b) / span
                } else if high == g {
                    h = 2 + (b - r) / span
                } else {
                    h = 4 + (r - g) / span
                }
            }
            h = (h / 6 + turns + 2).truncatingRemainder(dividingBy: 1) * 6
            let s = high == 0 ? 0 : span / high
            let sector = Int(h) % 6
            let f = h - h.rounded(.down)
            let (p, q, t) = (high * (1 - s), high * (1 - s * f), high * (1 - s * (1 - f)))
            let rgb = [
                [high, t, p], [q, high, p], [p, high, t], [p, q, high], [t, p, high], [high, p, q],
            ][sector]
            for channel in 0..<3 { result.planes[channel][index] = rgb[channel] }
        }
        return result
    }

    func colors(_ change: ColorChange) -> PlainImage {
        var image = self
        for place in 0..<4 {
            guard let factor = change.factor(change.order[place]) else { continue }
            switch change.order[place] {
            case .brightness: image = image.brightness(factor)
            case .contrast: image = image.contrast(factor)
            case .saturation: image = image.saturation(factor)
            case .hue: image = image.hue(factor)
            }
        }
        return image
    }

    func filled(_ box: FilledBox, levels: [Double]) -> PlainImage {
        var result = self
        for channel in planes.indices {
            for y in box.y..<box.y + box.height {
                for x in box.x..<box.x + box.width {
                    result.planes[channel][y * width + x] = levels[levels.count == 1 ? 0 : channel]
                }
            }
        }
        return result
    }

    func mixed(with other: PlainImage, weight: Double) -> PlainImage {
        var result = self
        for channel in planes.indices {
            for index in planes[channel].indices {
                result.planes[channel][index] =
                    weight * planes[channel][index] + (1 - weight) * other.planes[channel][index]
            }
        }
        return result
    }

    // MARK: - Comparison

    /// The largest difference to float planes in −1…1, in units of 0…1.
    func difference(_ planes: [Float]) -> Double {
        var largest = planes.count == self.planes.count * width * height ? 0 : Double.infinity
        for (channel, plane) in self.planes.enumerated() {
            for (index, value) in plane.enumerated() {
                let found = Double(planes[channel * plane.count + index] + 1) / 2
                largest = max(largest, abs(found - value))
            }
        }
        return largest
    }

    /// Does what a transform says, as far as this file goes.
    func applied(_ operations: [DrawnOperation], _ side: PairSide) -> PlainImage? {
        var image = self
        for operation in operations {
            switch operation {
            case .crop(let w): image = image.cropped(w.x, w.y, w.width, w.height)
            case .flipHorizontal: image = image.flipped
            case .flipVertical: image = image.upsideDown
            case .rotate90(let turns): for _ in 0..<turns.turns { image = image.turned }
            case .colorJitter(let change):
                if change.sides.contains(side) { image = image.colors(change) }
            case .erase(let box), .cutout(let box):
                guard case .levels(let levels) = box.value else { return nil }
                if box.sides.contains(side) {
                    image = image.filled(box, levels: levels.map(Double.init))
                }
            case .grayscale(let change):
                if change.sides.contains(side) { image = image.saturation(0) }
            case .gamma(let change):
                if change.sides.contains(side) {
                    image = image.changed { value, _ in pow(value, change.gamma) }
                }
            default: return nil
            }
        }
        return image
    }
}
