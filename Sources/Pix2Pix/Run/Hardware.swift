import FoundationEssentials
import Glibc

/// The machine that a training runs on, for its records.
public enum Hardware {
    /// The processor's name, as the system has it.
    public static var processor: String {
        for line in lines(of: "/proc/cpuinfo") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].hasPrefix("model name") else { continue }
            return parts[1].drop { $0 == " " }.description
        }
        return "unknown"
    }

    /// Processors that can be used.
    public static var cores: Int { sysconf(Int32(_SC_NPROCESSORS_ONLN)) }

    /// Bytes of memory.
    public static var memory: Int {
        sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE))
    }

    /// Bytes of memory that this process uses now; 0 where the system does not say.
    public static var usedMemory: Int {
        let numbers = lines(of: "/proc/self/statm").first?.split(separator: " ") ?? []
        guard numbers.count > 1, let pages = Int(numbers[1]) else { return 0 }
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }

    /// The lines of a file that the system makes up as it is read: its size says nothing.
    private static func lines(of path: String) -> [Substring] {
        let text = FileManager.default.contents(atPath: path) ?? Data()
        return String(decoding: text, as: UTF8.self).split(separator: "\n")
    }

    /// The system's name and its kernel's version.
    public static var system: String {
        var name = utsname()
        let kernel =
            unsafe uname(&name) == 0
            ? unsafe withUnsafeBytes(of: &name.release) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            } : "unknown"
        let prefix = "PRETTY_NAME="
        let system = lines(of: "/etc/os-release").first { $0.hasPrefix(prefix) }
        let title = system?.dropFirst(prefix.count).filter { $0 != "\"" } ?? "Linux"
        return "\(title), kernel \(kernel)"
    }

    /// What `config.json` keeps of it.
    static func described(device: String) -> [String: String] {
        [
            "processor": processor, "cores": "\(cores)", "memory": "\(memory / 1_000_000) MB",
            "device": device,
        ]
    }
}
