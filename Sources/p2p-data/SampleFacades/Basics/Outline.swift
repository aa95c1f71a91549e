/// An upright rectangle in metres; y points up and is 0 at the pavement.
struct Box: Equatable, Sendable {
    var left: Double
    var bottom: Double
    var width: Double
    var height: Double

    init(left: Double, bottom: Double, width: Double, height: Double) {
        self.left = left
        self.bottom = bottom
        self.width = width
        self.height = height
    }

    /// The box around a middle axis.
    init(middle: Double, bottom: Double, width: Double, height: Double) {
        self.init(left: middle - width / 2, bottom: bottom, width: width, height: height)
    }

    var right: Double { left + width }
    var top: Double { bottom + height }
    /// The x of the vertical middle axis.
    var middle: Double { left + width / 2 }
    /// The y halfway up.
    var centre: Double { bottom + height / 2 }

    /// The box with `margin` metres taken off at each side; a negative margin adds.
    func inset(_ margin: Double) -> Box {
        Box(
            left: left + margin,
            bottom: bottom + margin,
            width: width - 2 * margin,
            height: height - 2 * margin
        )
    }

    /// The part of the box between two heights, given as fractions of its own.
    func upright(from start: Double, to end: Double) -> Box {
        Box(
            left: left,
            bottom: bottom + start * height,
            width: width,
            height: (end - start) * height
        )
    }

    /// A box of another width around the same middle axis, as a fraction of this one's.
    func narrowed(to share: Double) -> Box {
        Box(middle: middle, bottom: bottom, width: width * share, height: height)
    }
}

/// A shape that every horizontal line crosses at most once, so that it fills by spans.
enum Outline: Equatable, Sendable {
    case rectangle(Box)
    /// Straight sides under an arc of a circle that rises by `rise` metres to the top of the box; a
    /// rise of half the width is a round arch.
    case arch(Box, rise: Double)
    case ellipse(Box)
    /// A trapezoid whose top edge is `top` times as wide as its bottom edge: 0 is a triangle.
    case taper(Box, top: Double)
    /// A stepped gable with `steps` steps on each side.
    case stepped(Box, steps: Int)
    /// A gable with hollow shoulders and a round head.
    case bell(Box)

    /// The box around the shape.
    var bounds: Box {
        switch self {
        case .rectangle(let box), .ellipse(let box), .bell(let box): box
        case .arch(let box, _), .taper(let box, _), .stepped(let box, _): box
        }
    }

    /// The part of the line at height `y` that lies inside.
    func span(at y: Double) -> (left: Double, right: Double)? {
        let box = bounds
        guard y >= box.bottom, y < box.top else { return nil }
        let half = box.width / 2 * halfWidth(at: y)
        return (box.middle - half, box.middle + half)
    }

    /// The shape, `margin` metres smaller on each side.
    func inset(_ margin: Double) -> Outline {
        let box = bounds.inset(margin)
        return switch self {
        case .rectangle: .rectangle(box)
        case .arch(let outer, let rise):
            .arch(box, rise: min(box.width / 2, rise * box.width / outer.width))
        case .ellipse: .ellipse(box)
        case .taper(_, let top): .taper(box, top: top)
        case .stepped(_, let steps): .stepped(box, steps: steps)
        case .bell: .bell(box)
        }
    }

    /// The width at a height inside the bounds, as a fraction of the bounds' width.
    private func halfWidth(at y: Double) -> Double {
        switch self {
        case .rectangle:
            return 1
        case .arch(let box, let rise):
            guard rise > 0, y > box.top - rise else { return 1 }
            let half = box.width / 2
            let radius = (half * half + rise * rise) / (2 * rise)
            let height = y - (box.top - radius)
            return min(1, max(0, radius * radius - height * height).squareRoot() / half)
        case .ellipse(let box):
            let offset = (y - box.centre) / (box.height / 2)
            return max(0, 1 - offset * offset).squareRoot()
        case .taper(let box, let top):
            return 1 + (top - 1) * (y - box.bottom) / box.height
        case .stepped(let box, let steps):
            let level = ((y - box.bottom) / box.height * Double(steps)).rounded(.down)
            return 1 - level / Double(steps) * 0.82
        case .bell(let box):
            let height = (y - box.bottom) / box.height
            if height > 0.72 {
                let offset = (height - 0.72) / 0.28
                return 0.36 * max(0, 1 - offset * offset).squareRoot()
            }
            let hollow = 1 - height / 0.72
            return 0.4 + 0.6 * hollow * hollow
        }
    }
}
