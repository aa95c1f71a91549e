/// What hangs behind a window.
enum Curtain: Equatable, Sendable, CaseIterable {
    case none
    /// Two drapes, drawn to the sides.
    case drapes
    /// A net over the whole window.
    case net
    /// A net over the lower half.
    case halfNet
    /// A paper shade, let down part of the way.
    case shade
}

/// One window's glass and what is seen behind it.
struct GlassLook: Equatable, Sendable {
    var curtain: Curtain
    var curtainColor: Color
    /// Where the curtain ends: the width of a drape or the length of a shade, 0…1.
    var extent: Float
    /// The reflectance of the room behind.
    var room: Color
    /// The part of the light that is mirrored, 0…1.
    var gloss: Float
    var noise: Noise
}

/// A pane of glass before a room.
struct Glass: Material, Equatable {
    /// The window that the pane belongs to; curtains hang in the whole of it.
    var opening: Box
    var look: GlassLook
    /// How far the pane is turned out of the wall's plane, about −1…1.
    var tilt: Float

    func texel(x: Float, y: Float) -> Texel {
        let u = (x - Float(opening.left)) / Float(opening.width)
        let v = (y - Float(opening.bottom)) / Float(opening.height)
        let folds = 0.82 + 0.25 * look.noise.value(x * 13, y * 0.6)
        let depth = look.room * (0.7 + 0.5 * look.noise.fractal(x * 2.2, y * 2.2, octaves: 2))
        let wobble = 0.12 * look.noise.branch(1).value(x * 1.7, y * 1.7)
        return Texel(
            color: depth.mixed(with: look.curtainColor * folds, cover(u: u, v: v)),
            gloss: look.gloss,
            tilt: tilt + wobble
        )
    }

    /// How much of the room the curtain hides at a place of the window.
    private func cover(u: Float, v: Float) -> Float {
        switch look.curtain {
        case .none: return 0
        case .drapes:
            let gather = look.extent * (0.55 + 0.6 * abs(v - 0.3))
            return min(u, 1 - u) < gather ? 0.8 : 0
        case .net: return 0.55
        case .halfNet: return v < 0.35 + 0.3 * look.extent ? 0.7 : 0
        case .shade: return v > 1 - look.extent ? 0.9 : 0
        }
    }
}
