/// Noise for textures: pure functions of a seed and a place.
///
/// The plan of a picture is drawn with `Philox`; its surfaces take millions of numbers, each tied
/// to a place and not to an order, which a hash gives for less.
struct Noise: Equatable, Sendable {
    let seed: UInt32

    init(seed: UInt32) { self.seed = seed }

    /// Another noise, unrelated to this one.
    func branch(_ number: UInt32) -> Noise {
        Noise(seed: Self.mixed(seed &+ number &* 0x9E37_79B9))
    }

    /// A number in 0..<1 for one cell of a grid.
    @inline(__always)
    func cell(_ column: Int32, _ row: Int32) -> Float {
        // One round of mixing is enough for places that large odd factors have spread.
        let across = UInt32(bitPattern: column) &* 0x8DA6_B343
        let upward = UInt32(bitPattern: row) &* 0xD816_3841
        var bits = across ^ upward ^ seed
        bits = (bits ^ (bits >> 16)) &* 0x7FEB_352D
        return Float((bits ^ (bits >> 15)) >> 8) * 0x1p-24
    }

    /// Value noise in −1…1 with features of size 1.
    @inline(__always)
    func value(_ x: Float, _ y: Float) -> Float {
        let column = x.wholePart
        let row = y.wholePart
        let across = x - Float(column)
        let upward = y - Float(row)
        let u = across * across * (3 - 2 * across)
        let v = upward * upward * (3 - 2 * upward)
        let lowLeft = cell(column, row)
        let highLeft = cell(column, row &+ 1)
        let low = lowLeft + (cell(column &+ 1, row) - lowLeft) * u
        let high = highLeft + (cell(column &+ 1, row &+ 1) - highLeft) * u
        return 2 * (low + (high - low) * v) - 1
    }

    /// Fractal noise in about −1…1: octaves of value noise, each half as large and half as strong.
    func fractal(_ x: Float, _ y: Float, octaves: Int) -> Float {
        var sum: Float = 0
        var strength: Float = 0.5
        var place = (x: x, y: y)
        for octave in 0..<octaves {
            let layer = Noise(seed: seed &+ UInt32(truncatingIfNeeded: octave) &* 0x9E37_79B9)
            sum += strength * layer.value(place.x, place.y)
            place = (place.x * 2.03 + 17.3, place.y * 2.03 - 9.1)
            strength *= 0.5
        }
        return sum * 1.4
    }

    /// A strong mixing of 32 bits, with the constants of Wellons' "lowbias32".
    @inline(__always)
    private static func mixed(_ bits: UInt32) -> UInt32 {
        var bits = bits
        bits = (bits ^ (bits >> 16)) &* 0x7FEB_352D
        bits = (bits ^ (bits >> 15)) &* 0x846C_A68B
        return bits ^ (bits >> 16)
    }
}

extension Float {
    /// The largest whole number that is not above this one.
    @inline(__always)
    var wholePart: Int32 {
        let truncated = Int32(self)
        return Float(truncated) > self ? truncated - 1 : truncated
    }

    /// The number limited to 0…1.
    @inline(__always)
    var clamped: Float { Swift.min(1, Swift.max(0, self)) }

    /// The smooth step from 0 at 0 to 1 at 1.
    @inline(__always)
    var eased: Float {
        let limited = clamped
        return limited * limited * (3 - 2 * limited)
    }

    /// How far the number has gone from `start` to `end`, 0…1, smoothly.
    @inline(__always)
    func step(from start: Float, to end: Float) -> Float { ((self - start) / (end - start)).eased }
}
