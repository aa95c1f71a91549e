import Glibc
import Synchronization

/// What a command says to the person in front of it: results on stdout, the rest on stderr.
public enum Console {
    /// Whether stderr is a terminal that can redraw a line.
    public static let isTerminal = isatty(STDERR_FILENO) == 1 && environment("TERM") != "dumb"

    /// Whether words may be coloured: on a terminal, unless `NO_COLOR` is set (https://no-color.org).
    static let usesColor = isTerminal && (environment("NO_COLOR") ?? "").isEmpty

    /// The progress line that stands at the bottom of the terminal, if any.
    private static let liveLine = Mutex<String?>(nil)

    /// Writes a line of the result to stdout, at once: whoever follows a file sees it.
    public static func result(_ text: String) {
        put("\(text)\n", to: STDOUT_FILENO)
    }

    /// Writes a message to stderr.
    public static func message(_ text: String) {
        write("\(text)\n", keepingLiveLine: true)
    }

    /// Writes a warning to stderr.
    public static func warning(_ text: String) {
        message("\(colored("warning:", code: 33)) \(text)")
    }

    /// Writes an error to stderr.
    public static func error(_ text: String) {
        message("\(colored("error:", code: 31)) \(text)")
    }

    /// Redraws the line at the bottom of the terminal; `nil` removes it.
    static func setLiveLine(_ text: String?) {
        // A line that wraps could not be taken back.
        let fitted = text.map { String($0.prefix(columns - 1)) }
        liveLine.withLock { line in
            line = fitted
            put("\r\u{1B}[K\(fitted ?? "")")
        }
    }

    /// The width of the terminal; 80 where it does not say.
    private static var columns: Int {
        var size = winsize()
        let status = unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size)
        return status == 0 && size.ws_col > 1 ? Int(size.ws_col) : 80
    }

    private static func write(_ text: String, keepingLiveLine: Bool) {
        liveLine.withLock { line in
            guard let line else { return put(text) }
            put("\r\u{1B}[K\(text)\(line)")
        }
    }

    private static func put(_ text: String, to descriptor: Int32 = STDERR_FILENO) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes {
                unsafe Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    private static func colored(_ text: String, code: Int) -> String {
        usesColor ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }

    private static func environment(_ name: String) -> String? {
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }
}
