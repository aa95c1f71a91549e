/// The file names of one side: one form, or several of which the first that fits counts.
package struct NameTemplates: Equatable, Sendable {
    /// The forms, in order of preference.
    package let templates: [NameTemplate]

    /// Any image file: the key is its name without the extension.
    package static let any = NameTemplates(templates: [NameTemplate.any])

    /// Creates a list of forms; there is at least one.
    package init(templates: [NameTemplate]) {
        self.templates = templates
    }

    /// The key of a file name; `nil` if the name is of none of the forms.
    package func key(of name: String) -> String? {
        templates.lazy.compactMap { $0.key(of: name) }.first
    }

    /// The forms as written.
    package var text: String { templates.map(\.text).joined(separator: " or ") }

    var json: JSONValue {
        templates.count == 1
            ? .string(templates[0].text) : .array(templates.map { .string($0.text) })
    }
}

/// A form of file names: fixed text, `{key}` once, and `*` for anything.
///
/// `.*` at the end stands for the extension of any image format.
package struct NameTemplate: Equatable, Sendable {
    /// The template as written.
    package let text: String
    /// The literal pieces before `{key}`, between stars.
    private let prefix: [Substring]
    /// The literal pieces after `{key}`, between stars, the image extension taken off.
    private let suffix: [Substring]
    private let takesAnyExtension: Bool

    /// Any image file: the key is its name without the extension.
    package static let any = NameTemplate(unchecked: "{key}.*")

    /// Reads a template.
    ///
    /// - Returns: `nil` without exactly one `{key}`, or with a slash: templates are about names.
    package init?(_ text: String) {
        guard text.components(separatedBy: "{key}") == 2, !text.contains("/") else { return nil }
        self.init(unchecked: text)
    }

    private init(unchecked text: String) {
        self.text = text
        takesAnyExtension = text.hasSuffix(".*")
        let pattern = takesAnyExtension ? text.dropLast(2) : text[...]
        let start = pattern.firstRange(of: "{key}")
        let before = start.map { pattern[..<$0.lowerBound] } ?? ""
        let after = start.map { pattern[$0.upperBound...] } ?? ""
        prefix = before.split(separator: "*", omittingEmptySubsequences: false)
        suffix = after.split(separator: "*", omittingEmptySubsequences: false)
    }

    /// The key of a file name; `nil` if the name is not of this form.
    ///
    /// Stars take as little as they can, so that the key takes as much as it can.
    package func key(of name: String) -> String? {
        var rest = name[...]
        if takesAnyExtension {
            guard ImageFormat.knownExtensions.contains(FileSystem.fileExtension(of: name)),
                let dot = rest.lastIndex(of: ".")
            else { return nil }
            rest = rest[..<dot]
        }
        guard rest.hasPrefix(prefix[0]) else { return nil }
        rest = rest.dropFirst(prefix[0].count)
        for piece in prefix.dropFirst() {
            if piece.isEmpty { continue }
            guard let range = rest.firstRange(of: piece) else { return nil }
            rest = rest[range.upperBound...]
        }
        let last = suffix[suffix.count - 1]
        guard rest.hasSuffix(last) else { return nil }
        rest = rest.dropLast(last.count)
        for piece in suffix.dropLast().reversed() {
            if piece.isEmpty { continue }
            guard let start = rest.lastStart(of: piece) else { return nil }
            rest = rest[..<start]
        }
        return rest.isEmpty ? nil : String(rest)
    }
}

extension Substring {
    /// Where the last occurrence of a text starts.
    fileprivate func lastStart(of text: Substring) -> Index? {
        var start = index(endIndex, offsetBy: -text.count, limitedBy: startIndex)
        while let place = start {
            if self[place...].hasPrefix(text) { return place }
            start = place > startIndex ? index(before: place) : nil
        }
        return nil
    }
}

extension String {
    /// How many pieces a separator cuts the text into.
    fileprivate func components(separatedBy separator: String) -> Int {
        ranges(of: separator).count + 1
    }
}
