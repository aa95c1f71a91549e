/// The files of a pair, relative to the source's folder.
package enum PairFiles: Sendable, Equatable {
    /// One file holds both images.
    case sideBySide(String)
    /// Two files.
    case separate(input: String, target: String)

    /// All files, the input's first.
    var all: [String] {
        switch self {
        case .sideBySide(let path): [path]
        case .separate(let input, let target): [input, target]
        }
    }
}

/// A pair known by its files' names only: nothing has been opened.
package struct ListedPair: Sendable {
    /// The pair's name, in Unicode's NFC.
    package var key: String
    /// Its split, once it is known.
    package var split: DatasetSplit?
    /// What must not be torn apart by a split.
    package var group: String?
    /// Its files.
    package var files: PairFiles
}

/// What a layout finds: pairs, and what is wrong with the rest.
///
/// Nothing is dropped.
struct PairListing {
    /// The pairs, in no particular order.
    var pairs: [ListedPair] = []
    /// Files and rows that make no pair.
    var faults: [PairFault] = []
    /// Files that no pair asks for, relative to the source's folder.
    var ignored: [String] = []
    /// What the user should know.
    var notes: [String] = []
}
