import Testing

@testable import SampleFacades

/// The tools that the drawing is made with.
@Suite struct DrawingTests {
    @Test func coloursGoToLinearLightAndBack() {
        for value in stride(from: UInt32(0), through: 255, by: 5) {
            let color = Color(value << 16 | value << 8 | value)
            let encoded = Color.encoded(color.green) * 255
            #expect(
                abs(encoded - Float(value)) < (value < 40 ? 5 : 2),
                "\(value) came back as \(encoded)"
            )
        }
    }

    @Test func noiseStaysInItsRangeAndDependsOnlyOnThePlace() {
        let noise = Noise(seed: 3)
        var sum: Float = 0
        for step in 0..<2000 {
            let place = Float(step) * 0.37 - 300
            let value = noise.value(place, place * 0.7)
            #expect(-1...1 ~= value)
            #expect(value == Noise(seed: 3).value(place, place * 0.7))
            sum += value
        }
        #expect(abs(sum / 2000) < 0.1)
    }

    @Test func archesAreAsWideAsTheirCircle() throws {
        let box = Box(left: 0, bottom: 0, width: 2, height: 3)
        let arch = Outline.arch(box, rise: 1)
        let straight = try #require(arch.span(at: 1))
        #expect(straight == (0, 2))
        let curved = try #require(arch.span(at: 2.6))
        #expect(abs(curved.right - curved.left - 1.6) < 1e-9)
        #expect(arch.span(at: 3) == nil)
    }

    @Test func fillingCoversTheShapeOnly() {
        var relief = Relief(grid: Self.grid)
        let box = Box(left: 2, bottom: 2, width: 3, height: 4)
        relief.fill(.rectangle(box), Plain(color: .black), .flat(0), as: .window)
        #expect(relief.points.count { $0.label == .window } == 60 * 80)
        #expect(relief.points.count { !$0.isSky } == 60 * 80)
    }

    @Test func smoothingIsTheMeanOfASquare() {
        let noise = Noise(seed: 9)
        let values = (0..<12 * 9).map { noise.cell(Int32($0), 0) }
        let smoothed = Smoothing(columns: 12, rows: 9, radius: 2).applied(to: values)
        var sum: Float = 0
        for row in 2...6 { for column in 4...8 { sum += values[row * 12 + column] } }
        #expect(abs(smoothed[4 * 12 + 6] - sum / 25) < 1e-5)
    }

    @Test(arguments: [-1, 1] as [Float])
    func shadowsFallAwayFromTheSun(side: Float) {
        // A block of one metre on a wall; the sun stands as high as it stands to the side.
        let grid = Self.grid
        let block = (row: 80..<120, column: 80..<120)
        let lifts: [Float] = (0..<grid.rows * grid.columns).map { index in
            let isBlock =
                block.row.contains(index / grid.columns)
                && block.column.contains(index % grid.columns)
            return isBlock ? 1 : 0
        }
        let sun = (x: 0.577 * side, y: Float(0.577), z: Float(0.577))
        let shadows = Shadows(of: lifts, grid: grid, sun: sun, penumbra: 0.01)
        func sunlit(row: Int, column: Int) -> Float { shadows.sunlit[row * grid.columns + column] }
        // The shadow of one metre is 20 points long, down and away from the sun.
        #expect(sunlit(row: 100, column: 100) == 1)
        #expect(sunlit(row: 125, column: 100) < 0.01)
        #expect(sunlit(row: 145, column: 100) == 1)
        #expect(sunlit(row: 75, column: 100) == 1)
        #expect(sunlit(row: 115, column: side > 0 ? 70 : 130) < 0.01)
        #expect(sunlit(row: 115, column: side > 0 ? 130 : 70) == 1)
    }

    static let grid = Grid(columns: 200, rows: 200, pointsPerMetre: 20, left: 0, top: 10)
}
