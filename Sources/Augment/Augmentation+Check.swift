public import DatasetKit

extension Augmentation {
    /// Checks a transform that came from elsewhere, such as a record, against the pairs.
    ///
    /// - Parameters:
    ///   - transform: The transform.
    ///   - count: How many pairs the split has.
    ///   - file: Where it came from, for errors.
    ///   - path: Its JSON path there.
    /// - Throws: ``DatasetError`` with code `invalidRecipe`: the operation that these pairs cannot take.
    public func check(
        _ transform: PairTransform,
        of count: Int,
        file: String,
        path: String
    ) throws(DatasetError) {
        var size = rescaling?.size ?? form.size
        var place = 0
        let operations = transform.operations
        while place < operations.count {
            let operation = operations[place]
            func refusal(_ expected: String) -> DatasetError {
                DatasetError(
                    .invalidRecipe,
                    "\(path)[\(place)]: \(operation.name): expected \(expected)",
                    path: file
                )
            }
            guard operation.fits(size, form.sides) else {
                throw refusal("parameters that images of \(size) can take")
            }
            if let partner = operation.partner {
                guard (0..<count).contains(partner) else {
                    throw refusal("a partner from 0 to \(count - 1), found \(partner)")
                }
                let rest = operations[(place + 1)...]
                let steps = rest.prefix(max(0, operation.partnerCount))
                guard steps.count == operation.partnerCount,
                    steps.allSatisfy({ $0.partner == nil }),
                    steps.reduce(rescaling?.size ?? form.size, { $1.size(after: $0) }) == size
                else {
                    throw refusal("as many operations for its partner as it says, to the same size")
                }
                var partnerSize = rescaling?.size ?? form.size
                for step in steps {
                    guard step.fits(partnerSize, form.sides) else {
                        throw refusal("operations that its partner can take")
                    }
                    partnerSize = step.size(after: partnerSize)
                }
            }
            size = operation.size(after: size)
            place += 1 + max(0, operation.partnerCount)
        }
        guard size == outputSize else {
            throw DatasetError(
                .invalidRecipe,
                "\(path): expected operations that give images of \(outputSize), found \(size)",
                path: file
            )
        }
    }
}

extension DrawnOperation {
    /// The size of images of a size afterwards.
    fileprivate func size(after size: ImageSize) -> ImageSize {
        switch self {
        case .crop(let window): window.size
        case .scaleJitter(let scaled): scaled.window.size
        case .rotate90(let turns) where !turns.turns.isMultiple(of: 2):
            ImageSize(width: size.height, height: size.width)
        default: size
        }
    }

    /// Whether the parameters are such that images of a size can take them.
    fileprivate func fits(_ size: ImageSize, _ sides: Sides<SideForm>?) -> Bool {
        func isInside(_ x: Int, _ y: Int, _ width: Int, _ height: Int, _ size: ImageSize) -> Bool {
            x >= 0 && y >= 0 && width >= 0 && height >= 0 && width <= size.width
                && height <= size.height && x <= size.width - width && y <= size.height - height
        }
        func areLevels(_ levels: [Float], of choice: SideChoice = .both) -> Bool {
            !levels.isEmpty && levels.allSatisfy(\.isFinite)
                && (levels.count == 1
                    || choice.sides.allSatisfy {
                        sides?[$0].channels ?? levels.count == levels.count
                    })
        }
        /// Whether no side of a choice has a problem with an operation.
        func canTake(_ choice: SideChoice, _ problem: (SideForm) -> String?) -> Bool {
            choice.sides.allSatisfy { side in sides.flatMap { problem($0[side]) } == nil }
        }
        let side = min(size.width, size.height)
        switch self {
        case .flipHorizontal, .flipVertical: return true
        case .grayscale(let change): return canTake(change.sides, ChosenSides.colors)
        case .crop(let w):
            return isInside(w.x, w.y, w.width, w.height, size) && w.width > 0 && w.height > 0
        case .rotate90(let turns): return (1...3).contains(turns.turns)
        case .affine(let map):
            let numbers = [map.rotation, map.shearX, map.shearY, map.translateX, map.translateY]
            return numbers.allSatisfy { abs($0) <= 1e6 } && (1e-3...1e3).contains(map.scale)
                && abs(map.shearX) < 90 && abs(map.shearY) < 90 && areLevels(map.sampling.fill)
        case .scaleJitter(let scaled):
            let w = scaled.window
            return scaled.scaledWidth > 0 && scaled.scaledHeight > 0
                && scaled.scaledWidth <= 65_500 && scaled.scaledHeight <= 65_500
                && w.width > 0 && w.height > 0
                && isInside(w.x, w.y, w.width, w.height, scaled.scaledSize)
        case .elastic(let field):
            return abs(field.alpha) <= 1e6 && field.sigma > 0 && field.sigma < 1e6
                && ElasticField.radius(sigma: field.sigma) < side && areLevels(field.sampling.fill)
        case .colorJitter(let change):
            return ColorStep.allCases.allSatisfy { change.factor($0)?.isFinite ?? true }
                && abs(change.hue ?? 0) <= 0.5 && canTake(change.sides, ChosenSides.colors)
        case .gamma(let change):
            return change.gamma.isFinite && change.gamma > 0
                && canTake(change.sides, ChosenSides.colors)
        case .noise(let noise):
            return noise.sigma.isFinite && noise.sigma >= 0
                && canTake(noise.sides, ChosenSides.levels)
        case .blur(let blur): return blur.sigma > 0 && (0..<side).contains(blur.radius)
        case .jpeg(let jpeg):
            return (1...100).contains(jpeg.quality) && canTake(jpeg.sides, ChosenSides.bytes)
        case .erase(let box), .cutout(let box):
            if case .levels(let levels) = box.value, !areLevels(levels, of: box.sides) {
                return false
            }
            return isInside(box.x, box.y, box.width, box.height, size)
        case .mixup(let mix): return (0...1).contains(mix.weight) && mix.partnerOperations >= 0
        case .cutmix(let box):
            return isInside(box.x, box.y, box.width, box.height, size) && box.partnerOperations >= 0
        }
    }
}
