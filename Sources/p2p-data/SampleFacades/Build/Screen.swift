/// A thin layer in front of the relief that is partly see-through: railings, trees, lamps.
///
/// It casts its shadow through the air, which a relief, solid down to the wall, cannot.
struct Screen: Sendable {
    let grid: Grid
    /// How far the layer stands in front of the building line, in metres.
    let lift: Float
    /// 0 lets everything through, 1 nothing.
    private(set) var opacity: [Float]
    private(set) var colors: [Color]
    private(set) var isEmpty = true

    init(grid: Grid, lift: Float) {
        self.grid = grid
        self.lift = lift
        opacity = Array(repeating: 0, count: grid.columns * grid.rows)
        colors = Array(repeating: .black, count: grid.columns * grid.rows)
    }

    /// Covers a shape evenly.
    mutating func cover(_ outline: Outline, _ color: Color, opacity: Float = 1) {
        cover(outline) { _, _ in (color, opacity) }
    }

    /// Covers a shape with what `paint` gives for each place of it, in metres.
    mutating func cover(
        _ outline: Outline,
        paint: (_ x: Float, _ y: Float) -> (color: Color, opacity: Float)
    ) {
        for row in grid.rows(from: outline.bounds.bottom, to: outline.bounds.top) {
            let y = grid.y(of: row)
            guard let span = outline.span(at: y) else { continue }
            for column in grid.columns(from: span.left, to: span.right) {
                let (color, cover) = paint(Float(grid.x(of: column)), Float(y))
                guard cover > 0 else { continue }
                let index = row * grid.columns + column
                let before = opacity[index]
                let after = before + (1 - before) * cover
                colors[index] = colors[index].mixed(with: color, cover / after)
                opacity[index] = after
                isEmpty = false
            }
        }
    }

    /// Draws a straight branch.
    mutating func draw(_ branch: Branch, width: Double, color: Color, opacity: Float) {
        let (along, up) = (branch.toX - branch.x, branch.toY - branch.y)
        let squaredLength = max(1e-9, along * along + up * up)
        let half = width / 2
        let box = Box(
            left: min(branch.x, branch.toX) - half,
            bottom: min(branch.y, branch.toY) - half,
            width: abs(along) + width,
            height: abs(up) + width
        )
        cover(.rectangle(box)) { x, y in
            let (dx, dy) = (Double(x) - branch.x, Double(y) - branch.y)
            let share = min(1, max(0, (dx * along + dy * up) / squaredLength))
            let (offX, offY) = (dx - share * along, dy - share * up)
            return (color, offX * offX + offY * offY < half * half ? opacity : 0)
        }
    }
}
