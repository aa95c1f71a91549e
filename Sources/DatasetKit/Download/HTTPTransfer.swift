import Dispatch
import Foundation
import FoundationNetworking
import Synchronization

/// One request for a file, or for the rest of one, and its answer.
final class HTTPTransfer: NSObject, URLSessionDataDelegate, Sendable {
    /// How it ended, if it did not fail for good.
    enum End: Equatable {
        /// Everything is there.
        case whole
        /// The server has another version of the file than the one a part is here of.
        case otherVersion
        /// It may work again in a moment: the reason why it did not.
        case interrupted(String)
    }

    private struct State {
        var end: End?
        var failure: DatasetError?
        var hasReceived = false
        var isOver: Bool { end != nil || failure != nil }
    }

    private let address: URL
    private let file: PartialFile
    private let progress: @Sendable (Int, Int?) -> Void
    /// Where the answer is to start; 0 asks for the whole file.
    private let start: Int
    private let state = Mutex(State())
    private let finished = DispatchSemaphore(value: 0)

    init(
        of address: URL,
        into file: PartialFile,
        progress: @escaping @Sendable (Int, Int?) -> Void
    ) {
        self.address = address
        self.file = file
        self.progress = progress
        start = file.source?.validator == nil ? 0 : file.length
    }

    /// Whether any byte of the file has arrived.
    var hasReceived: Bool { state.withLock { $0.hasReceived } }

    /// Sends the request and writes what arrives.
    ///
    /// - Returns: How it ended.
    /// - Throws: ``DatasetError`` with code `io` where another attempt would end the same way.
    func run() throws(DatasetError) -> End {
        var request = URLRequest(url: address)
        // Bytes as they lie on the server: parts of something packed on the way do not fit together.
        request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
        if start > 0, let validator = file.source?.validator {
            request.setValue("bytes=\(start)-", forHTTPHeaderField: "Range")
            request.setValue(validator, forHTTPHeaderField: "If-Range")
        }
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = 60
        let session = URLSession(configuration: configuration, delegate: self, delegateQueue: nil)
        defer { session.invalidateAndCancel() }
        session.dataTask(with: request).resume()
        finished.wait()
        let state = state.withLock { $0 }
        if let failure = state.failure { throw failure }
        return state.end ?? .whole
    }

    // MARK: - The answer

    func urlSession(
        _ session: URLSession,
        dataTask: URLSessionDataTask,
        didReceive response: URLResponse,
        completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
    ) {
        let isOver = state.withLock { state in
            do throws(DatasetError) {
                state.end = try begin(response)
            } catch {
                state.failure = error
            }
            return state.isOver
        }
        completionHandler(isOver ? .cancel : .allow)
    }

    /// Decides by its head what to do with an answer.
    ///
    /// - Returns: `nil` to go on, or the end.
    private func begin(_ response: URLResponse) throws(DatasetError) -> End? {
        guard let response = response as? HTTPURLResponse else {
            throw DatasetError(.io, "the answer is not one of HTTP", path: address.absoluteString)
        }
        switch response.statusCode {
        case 200:
            let source = source(of: response)
            try checkRoom(for: source.total)
            try file.begin(source)
            return nil
        case 206 where start > 0: return try resume(response)
        case 416 where start > 0: return .otherVersion
        case 408, 429, 500..<600:
            return .interrupted("the server answered with status \(response.statusCode)")
        default:
            throw DatasetError(
                .io,
                "the server answered with status \(response.statusCode)",
                path: address.absoluteString
            )
        }
    }

    /// Accepts the rest of the file, if it is the rest of this one.
    private func resume(_ response: HTTPURLResponse) throws(DatasetError) -> End? {
        let known = file.source
        let found = source(of: response)
        let isSame =
            known?.etag.map { $0 == found.etag ?? $0 }
            ?? known?.lastModified.map { $0 == found.lastModified ?? $0 } ?? false
        guard isSame else { return .otherVersion }
        let range = response.value(forHTTPHeaderField: "Content-Range") ?? "nothing"
        guard let part = ContentRange(range), part.first == start,
            part.total == nil || known?.total == nil || part.total == known?.total
        else {
            try file.discard()
            throw DatasetError(
                .io,
                "asked for the bytes from \(start) on, the server sent \(range); what was here is "
                    + "removed, run this again to fetch all of it",
                path: address.absoluteString
            )
        }
        try checkRoom(for: known?.total)
        return nil
    }

    /// What an answer says about the file that it is, or is a part of.
    private func source(of response: HTTPURLResponse) -> PartialFile.Source {
        var source = PartialFile.Source(url: address.absoluteString)
        // Unpacked on the way in: neither its length nor places in it mean anything here.
        let encoding = response.value(forHTTPHeaderField: "Content-Encoding") ?? "identity"
        guard encoding == "identity" else { return source }
        source.etag = response.value(forHTTPHeaderField: "ETag")
        if source.etag?.hasPrefix("W/") == true { source.etag = nil }
        source.lastModified = response.value(forHTTPHeaderField: "Last-Modified")
        let length = Int(response.expectedContentLength)
        source.total = length >= 0 && response.statusCode == 200 ? length : nil
        return source
    }

    /// Refuses at once what the disk has no room for.
    private func checkRoom(for total: Int?) throws(DatasetError) {
        let folder = FileSystem.folder(of: file.path)
        guard let total, let free = DiskSpace.free(at: folder), total - start > free else { return }
        throw DatasetError(
            .io,
            "\(total - start) bytes are to come, and \(free) are free there; make room and run this "
                + "again",
            path: folder
        )
    }

    // MARK: - The bytes

    func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
        let isOver = state.withLock { state in
            guard !state.isOver else { return true }
            do throws(DatasetError) {
                let (received, total) = try file.append(data.bytes)
                state.hasReceived = true
                progress(received, total)
            } catch {
                state.failure = error
            }
            return state.isOver
        }
        if isOver { dataTask.cancel() }
    }

    func urlSession(
        _ session: URLSession,
        task: URLSessionTask,
        didCompleteWithError error: (any Error)?
    ) {
        state.withLock { state in
            guard !state.isOver else { return }
            if let error {
                state.end = .interrupted("cannot download it: \(error.localizedDescription)")
            } else if let total = file.source?.total, file.length != total {
                state.end = .interrupted(
                    "the connection ended after \(file.length) of \(total) bytes"
                )
            }
        }
        finished.signal()
    }
}

/// The header `Content-Range` of an answer, such as `bytes 100-199/200`.
struct ContentRange: Equatable {
    /// The first byte that is sent.
    var first: Int
    /// The last byte that is sent.
    var last: Int
    /// The bytes of the whole file; `nil` for `*`.
    var total: Int?

    /// Reads the header; `nil` where it says something else.
    init?(_ text: String) {
        let words = text.split(separator: " ")
        guard words.count == 2, words[0].lowercased() == "bytes" else { return nil }
        let halves = words[1].split(separator: "/")
        guard halves.count == 2 else { return nil }
        let ends = halves[0].split(separator: "-").compactMap { Int($0) }
        guard ends.count == 2, ends[0] <= ends[1] else { return nil }
        (first, last) = (ends[0], ends[1])
        total = Int(halves[1])
        guard total != nil || halves[1] == "*" else { return nil }
        if let total, last >= total { return nil }
    }
}
