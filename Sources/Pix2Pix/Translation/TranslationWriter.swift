import DatasetKit
import Synchronization

/// Writes results, each whole or not at all, and takes note of them and of what failed.
final class TranslationWriter: Sendable {
    /// An image that was made.
    struct Made: Sendable {
        /// The number of its item.
        var number: Int
        var image: Image
        var result: TranslationRecord.Result
    }

    private struct Notes {
        var results: [Int: TranslationRecord.Result] = [:]
        var failures: [Int: TranslationRecord.Failure] = [:]
        var problem: DatasetError?
    }

    private let folder: String
    private let format: ImageFormat
    private let hasAlpha: Bool
    private let notes = Mutex(Notes())

    /// Prepares to write images of a side into a folder.
    init(to folder: String, _ format: ImageFormat, of side: DatasetIndex.Side) {
        self.folder = folder
        self.format = format
        hasAlpha = side.alpha ?? false
    }

    /// Writes one image; what the operating system refuses is kept in ``problem``.
    func write(_ made: Made) {
        let path = "\(folder)/\(made.result.output)"
        do throws(DatasetError) {
            let bytes = try format.encoded(made.image, hasAlpha: hasAlpha)
            try FileSystem.makeFolder(FileSystem.folder(of: path))
            try FileSystem.writeAtomically(bytes, to: path)
            notes.withLock { $0.results[made.number] = made.result }
        } catch {
            guard error.code == .io || error.code == .notFound else {
                return fail(made.number, source: made.result.source, because: error.message)
            }
            notes.withLock { $0.problem = $0.problem ?? error }
        }
    }

    /// Takes note of an image that could not be translated.
    func fail(_ number: Int, source: String, because reason: String) {
        notes.withLock {
            $0.failures[number] = TranslationRecord.Failure(source: source, reason: reason)
        }
    }

    /// Why nothing more can be written: a full disk, say.
    var problem: DatasetError? { notes.withLock { $0.problem } }

    /// How many images are done, well or not.
    var count: Int { notes.withLock { $0.results.count + $0.failures.count } }

    /// Adds what was written and what failed, in the order of the items.
    func complete(_ record: inout TranslationRecord) {
        notes.withLock { notes in
            record.images = notes.results.sorted { $0.key < $1.key }.map(\.value)
            record.failures = notes.failures.sorted { $0.key < $1.key }.map(\.value)
        }
    }
}
