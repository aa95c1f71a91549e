import ArgumentParser
import CommandKit
import DatasetKit
import SampleFacades
import Synchronization

/// `p2p-data sample`: draws a dataset of facades, so that the first run needs no download.
struct SampleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample",
        abstract: "Draw a sample dataset of building facades, photo left, label map right.",
        discussion: "The same seed gives the same bytes. recipes/sample.json builds it."
    )

    @Option(help: "The folder to write; it must not exist or be empty.")
    var out = "datasets/sample"

    @Option(help: "How many pairs to draw.")
    var pairs = 96

    @Option(help: "The seed of everything that is drawn.")
    var seed: UInt64 = 7

    @OptionGroup var jobs: JobsOption

    func validate() throws {
        guard (1...1_000_000).contains(pairs) else {
            throw ValidationError("--pairs takes a number from 1 to 1000000, found \(pairs)")
        }
    }

    func run() throws {
        try reportingErrors {
            try checkOutput()
            let partial = "\(out).partial"
            try FileSystem.remove(partial)
            let failure = Mutex<DatasetError?>(nil)
            let done = Atomic<Int>(0)
            let files = try self.files(in: partial)
            let progress = CountProgress(unit: "pairs")
            parallelLoop(count: files.count, jobs: jobs.jobs) { number in
                do throws(DatasetError) {
                    let image = FacadeSample(seed: seed, number: number).sideBySide()
                    try FileSystem.writeAtomically(
                        try ImageCodec.encodeJPEG(image, quality: 95),
                        to: files[number]
                    )
                } catch {
                    failure.withLock { $0 = $0 ?? error }
                }
                let count = done.wrappingAdd(1, ordering: .relaxed).newValue
                progress.update("draw", done: count, of: files.count)
            }
            progress.end()
            if let failure = failure.withLock({ $0 }) { throw failure }
            try FileSystem.remove(out)
            try FileSystem.rename(partial, to: out)
            Console.result("\(out): \(pairs) pairs")
        }
    }

    private func checkOutput() throws(DatasetError) {
        guard FileSystem.kind(of: out) != nil else { return }
        guard FileSystem.kind(of: out) == .folder, try FileSystem.names(in: out).isEmpty else {
            throw DatasetError(
                .exists,
                "expected no folder or an empty one, found files; remove it or give another --out",
                path: out
            )
        }
    }

    /// The files to write, and the folders for them: `train/001.jpg` and so on.
    private func files(in folder: String) throws(DatasetError) -> [String] {
        let counts = FacadeSample.splits(pairs: pairs)
        var files: [String] = []
        for (split, count) in [("train", counts.train), ("val", counts.val), ("test", counts.test)]
        where count > 0 {
            try FileSystem.makeFolder("\(folder)/\(split)")
            for number in 1...count {
                let digits = String(number)
                let zeros = String(repeating: "0", count: max(0, 3 - digits.count))
                files.append("\(folder)/\(split)/\(zeros)\(digits).jpg")
            }
        }
        return files
    }
}
