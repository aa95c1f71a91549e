import CAugment
import DatasetKit

/// What moves pixels.
extension SideRenderer {
    func crop(_ part: CropWindow) {
        if unsafe planes == nil && stepCount == 0 {
            window.crop(part)
            size = window.size
            return
        }
        let width = size.width
        flush()
        let plane = count
        unsafe move(to: part.size) { old, new in
            for channel in 0..<form.channels {
                for row in 0..<part.height {
                    let from = channel * plane + (part.y + row) * width + part.x
                    let to = (channel * part.height + row) * part.width
                    unsafe (new + to).update(from: old + from, count: part.width)
                }
            }
        }
    }

    func flipHorizontally() {
        if unsafe planes == nil && stepCount == 0 {
            window.flipHorizontally()
            return
        }
        let planes = unsafe flushed()
        for row in 0..<size.height * form.channels {
            let start = row * size.width
            var line = unsafe UnsafeMutableBufferPointer(start: planes + start, count: size.width)
            unsafe line.reverse()
        }
    }

    func flipVertically() {
        if unsafe planes == nil && stepCount == 0 {
            window.flipVertically()
            return
        }
        let planes = unsafe flushed()
        for channel in 0..<form.channels {
            let plane = unsafe planes + channel * count
            for row in 0..<size.height / 2 {
                let (upper, lower) = (row * size.width, (size.height - 1 - row) * size.width)
                for column in 0..<size.width {
                    let kept = unsafe plane[upper + column]
                    unsafe plane[upper + column] = plane[lower + column]
                    unsafe plane[lower + column] = kept
                }
            }
        }
    }

    func rotate(_ turns: Int) {
        if turns == 2 {
            flipHorizontally()
            flipVertically()
            return
        }
        flush()
        let (width, height) = (size.width, size.height)
        unsafe move(to: ImageSize(width: height, height: width)) { old, new in
            for channel in 0..<form.channels {
                let plane = channel * width * height
                for y in 0..<width {
                    // Counter-clockwise the last column becomes the first row.
                    let column = turns == 1 ? width - 1 - y : y
                    for x in 0..<height {
                        let row = turns == 1 ? x : height - 1 - x
                        unsafe new[plane + y * height + x] = old[plane + row * width + column]
                    }
                }
            }
        }
    }

    func warp(
        _ matrix: [6 of Double],
        _ sampling: Sampling,
        dx: UnsafePointer<Float>? = nil,
        dy: UnsafePointer<Float>? = nil
    ) {
        let channels = form.channels
        let fill = unsafe Self.start(kernel.room(channels))
        for channel in 0..<channels {
            unsafe fill[channel] = sampling.fill[sampling.fill.count == 1 ? 0 : channel]
        }
        flush()
        unsafe move(to: size) { old, new in
            var job = unsafe caug_warp(
                input: old,
                output: new,
                channels: Int32(channels),
                width: Int32(size.width),
                height: Int32(size.height),
                matrix: (matrix[0], matrix[1], matrix[2], matrix[3], matrix[4], matrix[5]),
                dx: dx,
                dy: dy,
                nearest: form.isLabelMap || sampling.interpolation == .nearest,
                border: Int32(sampling.border.raw.rawValue),
                fill: fill
            )
            unsafe caug_remap(level, &job)
        }
    }

    func bend(_ field: ElasticField) {
        flush()
        let pixels = count
        let shifts = unsafe Self.start(self.shifts.room(2 * pixels))
        let radius = ElasticField.radius(sigma: field.sigma)
        var stream = field.noise.raw
        for axis in 0..<2 {
            let plane = unsafe shifts + axis * pixels
            unsafe caug_uniform(level, &stream, Int32(axis), plane, pixels)
            unsafe blur(plane, radius: radius, sigma: field.sigma)
            for index in 0..<pixels { unsafe plane[index] *= Float(field.alpha) }
        }
        unsafe warp([1, 0, 0, 0, 1, 0], field.sampling, dx: shifts, dy: shifts + pixels)
    }

    /// Resizes to a size: samples that are still those of the dataset by their type, others as floats.
    func resize(to newSize: ImageSize, _ filter: ResizeFilter, _ resampler: Resampler) {
        let filter = form.isLabelMap ? .nearest : filter
        if unsafe planes == nil && stepCount == 0 {
            let image = materialized().resized(
                to: newSize,
                filter: filter,
                resampler: resampler,
                hasAlpha: form.hasAlpha
            )
            resized = image
            sampleSize = newSize
            window = SampleWindow(newSize)
            size = newSize
            return
        }
        flush()
        let (oldSize, oldCount) = (size, count)
        unsafe move(to: newSize) { old, new in
            for channel in 0..<form.channels {
                let plane = unsafe UnsafeRawBufferPointer(
                    start: old + channel * oldCount,
                    count: oldCount * 4
                )
                let image = unsafe Image(
                    size: oldSize,
                    channels: 1,
                    sampleType: .f32,
                    bytes: Array(plane)
                ).resized(to: newSize, filter: filter, resampler: resampler)
                unsafe image.bytes.withUnsafeBytes { bytes in
                    let values = unsafe bytes.bindMemory(to: Float.self)
                    for index in 0..<values.count {
                        let value = unsafe values[index]
                        let cut = form.sampleType == .f32 ? value : min(max(value, 0), 1)
                        unsafe new[channel * count + index] = cut
                    }
                }
            }
        }
    }

    /// The window as an image of its own.
    func materialized() -> Image {
        let pixel = form.channels * form.sampleType.byteCount
        let target = window.size
        var bytes: [UInt8] = []
        unsafe withSamples { samples in
            bytes = unsafe [UInt8](
                unsafeUninitializedCapacity: target.width * target.height * pixel
            ) { buffer, filled in
                let rowBytes = sampleSize.width * pixel
                for row in 0..<target.height {
                    let y = window.y + (window.isUpsideDown ? target.height - 1 - row : row)
                    for column in 0..<target.width {
                        let x = window.x + (window.isMirrored ? target.width - 1 - column : column)
                        let from = unsafe samples + y * rowBytes + x * pixel
                        let to = (row * target.width + column) * pixel
                        for byte in 0..<pixel {
                            unsafe buffer[to + byte] = from.load(
                                fromByteOffset: byte,
                                as: UInt8.self
                            )
                        }
                    }
                }
                filled = target.width * target.height * pixel
            }
        }
        return Image(
            size: target,
            channels: form.channels,
            sampleType: form.sampleType,
            bytes: bytes
        )
    }
}

extension Border {
    fileprivate var raw: caug_border {
        switch self {
        case .reflect: CAUG_REFLECT
        case .replicate: CAUG_REPLICATE
        case .constant: CAUG_CONSTANT
        }
    }
}
