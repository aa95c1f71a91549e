import Glibc

/// The filters of Pillow's `Image.resize`, by Pillow's names.
public enum ResizeFilter: String, Codable, Sendable, CaseIterable {
    case nearest, box, bilinear, hamming, bicubic, lanczos

    /// Half the filter's width in source pixels, at scale 1.
    package var support: Double {
        switch self {
        case .nearest: 0
        case .box: 0.5
        case .bilinear, .hamming: 1
        case .bicubic: 2
        case .lanczos: 3
        }
    }

    /// The filter's weight at a distance from its centre.
    ///
    /// The expressions are evaluated in Pillow's order, in double precision: the last bit counts.
    package func weight(at distance: Double) -> Double {
        let x = abs(distance)
        switch self {
        case .nearest: return 0
        case .box: return distance > -0.5 && distance <= 0.5 ? 1 : 0
        case .bilinear: return x < 1 ? 1 - x : 0
        case .hamming:
            if x == 0 { return 1 }
            if x >= 1 { return 0 }
            let angle = x * Double.pi
            // Pillow writes these two constants in single precision.
            return sin(angle) / angle * (Double(Float(0.54)) + Double(Float(0.46)) * cos(angle))
        case .bicubic:
            let a = -0.5
            if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
            if x < 2 { return (((x - 5) * x + 8) * x - 4) * a }
            return 0
        case .lanczos:
            return distance >= -3 && distance < 3
                ? Self.sinc(distance) * Self.sinc(distance / 3) : 0
        }
    }

    private static func sinc(_ x: Double) -> Double {
        if x == 0 { return 1 }
        let angle = x * Double.pi
        return sin(angle) / angle
    }
}

/// Which release of Pillow a resize equals bit for bit: they differ in the order of the passes.
public enum Resampler: String, Codable, Sendable, CaseIterable {
    /// Pillow up to 12: along the rows first, except for images a hundred times as tall as wide.
    case pillow12
    /// Pillow 13: along the columns first where the height shrinks by more than twice what the
    /// width does.
    case pillow13
}
