import Glibc

/// Images that fall out of the set, or that nothing can be learned from.
struct OutlierAnalysis {
    private let set: InspectedSet

    /// Prepares the analysis.
    init(_ set: InspectedSet) {
        self.set = set
    }

    /// What falls out, side by side.
    func findings() -> [InspectionReport.Finding] {
        [InspectionReport.Side.target, .input].flatMap { side in
            let images = set.pairs.map { $0.signature(side) }
            var found = constant(images, side) + sizes(images, side)
            if set.labelMapSides.contains(side) {
                found += newColors(images, side)
            } else {
                found += brightness(images, side) + sharpness(images, side)
            }
            return found
        }
    }

    private func constant(
        _ images: [ImageSignature],
        _ side: InspectionReport.Side
    ) -> [InspectionReport.Finding] {
        images.indices.filter { images[$0].isNearConstant }.map { place in
            let deviation = Double(images[place].deviation) * 255
            return set.finding(
                .nearConstant,
                side,
                at: place,
                value: deviation,
                "the \(side.rawValue) is one colour (deviation \(text(deviation)) of 255)"
            )
        }
    }

    /// Dark and bright images: CleanVision's absolute bounds, and far from the set's median.
    private func brightness(
        _ images: [ImageSignature],
        _ side: InspectionReport.Side
    ) -> [InspectionReport.Finding] {
        let set = RobustStatistics(images.map { Double($0.brightness.mean) })
        let reach = max(4.5 * set.deviation, 0.2)
        return images.indices.filter { !images[$0].isNearConstant }.compactMap { place in
            let brightness = images[place].brightness
            let mean = Double(brightness.mean)
            let kind: InspectionReport.Kind
            if brightness.percentile99 < 0.32 || mean < set.median - reach {
                kind = .dark
            } else if brightness.percentile5 > 0.95 && set.median < 0.9
                || mean > set.median + reach
            {
                kind = .bright
            } else {
                return nil
            }
            return self.set.finding(
                kind,
                side,
                at: place,
                value: mean,
                "the \(side.rawValue) has a brightness of \(text(mean)), the set \(text(set.median))"
            )
        }
    }

    /// Blurred images: far less sharp than the set, at least by a factor of e² in variance.
    private func sharpness(
        _ images: [ImageSignature],
        _ side: InspectionReport.Side
    ) -> [InspectionReport.Finding] {
        let sharp = images.filter { !$0.isNearConstant }.map { Double($0.sharpness) }
        guard sharp.count >= 8 else { return [] }
        let statistics = RobustStatistics(sharp)
        let reach = max(4 * statistics.deviation, 2)
        return images.indices.filter { !images[$0].isNearConstant }.compactMap { place in
            let difference = statistics.median - Double(images[place].sharpness)
            guard difference > reach else { return nil }
            return set.finding(
                .blurry,
                side,
                at: place,
                value: exp(-difference),
                "the \(side.rawValue) has \(text(100 * exp(-difference))) % of the set's sharpness"
            )
        }
    }

    /// Label maps with many more colours than the set's: JPEG or resizing made them.
    private func newColors(
        _ images: [ImageSignature],
        _ side: InspectionReport.Side
    ) -> [InspectionReport.Finding] {
        let counts = images.map { Double($0.distinctColors) }
        let typical = RobustStatistics.median(counts)
        guard typical <= Double(SidePalettes.cleanLimit) else { return [] }
        return images.indices.filter { counts[$0] > max(64, 4 * typical) }.map { place in
            set.finding(
                .newColors,
                side,
                at: place,
                value: counts[place],
                "the \(side.rawValue) has \(Int(counts[place])) colours, the set's label maps "
                    + "\(Int(typical)): JPEG or smooth resizing made new ones"
            )
        }
    }

    /// CleanVision's bounds: aspect below 0.35, size beyond the quartiles by three of their ranges.
    private func sizes(
        _ images: [ImageSignature],
        _ side: InspectionReport.Side
    ) -> [InspectionReport.Finding] {
        let lengths = images.map { Double($0.size.width * $0.size.height).squareRoot() }
        let low = RobustStatistics.quantile(lengths, 0.25)
        let high = RobustStatistics.quantile(lengths, 0.75)
        let reach = 3 * (high - low)
        // A set of one shape has that shape on purpose.
        let aspects = images.map { aspect(of: $0.size) }
        let isCommonAspect = RobustStatistics.median(aspects) < 0.35
        return images.indices.flatMap { place -> [InspectionReport.Finding] in
            let size = images[place].size
            var found: [InspectionReport.Finding] = []
            if lengths[place] < low - reach || lengths[place] > high + reach {
                let typical = Int(RobustStatistics.median(lengths).rounded())
                found.append(
                    set.finding(
                        .oddSize,
                        side,
                        at: place,
                        value: lengths[place],
                        "the \(side.rawValue) has \(size) pixels, the set about \(typical) squared"
                    )
                )
            }
            if aspects[place] < 0.35 && !isCommonAspect {
                found.append(
                    set.finding(
                        .oddAspect,
                        side,
                        at: place,
                        value: aspects[place],
                        "the \(side.rawValue) has \(size) pixels, much longer one way"
                    )
                )
            }
            return found
        }
    }

    private func aspect(of size: ImageSize) -> Double {
        Double(min(size.width, size.height)) / Double(max(size.width, size.height))
    }

    /// A number with two decimals.
    private func text(_ value: Double) -> String {
        let hundredths = Int((abs(value) * 100).rounded())
        let rest = hundredths % 100
        return "\(value < 0 ? "-" : "")\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
    }
}
