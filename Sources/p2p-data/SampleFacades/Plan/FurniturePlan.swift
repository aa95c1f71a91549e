import DatasetKit

/// Something that stands in the street before the houses.
enum FurniturePlan: Sendable {
    /// A crown of leaves on a trunk: its foot, its crown, its colour.
    case tree(foot: Double, crown: Box, color: Color, noise: Noise)
    /// A tree in winter.
    case bareTree(foot: Double, height: Double, noise: Noise)
    /// A street lamp.
    case lamp(foot: Double, height: Double)
    /// A round traffic sign.
    case trafficSign(foot: Double, color: Color)
    /// A hedge along the street.
    case hedge(Box, color: Color, noise: Noise)
    /// A parked car, seen from its side, in the box around it.
    case car(Box, body: CarBody, color: Color, isReversed: Bool)
    /// A wire across the street: its heights at the picture's edges and how far it sags.
    case wire(left: Double, right: Double, sag: Double)

    /// Draws what stands before the houses of one picture; often nothing.
    static func street(
        in frame: Box,
        isGarden: Bool,
        using random: inout Philox
    ) -> [FurniturePlan] {
        var furniture: [FurniturePlan] = []
        let leaf = random.pick([
            Color(0x56683A), Color(0x465A34), Color(0x6A7440), Color(0x7A7A48),
        ])
        for _ in 0..<2 where random.nextBool(p: isGarden ? 0.5 : 0.12) {
            furniture.append(tree(in: frame, leaf: leaf, isGarden: isGarden, using: &random))
        }
        if isGarden, random.nextBool(p: 0.6) {
            let box = Box(
                left: frame.left - 1,
                bottom: frame.bottom - 1,
                width: frame.width + 2,
                height: random.nextDouble(in: 0.7...1.2) - frame.bottom + 1
            )
            furniture.append(.hedge(box, color: leaf * 0.85, noise: random.nextNoise()))
        } else if random.nextBool(p: 0.42) {
            furniture.append(contentsOf: cars(in: frame, using: &random))
        }
        if !isGarden, random.nextBool(p: 0.3) {
            let place = frame.left + frame.width * random.nextDouble(in: 0.08...0.92)
            furniture.append(.lamp(foot: place, height: random.nextDouble(in: 4.5...6.5)))
        }
        if !isGarden, random.nextBool(p: 0.2) {
            let place = frame.left + frame.width * random.nextDouble(in: 0.05...0.95)
            let color = random.pick([Color(0x2C4E86), Color(0xA83832)])
            furniture.append(.trafficSign(foot: place, color: color))
        }
        if random.nextBool(p: 0.25) {
            for _ in 0...random.nextInt(below: 2) {
                let height = frame.bottom + frame.height * random.nextDouble(in: 0.45...0.95)
                furniture.append(
                    .wire(
                        left: height,
                        right: height + random.nextDouble(in: -2...2),
                        sag: random.nextDouble(in: 0.1...0.8)
                    )
                )
            }
        }
        return furniture
    }

    private static func tree(
        in frame: Box,
        leaf: Color,
        isGarden: Bool,
        using random: inout Philox
    ) -> FurniturePlan {
        let isLeft = random.nextBool(p: 0.5)
        let reach = frame.width * random.nextDouble(in: -0.02...0.12)
        let foot = isLeft ? frame.left + reach : frame.right - reach
        if random.nextBool(p: isGarden ? 0.35 : 0.6) {
            let height = min(13, frame.height * random.nextDouble(in: 0.5...0.8))
            return .bareTree(foot: foot, height: height, noise: random.nextNoise())
        }
        let width = min(7, frame.width * random.nextDouble(in: 0.22...0.4))
        let crown = Box(
            middle: foot,
            bottom: random.nextDouble(in: 1.8...3),
            width: width,
            height: width * random.nextDouble(in: 0.9...1.3)
        )
        return .tree(foot: foot, crown: crown, color: leaf, noise: random.nextNoise())
    }

    /// A row of parked cars with gaps.
    private static func cars(in frame: Box, using random: inout Philox) -> [FurniturePlan] {
        let density = random.nextDouble(in: 0.2...0.8)
        // They stand nearer to the camera than the houses and look larger.
        let scale = random.nextDouble(in: 1.0...1.2)
        let ground = random.nextDouble(in: -1.3 ... -0.75)
        var cars: [FurniturePlan] = []
        var left = frame.left - random.nextDouble(in: 0...4)
        while left < frame.right {
            let body = random.pick(CarBody.allCases)
            let length = scale * body.length
            if random.nextBool(p: density) {
                let box = Box(
                    left: left,
                    bottom: ground,
                    width: length,
                    height: scale * body.height
                )
                cars.append(
                    .car(
                        box,
                        body: body,
                        color: random.pick(Palette.cars),
                        isReversed: random.nextBool(p: 0.3)
                    )
                )
            }
            left += length + random.nextDouble(in: 0.5...1.4)
        }
        return cars
    }
}

/// The silhouettes of cars.
enum CarBody: CaseIterable, Sendable {
    case saloon, hatchback, estate, van

    /// Metres.
    var length: Double {
        switch self {
        case .saloon: 4.4
        case .hatchback: 3.7
        case .estate: 4.5
        case .van: 4.8
        }
    }

    /// Metres.
    var height: Double {
        switch self {
        case .saloon: 1.4
        case .hatchback: 1.45
        case .estate: 1.45
        case .van: 1.95
        }
    }

    /// The upper edge from the front to the back: places along the car and heights, as parts of
    /// its length and height.
    var ridge: [(along: Float, height: Float)] {
        switch self {
        case .saloon:
            [
                (0, 0.42), (0.03, 0.56), (0.26, 0.66), (0.41, 0.97), (0.52, 1), (0.66, 0.97),
                (0.82, 0.7), (0.97, 0.66), (1, 0.45),
            ]
        case .hatchback:
            [
                (0, 0.4), (0.03, 0.55), (0.24, 0.66), (0.4, 0.97), (0.55, 1), (0.84, 0.95),
                (0.96, 0.68), (1, 0.42),
            ]
        case .estate:
            [
                (0, 0.42), (0.03, 0.56), (0.25, 0.66), (0.39, 0.97), (0.55, 1), (0.88, 0.96),
                (0.97, 0.66), (1, 0.42),
            ]
        case .van:
            [
                (0, 0.36), (0.02, 0.48), (0.13, 0.58), (0.25, 0.95), (0.34, 1), (0.97, 0.99),
                (1, 0.9),
            ]
        }
    }

    /// The parts of the length between which there are side windows.
    var glazed: ClosedRange<Float> {
        switch self {
        case .saloon: 0.31...0.78
        case .hatchback: 0.3...0.88
        case .estate: 0.3...0.92
        case .van: 0.18...0.4
        }
    }

    /// The height of the upper edge at a place along the car, as a part of the car's height.
    func height(at along: Float) -> Float {
        let points = ridge
        guard let next = points.firstIndex(where: { $0.along > along }), next > 0 else {
            return along < 0 || along > 1 ? 0 : points[points.count - 1].height
        }
        let (start, end) = (points[next - 1], points[next])
        let share = (along - start.along) / (end.along - start.along)
        return start.height + (end.height - start.height) * share.eased
    }
}
