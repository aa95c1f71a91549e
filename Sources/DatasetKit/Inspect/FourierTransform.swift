import Glibc

/// The discrete Fourier transform of a square or oblong field whose sides are powers of two.
///
/// Radix 2, in place, in double precision.
package struct FourierTransform {
    private let width: Int
    private let height: Int
    private let rowPlan: Plan
    private let columnPlan: Plan

    /// Prepares transforms of one size.
    ///
    /// - Precondition: Both sides are powers of two.
    package init(width: Int, height: Int) {
        self.width = width
        self.height = height
        rowPlan = Plan(length: width)
        columnPlan = Plan(length: height)
    }

    /// Transforms a complex field in C order, forward, not normalised.
    package func transform(real: inout [Double], imaginary: inout [Double]) {
        precondition(real.count == width * height && imaginary.count == width * height)
        for y in 0..<height {
            rowPlan.transform(&real, &imaginary, start: y * width)
        }
        // A column in one piece: strided access to a large field misses the cache each time.
        var columnReal = [Double](repeating: 0, count: height)
        var columnImaginary = columnReal
        for x in 0..<width {
            for y in 0..<height {
                columnReal[y] = real[y * width + x]
                columnImaginary[y] = imaginary[y * width + x]
            }
            columnPlan.transform(&columnReal, &columnImaginary, start: 0)
            for y in 0..<height {
                real[y * width + x] = columnReal[y]
                imaginary[y * width + x] = columnImaginary[y]
            }
        }
    }

    /// Transforms back, normalised: the inverse of ``transform(real:imaginary:)``.
    package func inverse(real: inout [Double], imaginary: inout [Double]) {
        // Exchanged parts turn the forward transform into the inverse.
        transform(real: &imaginary, imaginary: &real)
        let scale = 1 / Double(width * height)
        for index in real.indices {
            real[index] *= scale
            imaginary[index] *= scale
        }
    }

    /// The roots of unity and the order of the places, for one length.
    private struct Plan {
        let length: Int
        let cosines: [Double]
        let sines: [Double]
        let reversed: [Int]

        init(length: Int) {
            precondition(length > 0 && length & (length - 1) == 0, "\(length) is no power of two")
            self.length = length
            let angles = (0..<max(1, length / 2)).map {
                -2 * Double.pi * Double($0) / Double(length)
            }
            cosines = angles.map { cos($0) }
            sines = angles.map { sin($0) }
            let bits = length.trailingZeroBitCount
            reversed = (0..<length).map { place in
                (0..<bits).reduce(0) { $0 << 1 | place >> $1 & 1 }
            }
        }

        func transform(_ real: inout [Double], _ imaginary: inout [Double], start: Int) {
            for place in 0..<length where place < reversed[place] {
                real.swapAt(start + place, start + reversed[place])
                imaginary.swapAt(start + place, start + reversed[place])
            }
            var half = 1
            while half < length {
                let stride = length / (2 * half)
                var block = start
                while block < start + length {
                    for offset in 0..<half {
                        let cosine = cosines[offset &* stride]
                        let sine = sines[offset &* stride]
                        let low = block &+ offset
                        let high = low &+ half
                        let turnedReal = real[high] * cosine - imaginary[high] * sine
                        let turnedImaginary = real[high] * sine + imaginary[high] * cosine
                        real[high] = real[low] - turnedReal
                        imaginary[high] = imaginary[low] - turnedImaginary
                        real[low] += turnedReal
                        imaginary[low] += turnedImaginary
                    }
                    block += 2 * half
                }
                half *= 2
            }
        }
    }
}
