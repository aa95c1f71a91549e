/// What some trainers put before all names of a network.
enum NamePrefix {
    /// `module.` by DataParallel, `_orig_mod.` by torch.compile, the rest by modules around a generator.
    private static let known = [
        "module.", "_orig_mod.", "netG.", "net_G.", "generator.", "gen.", "G.", "model.",
    ]
    /// How many may stand one before the other.
    private static let maximumDepth = 3

    /// The prefixes that some names have: none first, then the shorter before the longer.
    static func candidates(in names: [String]) -> [String] {
        var found = [""]
        var level = [""]
        for _ in 0..<maximumDepth {
            level = level.flatMap { start in known.map { start + $0 } }
                .filter { prefix in names.contains { $0.hasPrefix(prefix) } }
            found += level
        }
        return found
    }

    /// The names that have a prefix, by what follows it.
    static func strip(_ prefix: String, from names: [String]) -> [String: String] {
        var stripped: [String: String] = [:]
        for name in names where name.hasPrefix(prefix) {
            stripped[String(name.dropFirst(prefix.count))] = name
        }
        return stripped
    }

    /// The names by those that a network has, with the prefix under which most are found.
    static func strip(from names: [String], for known: Set<String>) -> [String: String] {
        candidates(in: names).map { strip($0, from: names) }
            .map { (names: $0, matches: known.intersection($0.keys).count) }
            .reduce((names: [:], matches: -1)) { $1.matches > $0.matches ? $1 : $0 }.names
    }
}
