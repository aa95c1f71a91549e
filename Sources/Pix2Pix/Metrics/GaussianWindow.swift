import DatasetKit
import Glibc

/// The sliding window of the structural similarity, and its room to work in.
///
/// Rows are blurred as they come, those that the window covers are kept, and each position is
/// judged at once: what is worked on stays in the processor's caches.
@safe
final class GaussianWindow {
    /// Two planes compared.
    struct Similarity {
        /// The mean structural similarity.
        var ssim: Double
        /// The same without the comparison of brightness: contrast and structure.
        var contrast: Double
    }

    /// The window's side (Wang and others 2004, section III.B).
    static let width = 11
    /// Standard deviation of the Gaussian, in pixels, from there.
    private static let sigma = 1.5
    /// The constants against division by zero, (K L)², with K₁ 0.01, K₂ 0.03 and a range L of 2.
    private static let constants = (0.01 * 2 * 0.01 * 2, 0.03 * 2 * 0.03 * 2)
    /// What is blurred: both planes, the sum of their squares, and their product.
    private static let quantities = 4

    /// Numbers worked on at once.
    private typealias Lanes = SIMD4<Double>

    /// The Gaussian from its end to its middle.
    private let weights: [Double]
    /// Positions of the widest row, rounded up to whole lanes.
    private let pitch: Int
    /// The quantities of one row, each with room behind that lanes beyond the end may read.
    private let row: UnsafeMutablePointer<Double>
    private let rowPitch: Int
    /// The same, blurred, of the last 11 rows.
    private let rows: UnsafeMutablePointer<Double>

    /// The Gaussian from its end to its middle; the whole of it sums to 1.
    private static let halfWeights: [Double] = {
        let middle = width / 2
        let bell = (0...middle).map { tap in
            let distance = Double(middle - tap) / sigma
            return exp(-distance * distance / 2)
        }
        let sum = 2 * bell.dropLast().reduce(0, +) + bell[middle]
        return bell.map { $0 / sum }
    }()

    /// The Gaussian from end to end.
    static let fullWeights = (halfWeights + halfWeights.dropLast().reversed()).map { Float($0) }

    /// Makes room for planes.
    ///
    /// - Parameter width: Of the widest, at least 11.
    init(width: Int) {
        weights = Self.halfWeights
        let lanes = Lanes.scalarCount
        pitch = (width - Self.width + lanes) / lanes * lanes
        rowPitch = pitch + Self.width - 1
        unsafe row = .allocate(capacity: Self.quantities * rowPitch)
        unsafe rows = .allocate(capacity: Self.width * Self.quantities * pitch)
        unsafe row.initialize(repeating: 0, count: Self.quantities * rowPitch)
        unsafe rows.initialize(repeating: 0, count: Self.width * Self.quantities * pitch)
    }

    deinit {
        unsafe row.deallocate()
        unsafe rows.deallocate()
    }

    /// Compares two planes wherever the whole window lies inside.
    ///
    /// - Parameters:
    ///   - image: A plane.
    ///   - target: Another.
    ///   - size: Of both: no wider than the window was made for, and at least 11x11.
    /// - Returns: The means over all positions.
    func similarity(
        of image: Span<Float>,
        and target: Span<Float>,
        _ size: ImageSize
    ) -> Similarity {
        let positions = size.width - Self.width + 1
        precondition(min(size.width, size.height) >= Self.width && positions <= pitch)
        var (ssim, contrast) = (0.0, 0.0)
        for y in 0..<size.height {
            let range = y * size.width..<(y + 1) * size.width
            take(image.extracting(range), target.extracting(range))
            blurRow(into: y % Self.width, positions)
            if y >= Self.width - 1 { addRow(from: y + 1, positions, &ssim, &contrast) }
        }
        let count = Double(positions * (size.height - Self.width + 1))
        return Similarity(ssim: ssim / count, contrast: contrast / count)
    }

