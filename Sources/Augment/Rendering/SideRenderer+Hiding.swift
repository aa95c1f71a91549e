import CAugment
import DatasetKit

/// What covers an image with something else.
extension SideRenderer {
    func fill(_ box: FilledBox) {
        guard let planes = unsafe planes, box.width > 0, box.height > 0 else { return }
        func value(_ level: Float) -> Float { isCentered ? (level - 0.5) / 0.5 : level }
        for channel in 0..<form.channels {
            let corner = unsafe planes + channel * count + box.y * size.width + box.x
            switch box.value {
            case .levels(let levels):
                let value = value(levels[levels.count == 1 ? 0 : channel])
                for row in 0..<box.height {
                    unsafe (corner + row * size.width).update(repeating: value, count: box.width)
                }
            case .noise(let stream):
                let noise = unsafe Self.start(scratch.room(box.width * box.height))
                var raw = stream.raw
                unsafe caug_normal(level, &raw, Int32(channel), noise, box.width * box.height)
                for row in 0..<box.height {
                    for column in 0..<box.width {
                        let level = unsafe 0.5 + 0.5 * noise[row * box.width + column]
                        unsafe corner[row * size.width + column] = value(min(max(level, 0), 1))
                    }
                }
            }
        }
    }

    /// weight * planes + (1 - weight) * others, for values from 0 to 1.
    func mix(
        _ planes: UnsafeMutablePointer<Float>,
        _ others: UnsafeMutablePointer<Float>,
        weight: Double,
        count: Int
    ) {
        unsafe caug_mix(level, planes, others, Float(weight), count)
    }
}
