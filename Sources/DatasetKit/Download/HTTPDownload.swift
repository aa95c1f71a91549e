import Dispatch
import Foundation
import FoundationNetworking
import Synchronization

/// One file fetched over HTTP, straight to disk.
struct HTTPDownload: Sendable {
    let url: String
    /// Where the file will be; it appears when it is whole.
    let path: String

    /// Downloads the file and waits for it.
    ///
    /// - Parameter progress: Called with the bytes received and expected.
    /// - Throws: ``DatasetError`` with code `io`.
    func run(progress: @escaping @Sendable (Int, Int?) -> Void) throws(DatasetError) {
        guard let address = URL(string: url) else {
            throw DatasetError(.io, "not an address that can be fetched", path: url)
        }
        let receiver = try Receiver(OutputFile(path: path), progress: progress)
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = 60
        let session = URLSession(
            configuration: configuration,
            delegate: receiver,
            delegateQueue: nil
        )
        defer { session.invalidateAndCancel() }
        session.dataTask(with: address).resume()
        try receiver.wait()
    }

    /// Writes what arrives to the file.
    private final class Receiver: NSObject, URLSessionDataDelegate, Sendable {
        private struct State {
            var received = 0
            var expected: Int?
            var failure: DatasetError?
        }

        private let file: OutputFile
        private let progress: @Sendable (Int, Int?) -> Void
        private let state = Mutex(State())
        private let finished = DispatchSemaphore(value: 0)

        init(_ file: OutputFile, progress: @escaping @Sendable (Int, Int?) -> Void) {
            self.file = file
            self.progress = progress
        }

        func wait() throws(DatasetError) {
            finished.wait()
            let state = state.withLock { $0 }
            do throws(DatasetError) {
                if let failure = state.failure { throw failure }
                if let expected = state.expected, expected != state.received {
                    throw DatasetError(
                        .io,
                        "the connection ended after \(state.received) of \(expected) bytes"
                    )
                }
                try file.commit()
            } catch {
                // The session may keep this object, and with it the file, for a while.
                file.discard()
                throw error
            }
        }

        func urlSession(
            _ session: URLSession,
            dataTask: URLSessionDataTask,
            didReceive response: URLResponse,
            completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
        ) {
            let status = (response as? HTTPURLResponse)?.statusCode ?? 0
            state.withLock { state in
                if status != 200 {
                    state.failure = DatasetError(.io, "the server answered with status \(status)")
                } else if response.expectedContentLength >= 0 {
                    state.expected = Int(response.expectedContentLength)
                }
            }
            completionHandler(status == 200 ? .allow : .cancel)
        }

        func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data)
        {
            let (received, expected, failure) = state.withLock { state in
                if state.failure == nil {
                    do throws(DatasetError) {
                        try file.write(data.bytes, at: state.received)
                        state.received += data.count
                    } catch {
                        state.failure = error
                    }
                }
                return (state.received, state.expected, state.failure)
            }
            if failure != nil { dataTask.cancel() } else { progress(received, expected) }
        }

        func urlSession(
            _ session: URLSession,
            task: URLSessionTask,
            didCompleteWithError error: (any Error)?
        ) {
            if let error {
                state.withLock { state in
                    state.failure =
                        state.failure
                        ?? DatasetError(.io, "cannot download it: \(error.localizedDescription)")
                }
            }
            finished.signal()
        }
    }
}
