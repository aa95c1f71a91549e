import Foundation
import Glibc

/// A web server on this machine that serves a few files, for tests of downloads.
public final class HTTPServer: Sendable {
    /// The port it listens on.
    public let port: UInt16
    private let listener: Int32

    /// Starts serving.
    ///
    /// - Parameters:
    ///   - files: The contents by path, such as `/set.tar.gz`; anything else is answered with 404.
    ///   - extra: Added to the length that is announced: the connection then ends too early.
    /// - Throws: `POSIXError` if no port can be had.
    public init(files: [String: [UInt8]], announcing extra: Int = 0) throws {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = self.listener
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, length) == 0 && listen(listener, 8) == 0
                    && getsockname(listener, address, &length) == 0
            }
        }
        guard listener >= 0, isListening else { throw POSIXError(.EADDRINUSE) }
        port = UInt16(bigEndian: address.sin_port)
        Thread.detachNewThread {
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { return }
                Self.answer(connection, files: files, extra: extra)
                close(connection)
            }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    /// The address of one of its files.
    public func url(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }

    private static func answer(_ connection: Int32, files: [String: [UInt8]], extra: Int) {
        var request = [UInt8](repeating: 0, count: 8192)
        let count = read(connection, &request, request.count)
        guard count > 0 else { return }
        let words = String(decoding: request[..<count], as: UTF8.self).split(separator: " ")
        let body = words.count > 1 ? files[String(words[1])] : nil
        let status = body == nil ? "404 Not Found" : "200 OK"
        let head =
            "HTTP/1.1 \(status)\r\nContent-Length: \((body?.count ?? 0) + extra)\r\n"
            + "Connection: close\r\n\r\n"
        var rest = (Array(head.utf8) + (body ?? []))[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes {
                send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard sent > 0 else { return }
            rest = rest.dropFirst(sent)
        }
    }
}
