/// A colour in linear light: reflectances in 0…1, radiances from 0 upwards.
///
/// The conversions from and to sRGB are polynomials and square roots instead of powers, which are
/// exact in IEEE arithmetic: the same bytes come out on every machine. They are within one 8-bit
/// step of the standard's curve, but for the darkest tenth, where they are within five.
struct Color: Equatable, Sendable {
    var red: Float
    var green: Float
    var blue: Float

    static let black = Color(0, 0, 0)

    init(_ red: Float, _ green: Float, _ blue: Float) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// A colour as it is written in style sheets, `0xRRGGBB`.
    init(_ hex: UInt32) {
        func channel(_ shift: UInt32) -> Float {
            let value = Float((hex >> shift) & 0xFF) / 255
            return value * (value * (value * 0.305306011 + 0.682171111) + 0.012522878)
        }
        self.init(channel(16), channel(8), channel(0))
    }

    /// The brightness that the eye sees, by the weights of ITU-R BT.709.
    var luminance: Float { 0.2126 * red + 0.7152 * green + 0.0722 * blue }

    /// One channel in sRGB, 0…1, for a linear value of 0…1.
    static func encoded(_ linear: Float) -> Float {
        guard linear > 0.0031308 else { return 12.92 * max(0, linear) }
        let root = linear.squareRoot()
        let fourth = root.squareRoot()
        let eighth = fourth.squareRoot()
        let curve = 0.662002687 * root + 0.684122060 * fourth
        return curve - 0.323583601 * eighth - 0.0225411470 * linear
    }

    /// The colour, lighter or darker.
    static func * (color: Color, factor: Float) -> Color {
        Color(color.red * factor, color.green * factor, color.blue * factor)
    }

    /// The colour under a coloured light.
    static func * (color: Color, light: Color) -> Color {
        Color(color.red * light.red, color.green * light.green, color.blue * light.blue)
    }

    /// The sum of two lights.
    static func + (left: Color, right: Color) -> Color {
        Color(left.red + right.red, left.green + right.green, left.blue + right.blue)
    }

    /// The colour on the way to another one: at 0 this one, at 1 the other.
    func mixed(with other: Color, _ amount: Float) -> Color {
        Color(
            red + (other.red - red) * amount,
            green + (other.green - green) * amount,
            blue + (other.blue - blue) * amount
        )
    }
}