    /// Fills ``row`` from one row of both planes.
    private func take(_ image: Span<Float>, _ target: Span<Float>) {
        for x in image.indices {
            let (first, second) = (Double(image[x]), Double(target[x]))
            unsafe row[x] = first
            unsafe row[rowPitch + x] = second
            unsafe row[2 * rowPitch + x] = first * first + second * second
            unsafe row[3 * rowPitch + x] = first * second
        }
    }

    /// Blurs ``row`` along itself into one of ``rows``.
    private func blurRow(into slot: Int, _ positions: Int) {
        let (w0, w1, w2, w3, w4, w5) = taps
        for quantity in 0..<Self.quantities {
            let source = unsafe row + quantity * rowPitch
            let target = unsafe rows + (slot * Self.quantities + quantity) * pitch
            for x in stride(from: 0, to: positions, by: Lanes.scalarCount) {
                let at = unsafe source + x
                var sum = unsafe w5 * Self.lanes(at + 5)
                unsafe sum += w4 * (Self.lanes(at + 4) + Self.lanes(at + 6))
                unsafe sum += w3 * (Self.lanes(at + 3) + Self.lanes(at + 7))
                unsafe sum += w2 * (Self.lanes(at + 2) + Self.lanes(at + 8))
                unsafe sum += w1 * (Self.lanes(at + 1) + Self.lanes(at + 9))
                unsafe sum += w0 * (Self.lanes(at) + Self.lanes(at + 10))
                unsafe UnsafeMutableRawPointer(target + x).storeBytes(of: sum, as: Lanes.self)
            }
        }
    }

    /// Blurs ``rows`` across, from the oldest on, and judges the positions of one row of windows.
    private func addRow(
        from oldest: Int,
        _ positions: Int,
        _ ssim: inout Double,
        _ contrast: inout Double
    ) {
        let (w0, w1, w2, w3, w4, w5) = taps
        let (c1, c2) = Self.constants
        let rowLength = Self.quantities * pitch
        func start(_ number: Int) -> UnsafeMutablePointer<Double> {
            unsafe rows + (oldest + number) % Self.width * rowLength
        }
        let (r0, r1, r2, r3) = unsafe (start(0), start(1), start(2), start(3))
        let (r4, r5, r6, r7) = unsafe (start(4), start(5), start(6), start(7))
        let (r8, r9, r10) = unsafe (start(8), start(9), start(10))
        @inline(__always) func blurred(_ at: Int) -> Lanes {
            var sum = unsafe w5 * Self.lanes(r5 + at)
            unsafe sum += w4 * (Self.lanes(r4 + at) + Self.lanes(r6 + at))
            unsafe sum += w3 * (Self.lanes(r3 + at) + Self.lanes(r7 + at))
            unsafe sum += w2 * (Self.lanes(r2 + at) + Self.lanes(r8 + at))
            unsafe sum += w1 * (Self.lanes(r1 + at) + Self.lanes(r9 + at))
            unsafe sum += w0 * (Self.lanes(r0 + at) + Self.lanes(r10 + at))
            return sum
        }
        var sums = (ssim: Lanes.zero, contrast: Lanes.zero)
        for x in stride(from: 0, to: positions, by: Lanes.scalarCount) {
            let (first, second) = (blurred(x), blurred(pitch + x))
            let squares = first * first + second * second
            let product = first * second
            let variances = blurred(2 * pitch + x) - squares
            let covariance = blurred(3 * pitch + x) - product
            var structure = (2 * covariance + c2) / (variances + c2)
            var judged = structure * (2 * product + c1) / (squares + c1)
            for lane in max(0, positions - x)..<max(Lanes.scalarCount, positions - x) {
                structure[lane] = 0  // Beyond the row's end.
                judged[lane] = 0
            }
            sums.ssim += judged
            sums.contrast += structure
        }
        ssim += sums.ssim.sum()
        contrast += sums.contrast.sum()
    }

    private var taps: (Double, Double, Double, Double, Double, Double) {
        (weights[0], weights[1], weights[2], weights[3], weights[4], weights[5])
    }

    @inline(__always)
    private static func lanes(_ place: UnsafePointer<Double>) -> Lanes {
        unsafe UnsafeRawPointer(place).loadUnaligned(as: Lanes.self)
    }
}
