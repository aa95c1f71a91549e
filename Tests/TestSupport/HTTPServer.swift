import Foundation
import Glibc

/// A web server on this machine, for tests of downloads.
///
/// It serves files as a good server does, or answers as a test says: too little, too late, too much.
public final class HTTPServer: Sendable {
    /// What was asked for.
    public struct Request: Sendable {
        /// The path, such as `/set.tar.gz`.
        public var path: String
        /// The headers by their names in lower case.
        public var headers: [String: String]
        /// How many requests came before it.
        public var number: Int

        /// The first byte asked for by `Range`, if there is one.
        public var start: Int? {
            headers["range"]?.dropFirst("bytes=".count).split(separator: "-").first.flatMap {
                Int($0)
            }
        }
    }

    /// What is answered.
    public struct Answer: Sendable {
        /// Code and reason.
        public var status: String
        /// The headers besides the length.
        public var headers: [String: String]
        /// The bytes.
        public var body: [UInt8]
        /// Bytes that are announced but never come.
        public var missing = 0
        /// Seconds until the connection is closed, while other requests are answered.
        public var hold = 0.0

        /// Creates an answer.
        public init(_ status: String, headers: [String: String] = [:], body: [UInt8] = []) {
            self.status = status
            self.headers = headers
            self.body = body
        }

        /// A file, or the part of it that was asked for, as RFC 9110 wants it.
        public static func file(
            _ bytes: [UInt8],
            for request: Request,
            etag: String? = nil,
            lastModified: String? = nil
        ) -> Answer {
            var headers: [String: String] = [:]
            headers["ETag"] = etag
            headers["Last-Modified"] = lastModified
            let condition = request.headers["if-range"]
            guard let start = request.start,
                condition == nil || condition == etag || condition == lastModified
            else { return Answer("200 OK", headers: headers, body: bytes) }
            guard start < bytes.count else {
                headers["Content-Range"] = "bytes */\(bytes.count)"
                return Answer("416 Range Not Satisfiable", headers: headers)
            }
            headers["Content-Range"] = "bytes \(start)-\(bytes.count - 1)/\(bytes.count)"
            return Answer("206 Partial Content", headers: headers, body: Array(bytes[start...]))
        }

        /// The same answer, of which only so many bytes are sent before the connection is cut.
        public func cut(after count: Int) -> Answer {
            var answer = self
            answer.missing += max(0, body.count - count)
            answer.body = Array(body.prefix(count))
            return answer
        }

        /// The same answer, after which the connection stays open, silent, for a while.
        public func holding(seconds: Double) -> Answer {
            var answer = self
            answer.hold = seconds
            return answer
        }
    }

    /// The requests so far.
    private final class Log: @unchecked Sendable {
        private let lock = NSLock()
        private var requests: [Request] = []

        var all: [Request] { lock.withLock { requests } }

        func add(_ request: Request) { lock.withLock { requests.append(request) } }
    }

    /// The port it listens on.
    public let port: UInt16
    private let listener: Int32
    private let log = Log()

    /// Starts serving what a function answers.
    ///
    /// - Throws: `POSIXError` if no port can be had.
    public init(answering answer: @escaping @Sendable (Request) -> Answer) throws {
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
        let log = self.log
        Thread.detachNewThread {
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { return }
                guard let request = Self.request(on: connection, number: log.all.count) else {
                    close(connection)
                    continue
                }
                log.add(request)
                let answer = answer(request)
                Self.send(answer, on: connection)
                guard answer.hold > 0 else {
                    Self.end(connection)
                    continue
                }
                Thread.detachNewThread {
                    Thread.sleep(forTimeInterval: answer.hold)
                    Self.end(connection)
                }
            }
        }
    }

    /// Starts serving files.
    ///
    /// - Parameter files: The contents by path, such as `/set.tar.gz`; anything else is answered
    ///   with 404.
    /// - Throws: `POSIXError` if no port can be had.
    public convenience init(files: [String: [UInt8]]) throws {
        try self.init { request in
            files[request.path].map { .file($0, for: request) } ?? Answer("404 Not Found")
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    /// What has been asked for so far.
    public var requests: [Request] { log.all }

    /// The address of one of its files.
    public func url(_ path: String) -> String { "http://127.0.0.1:\(port)\(path)" }

    private static func request(on connection: Int32, number: Int) -> Request? {
        var bytes = [UInt8](repeating: 0, count: 8192)
        let count = read(connection, &bytes, bytes.count)
        guard count > 0 else { return nil }
        let lines = String(decoding: bytes[..<count], as: UTF8.self)
            .split(separator: "\r\n", omittingEmptySubsequences: false)
        let words = lines[0].split(separator: " ")
        guard words.count > 1 else { return nil }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { break }
            headers[line[..<colon].lowercased()] =
                line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        }
        return Request(path: String(words[1]), headers: headers, number: number)
    }

    /// Ends a connection at once, also where a process that is just being started has a copy of it.
    private static func end(_ connection: Int32) {
        shutdown(connection, Int32(SHUT_RDWR))
        close(connection)
    }

    private static func send(_ answer: Answer, on connection: Int32) {
        let headers = answer.headers.map { "\($0.key): \($0.value)\r\n" }.joined()
        let head =
            "HTTP/1.1 \(answer.status)\r\nContent-Length: \(answer.body.count + answer.missing)\r\n"
            + headers + "Connection: close\r\n\r\n"
        var rest = (Array(head.utf8) + answer.body)[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes {
                Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard sent > 0 else { return }
            rest = rest.dropFirst(sent)
        }
    }
}
