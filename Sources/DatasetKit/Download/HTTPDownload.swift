import Foundation

/// One file fetched over HTTP, straight to disk; what has arrived is never fetched twice.
///
/// A connection that breaks is taken up where it broke, in this run or a later one, as long as the
/// server says that the file is still the same (`Range` with `If-Range`, RFC 9110, 13.1.5).
struct HTTPDownload: Sendable {
    let url: String
    /// Where the file will be; it appears when it is whole.
    let path: String
    /// How long to wait before each new attempt, as long as nothing arrives.
    var pauses = Self.defaultPauses

    /// Four attempts within a quarter of a minute.
    static let defaultPauses: [Duration] = [.seconds(1), .seconds(2), .seconds(4), .seconds(8)]

    /// Downloads the file, or what is missing of it, and waits for it.
    ///
    /// - Parameter progress: Called with the bytes received and expected.
    /// - Throws: ``DatasetError`` with code `io`: about the address where the network or the server
    ///   is the reason, about a file where this machine is.
    func run(progress: @escaping @Sendable (Int, Int?) -> Void) throws(DatasetError) {
        guard let address = URL(string: url) else {
            throw DatasetError(.io, "not an address that can be fetched", path: url)
        }
        let file = try PartialFile(of: path, from: address.absoluteString)
        defer { file.close() }
        var failures = 0
        var hasReceived = false
        var hasStartedOver = false
        // Bytes that come again and again are no progress: the attempts must end some time.
        var furthest = file.length
        while !file.isWhole {
            let transfer = HTTPTransfer(of: address, into: file, progress: progress)
            let end = try transfer.run()
            hasReceived = hasReceived || transfer.hasReceived
            if file.length > furthest {
                furthest = file.length
                failures = 0
            }
            switch end {
            case .whole: return try file.commit()
            case .otherVersion:
                // What is here belongs to another version of the file; once is bad luck.
                try file.discard()
                guard !hasStartedOver else {
                    throw DatasetError(.io, "the file changes while it is fetched", path: url)
                }
                hasStartedOver = true
            case .interrupted(let reason):
                // A server that never answered is not asked again: a user waits for the message.
                guard hasReceived, failures < pauses.count else {
                    throw interruption(reason, file)
                }
                Thread.sleep(forTimeInterval: Double(pauses[failures]))
                failures += 1
            }
        }
        try file.commit()
    }

    private func interruption(_ reason: String, _ file: PartialFile) -> DatasetError {
        let total = file.source?.total.map { " of \($0)" } ?? ""
        let kept =
            file.length > 0 && file.source?.validator != nil
            ? "; \(file.length)\(total) bytes are kept in \(file.path), and the next run goes on there"
            : ""
        return DatasetError(.io, reason + kept, path: url)
    }
}

extension Double {
    fileprivate init(_ duration: Duration) {
        let parts = duration.components
        self = Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
    }
}
