import DatasetKit

/// Turns the light on the sensor into a photograph: exposure, vignette, tone, sharpening, noise.
struct Development: Sendable {
    let camera: CameraPlan
    let side: Int

    /// Develops the light of `side * side` pixels, row by row.
    ///
    /// `metered` is the mean luminance of the houses, which sets the exposure.
    func photograph(of light: [Color], metered: Float) -> Image {
        let gain = 0.22 * camera.exposure / max(0.01, metered)
        var tones = [Color](repeating: .black, count: light.count)
        for row in 0..<side {
            for column in 0..<side {
                let index = row * side + column
                tones[index] = light[index] * camera.balance * (gain * falloff(column, row))
            }
        }
        let glow = glow(of: tones)
        for index in tones.indices {
            tones[index] = toned(tones[index] + Color(1, 1, 1.02) * glow[index])
        }
        let sharpened = sharpened(tones)
        var bytes = [UInt8](repeating: 0, count: light.count * 3)
        for row in 0..<side {
            for column in 0..<side {
                let index = row * side + column
                let color = noisy(sharpened[index], column: column, row: row)
                bytes[3 * index] = Self.byte(color.red)
                bytes[3 * index + 1] = Self.byte(color.green)
                bytes[3 * index + 2] = Self.byte(color.blue)
            }
        }
        return Image(size: ImageSize(width: side, height: side), channels: 3, bytes: bytes)
    }

    /// The light that a bright sky spills over the roofs before it.
    private func glow(of light: [Color]) -> [Float] {
        let excess = light.map { 0.06 * min(1, max(0, $0.luminance - 0.5)) }
        return Smoothing(columns: side, rows: side, radius: max(1, side / 36)).applied(to: excess)
    }

    /// The part of the light that the lens passes at a pixel.
    private func falloff(_ column: Int, _ row: Int) -> Float {
        let u = (Float(column) + 0.5) / Float(side) * 2 - 1
        let v = (Float(row) + 0.5) / Float(side) * 2 - 1
        return 1 - camera.vignette * (u * u + v * v) / 2
    }

    /// Linear light to sRGB, with a soft shoulder where film and sensors saturate.
    private func toned(_ light: Color) -> Color {
        // Stray light in the lens keeps the shadows from black.
        let light = light + Color(0.003, 0.003, 0.0035)
        let grey = light.luminance
        let muted = Color(grey, grey, grey).mixed(with: light, camera.saturation)
        return Color(Self.tone(muted.red), Self.tone(muted.green), Self.tone(muted.blue))
    }

    private static func tone(_ light: Float) -> Float {
        let knee: Float = 0.5
        let compressed =
            light < knee ? light : knee + (1 - knee) * (1 - 1 / (1 + (light - knee) / (1 - knee)))
        let encoded = Color.encoded(compressed).clamped
        // A gentle S: deeper shadows, clear lights.
        return encoded + 0.5 * encoded * (1 - encoded) * (encoded - 0.4)
    }

    /// The picture with its edges enhanced, as cameras do it.
    private func sharpened(_ tones: [Color]) -> [Color] {
        var result = tones
        let strength: Float = 0.24
        for row in 1..<side - 1 {
            for column in 1..<side - 1 {
                let index = row * side + column
                let beside = tones[index - 1] + tones[index + 1]
                let around = (beside + tones[index - side] + tones[index + side]) * 0.25
                let detail = tones[index] + around * -1
                result[index] = tones[index] + detail * strength
            }
        }
        return result
    }

    /// The tone with the sensor's noise: most of it in brightness, more in the shadows.
    private func noisy(_ tone: Color, column: Int, row: Int) -> Color {
        let strength = camera.grain * (1.5 - 0.8 * tone.luminance.clamped)
        let shared = grain(0, column, row)
        func channel(_ value: Float, _ number: UInt32) -> Float {
            value + strength * (0.75 * shared + 0.6 * grain(number, column, row))
        }
        return Color(channel(tone.red, 1), channel(tone.green, 2), channel(tone.blue, 3))
    }

    /// Noise with a standard deviation of 1: the sum of four uniform numbers.
    private func grain(_ channel: UInt32, _ column: Int, _ row: Int) -> Float {
        let noise = camera.noise.branch(channel)
        var sum: Float = -2
        for draw in 0..<4 { sum += noise.cell(Int32(column * 4 + draw), Int32(row)) }
        return sum * 1.732
    }

    private static func byte(_ value: Float) -> UInt8 { UInt8(value.clamped * 255 + 0.5) }
}
