/// A regular grid of points over a part of the scene.
struct Grid: Equatable, Sendable {
    let columns: Int
    let rows: Int
    let pointsPerMetre: Double
    /// The x of the left edge in metres.
    let left: Double
    /// The y of the top edge in metres.
    let top: Double

    /// The distance between neighbouring points in metres.
    var spacing: Double { 1 / pointsPerMetre }

    /// The x of a column's points in metres.
    func x(of column: Int) -> Double { left + (Double(column) + 0.5) / pointsPerMetre }

    /// The y of a row's points in metres.
    func y(of row: Int) -> Double { top - (Double(row) + 0.5) / pointsPerMetre }

    /// The columns whose points lie between two x, limited to the grid.
    func columns(from left: Double, to right: Double) -> Range<Int> {
        points(between: left - self.left, and: right - self.left, of: columns)
    }

    /// The rows whose points lie between two y, limited to the grid.
    func rows(from bottom: Double, to top: Double) -> Range<Int> {
        points(between: self.top - top, and: self.top - bottom, of: rows)
    }

    /// The points of a line of `count` that lie between two distances from its start.
    private func points(between start: Double, and end: Double, of count: Int) -> Range<Int> {
        let limit = Double(count)
        let first = min(limit, max(0, (start * pointsPerMetre - 0.5).rounded(.up)))
        let last = min(limit, max(first, (end * pointsPerMetre - 0.5).rounded(.up)))
        return Int(first)..<Int(last)
    }
}

/// What is seen at one point of the scene, before any light falls on it.
struct SurfacePoint: Sendable {
    /// Reflectance; of no meaning where `isSky`.
    var color: Color
    /// Metres in front of the building line.
    var lift: Float
    /// The part of the light that is mirrored, 0…1.
    var gloss: Float
    /// How far a mirror is turned, which moves its picture; about −1…1.
    var tilt: Float
    var label: FacadeClass
    var isSky: Bool
}

/// The scene as a relief seen from the front: for each point of a grid its surface and its lift.
struct Relief: Sendable {
    let grid: Grid
    /// Row by row from the top.
    private(set) var points: [SurfacePoint]

    /// A relief of nothing but sky.
    init(grid: Grid) {
        self.grid = grid
        let nothing = SurfacePoint(
            color: .black,
            lift: -6,
            gloss: 0,
            tilt: 0,
            label: .background,
            isSky: true
        )
        points = Array(repeating: nothing, count: grid.columns * grid.rows)
    }

    /// A thickness that is at least one point of the grid, so that bars and rails do not vanish.
    func visible(_ thickness: Double) -> Double { max(thickness, grid.spacing * 1.01) }

    /// Covers a shape with a material.
    ///
    /// The profile says how far the surface stands out; without a label the points keep the class
    /// that they have; `clip` is another shape that limits the first.
    mutating func fill(
        _ outline: Outline,
        _ material: some Material,
        _ profile: Profile,
        as label: FacadeClass?,
        within clip: Outline? = nil
    ) {
        let bounds = outline.bounds
        for row in grid.rows(from: bounds.bottom, to: bounds.top) {
            let y = grid.y(of: row)
            guard let span = Self.span(of: outline, within: clip, at: y) else { continue }
            let v = Float((y - bounds.bottom) / bounds.height)
            let width = Float(span.right - span.left)
            for column in grid.columns(from: span.left, to: span.right) {
                let x = grid.x(of: column)
                let texel = material.texel(x: Float(x), y: Float(y))
                let u = Float(x - span.left) / width
                let index = row * grid.columns + column
                points[index] = SurfacePoint(
                    color: texel.color,
                    lift: profile.lift(u: u, v: v, height: Float(bounds.height)) + texel.bump,
                    gloss: texel.gloss,
                    tilt: texel.tilt,
                    label: label ?? points[index].label,
                    isSky: false
                )
            }
        }
    }

    /// Names the points of a shape without changing what is seen there.
    mutating func mark(_ outline: Outline, as label: FacadeClass) {
        for row in grid.rows(from: outline.bounds.bottom, to: outline.bounds.top) {
            guard let span = outline.span(at: grid.y(of: row)) else { continue }
            for column in grid.columns(from: span.left, to: span.right) {
                points[row * grid.columns + column].label = label
            }
        }
    }

    /// Lets `change` rework each point, row by row from the top.
    mutating func update(_ change: (_ column: Int, _ row: Int, inout SurfacePoint) -> Void) {
        for row in 0..<grid.rows {
            for column in 0..<grid.columns {
                change(column, row, &points[row * grid.columns + column])
            }
        }
    }

    private static func span(
        of outline: Outline,
        within clip: Outline?,
        at y: Double
    ) -> (left: Double, right: Double)? {
        guard let span = outline.span(at: y) else { return nil }
        guard let clip else { return span }
        guard let limit = clip.span(at: y) else { return nil }
        return (max(span.left, limit.left), min(span.right, limit.right))
    }
}
