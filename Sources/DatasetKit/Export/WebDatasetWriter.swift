import Synchronization

/// Writes pairs as samples of WebDataset: `train-000000.tar` and so on, cut where one is full.
///
/// Several threads encode; one writes, in order, so that their number changes nothing.
struct WebDatasetWriter: PairWriter {
    private let names: WebDatasetNames
    private let maxBytes: Int
    private let folder: String

    init(_ export: DatasetExport, _ selection: PairSelection) throws(DatasetError) {
        names = try WebDatasetNames(selection)
        maxBytes = export.maxBytes
        folder = export.dataset.folder
    }

    func check(key: String, split: DatasetSplit) throws(DatasetError) {
        _ = try ExportedKey(key, folder: folder)
        try names.check(key, in: split)
    }

    func write(
        _ selection: PairSelection,
        to folder: NewFolder,
        jobs: Int,
        progress: @Sendable (Int, Int) -> Void
    ) throws(DatasetError) -> DatasetExport.Report {
        var report = DatasetExport.Report()
        var tar: TarWriter?
        var split: DatasetSplit?
        var number = 0
        // So many samples are held at a time.
        let window = 8 * max(1, jobs)
        for start in stride(from: 0, to: selection.pairs.count, by: window) {
            let range = start..<min(start + window, selection.pairs.count)
            let samples = Mutex<[Int: [TarWriter.Member]]>([:])
            try selection.forEach(in: range, jobs: jobs) { (place, pair) throws(DatasetError) in
                let members = try Self.members(of: pair, in: selection)
                samples.withLock { $0[place] = members }
            }
            for (place, members) in samples.withLock({ $0 }).sorted(by: { $0.key < $1.key }) {
                let pair = selection.pairs[start + place]
                let length = members.reduce(0) { $0 + TarWriter.length(of: $1) }
                let isFull = tar.map { $0.length + length > maxBytes } ?? true
                if isFull || pair.split != split {
                    number = pair.split == split ? number + 1 : 0
                    split = pair.split
                    report.bytes += try tar?.finish() ?? 0
                    let name = Self.fileName(pair.split, number)
                    tar = try TarWriter(path: "\(folder.temporaryPath)/\(name)")
                    report.files += 1
                }
                for member in members { try tar?.add(member) }
                report.pairs += 1
                progress(report.pairs, selection.pairs.count)
            }
        }
        report.bytes += try tar?.finish() ?? 0
        return report
    }

    /// What the `json` field of a sample says.
    private struct Description: Encodable {
        var index: Int
        var key: String
        var split: DatasetSplit
    }

    private static func members(
        of pair: PairSelection.Pair,
        in selection: PairSelection
    ) throws(DatasetError) -> [TarWriter.Member] {
        let key = try selection.key(of: pair)
        let images = try selection.images(of: pair)
        let name = WebDatasetNames.name(of: key)
        let description = Description(index: pair.number, key: key, split: pair.split)
        guard let json = try? JSONText.canonical(description) else {
            throw DatasetError(.corrupt, "the name of the pair \(key) is no text")
        }
        return [
            TarWriter.Member(
                name: "\(name).input.png",
                bytes: try ImageCodec.encodePNG(images.input, level: DatasetExport.pngLevel)
            ),
            TarWriter.Member(name: "\(name).json", bytes: Array(json)),
            TarWriter.Member(
                name: "\(name).target.png",
                bytes: try ImageCodec.encodePNG(images.target, level: DatasetExport.pngLevel)
            ),
        ]
    }

    /// Such as `train-000000.tar`.
    private static func fileName(_ split: DatasetSplit, _ number: Int) -> String {
        let digits = String(number)
        let zeros = String(repeating: "0", count: max(0, 6 - digits.count))
        return "\(split.rawValue)-\(zeros)\(digits).tar"
    }
}
