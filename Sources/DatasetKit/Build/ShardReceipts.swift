import FoundationEssentials
import Glibc
import Synchronization

/// What must be known of finished shards besides their bytes, to go on as if nothing had happened.
///
/// A file with a line of JSON for each, appended when it is finished. A line that was lost, or that
/// is not whole, costs no more than the work on its shard: so nothing waits for the disk here.
package final class ShardReceipts: Sendable {
    /// What is known of a shard.
    package struct Receipt: Decodable, Equatable {
        /// The name of its file.
        package var shard: String
        /// What was done to its images.
        package var conversions: [String: Int]
        /// What the decoders found odd.
        package var warnings: [String]

        package init(shard: String, conversions: [String: Int], warnings: [String]) {
            self.shard = shard
            self.conversions = conversions
            self.warnings = warnings
        }

        /// Its line.
        ///
        /// By hand, as setting up an encoder for each takes longer than all else here.
        fileprivate var json: String {
            let counts = conversions.sorted { $0.key < $1.key }
                .map { "\(JSONText.quoted($0.key)):\($0.value)" }
            let lines = warnings.map(JSONText.quoted)
            return "{\"conversions\":{\(counts.joined(separator: ","))},"
                + "\"shard\":\(JSONText.quoted(shard)),\"warnings\":[\(lines.joined(separator: ","))]}"
        }
    }

    private struct State {
        var receipts: [String: Receipt] = [:]
        /// Bytes of the whole lines.
        var length = 0
    }

    private let path: String
    private let descriptor: Int32
    private let state = Mutex(State())

    /// Reads the file; makes an empty one where there is none.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    package init(path: String) throws(DatasetError) {
        self.path = path
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .system("cannot write", path: path) }
        let bytes = try FileSystem.contents(of: path)
        let length = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        guard ftruncate(descriptor, length) == 0 else {
            throw .system("cannot cut off the end of", path: path)
        }
        state.withLock { state in
            state.length = length
            for line in bytes[..<length].split(separator: UInt8(ascii: "\n")) {
                let receipt = try? JSONDecoder().decode(Receipt.self, from: Data(line))
                if let receipt { state.receipts[receipt.shard] = receipt }
            }
        }
    }

    deinit { close(descriptor) }

    /// What is known of a shard; `nil` if it was not finished.
    package subscript(shard: String) -> Receipt? { state.withLock { $0.receipts[shard] } }

    /// Notes that a shard is finished.
    ///
    /// - Throws: ``DatasetError`` with code `io`.
    package func add(_ receipt: Receipt) throws(DatasetError) {
        let line = Array("\(receipt.json)\n".utf8)
        try state.withLock { (state) throws(DatasetError) in
            let bytes = unsafe line.span.bytes
            try FileSystem.write(bytes, to: descriptor, at: state.length, path: path)
            state.length += line.count
            state.receipts[receipt.shard] = receipt
        }
    }
}
