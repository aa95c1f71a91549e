import CAugment
import DatasetKit
import Foundation

/// What changes levels, each pixel in its place.
extension SideRenderer {
    func changeColors(_ change: ColorChange) {
        for place in 0..<4 {
            let step = change.order[place]
            guard let factor = change.factor(step) else { continue }
            var mean = 0.0
            if step == .contrast {
                mean = sweep(centering: false, summing: true)
            } else if stepCount == 4 {
                flush()
            }
            steps[stepCount] = caug_color_step(
                kind: Int32(step.raw.rawValue),
                factor: Float(factor),
                mean: Float(mean)
            )
            stepCount += 1
        }
    }

    func add(_ noise: AddedNoise) {
        let planes = unsafe flushed()
        let plane = unsafe Self.start(scratch.room(count))
        var stream = noise.noise.raw
        for channel in 0..<form.channels {
            unsafe caug_normal(level, &stream, Int32(channel), plane, count)
            unsafe caug_add(level, planes + channel * count, plane, Float(noise.sigma), count)
        }
    }

    func blur(_ blur: GaussianBlur) {
        let planes = unsafe flushed()
        for channel in 0..<form.channels {
            unsafe self.blur(planes + channel * count, radius: blur.radius, sigma: blur.sigma)
        }
    }

    /// Blurs one plane of the current size, in place.
    func blur(_ plane: UnsafeMutablePointer<Float>, radius: Int, sigma: Double) {
        let weights = unsafe kernel.room(2 * radius + 1)
        unsafe GaussianKernel.fill(weights, sigma: sigma)
        let room = unsafe Self.start(scratch.room(count + size.width + 2 * radius))
        unsafe caug_blur(
            level,
            plane,
            plane,
            room,
            Int32(size.width),
            Int32(size.height),
            Self.start(weights),
            Int32(radius)
        )
    }

    func compress(quality: Int) throws(DatasetError) {
        let planes = unsafe flushed()
        let (pixels, channels) = (count, form.channels)
        var bytes = [UInt8](repeating: 0, count: pixels * channels)
        for channel in 0..<channels {
            for index in 0..<pixels {
                let level = unsafe (planes[channel * pixels + index] * 255).rounded()
                bytes[index * channels + channel] = UInt8(min(max(level, 0), 255))
            }
        }
        let image = Image(size: size, channels: channels, bytes: bytes)
        let encoded = try ImageCodec.encodeJPEG(image, quality: quality, color: .half)
        let decoded = try ImageCodec.decode(encoded, path: "").image.bytes
        for channel in 0..<channels {
            for index in 0..<pixels {
                unsafe planes[channel * pixels + index] =
                    Float(decoded[index * channels + channel]) / 255
            }
        }
    }
}

extension ColorStep {
    fileprivate var raw: caug_color_kind {
        switch self {
        case .brightness: CAUG_BRIGHTNESS
        case .contrast: CAUG_CONTRAST
        case .saturation: CAUG_SATURATION
        case .hue: CAUG_HUE
        }
    }
}
