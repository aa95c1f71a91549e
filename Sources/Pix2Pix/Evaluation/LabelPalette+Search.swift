import DatasetKit

extension LabelPalette {
    /// Finds the classes of a split's targets, as they lie in the shards.
    ///
    /// - Parameters:
    ///   - reader: The split.
    ///   - dataset: The dataset.
    ///   - wanted: What the targets are; `nil` finds out.
    ///   - ignoring: Classes that do not count.
    /// - Returns: `nil` where the targets are no label maps, unless somebody says they are.
    /// - Throws: ``DatasetError`` where a pair cannot be read, or the targets are not what is wanted;
    ///   ``TrainingError`` with code `impossibleSettings` for ignored classes that there are not.
    static func found(
        in reader: SplitReader,
        of dataset: Dataset,
        as wanted: Kind?,
        ignoring: [String]
    ) throws -> LabelPalette? {
        let side = dataset.index.target
        let kind = wanted ?? (side.colors == .indices ? .indices : .colors)
        guard kind != .none else { return nil }
        let channels = kind == .indices ? [1] : [1, 3]
        guard side.dtype == .u8, channels.contains(side.channels) else {
            guard wanted != nil else { return nil }
            throw DatasetError(
                .mismatch,
                "--labels \(kind.rawValue): expected targets of 8 bits and "
                    + (kind == .indices ? "1 channel" : "1 or 3 channels")
                    + ", found \(side.channels) of \(side.dtype.rawValue)",
                path: dataset.folder
            )
        }
        var scan = LabelMapScan()
        // Neighbours in a split are often alike: the first sweep passes over the whole of it.
        let step = max(1, reader.count / 64)
        let order = (0..<step).flatMap { stride(from: $0, to: reader.count, by: step) }
        for number in order {
            try scan.add(reader.pair(at: number).target)
            if scan.isOver { break }
        }
        let isAsked = wanted != nil || side.colors == .indices
        guard let colors = isAsked ? scan.anyColors : scan.labelMapColors else {
            guard isAsked else { return nil }
            throw DatasetError(
                .mismatch,
                "--labels \(kind.rawValue): expected targets of at most \(LabelMapScan.mostColors) "
                    + "colours, or flat areas of a few, found images of many; leave the flag out",
                path: dataset.folder
            )
        }
        return try LabelPalette(
            colors: colors.colors,
            kind: kind,
            isExact: colors.areExact,
            ignoring: ignoring
        )
    }
}
