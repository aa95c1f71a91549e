/// Pairs that can be inspected, whether they are built or not.
package protocol InspectionSource: Sendable {
    /// What the set is called in a report.
    var name: String { get }
    /// The pairs, in a fixed order.
    var items: [InspectionItem] { get }
    /// What was already found unusable while the pairs were looked for.
    var losses: [DatasetError] { get }

    /// The images of one pair; called from several threads.
    ///
    /// - Parameter index: The pair's place in ``items``.
    /// - Returns: Both images as they are in the source.
    /// - Throws: ``DatasetError`` naming the file or shard that cannot be read.
    func pair(at index: Int) throws(DatasetError) -> ImagePair

    /// The images of one pair for people to look at: 8-bit grey or RGB.
    ///
    /// - Parameter index: The pair's place in ``items``.
    /// - Returns: Both images, inks as light and label numbers as colours.
    /// - Throws: ``DatasetError`` naming the file or shard that cannot be read.
    func displayedPair(at index: Int) throws(DatasetError) -> ImagePair
}

/// What is known of a pair before its pixels are looked at.
package struct InspectionItem: Sendable {
    /// The pair's name in its split.
    package var key: String
    /// The split it belongs to.
    package var split: DatasetSplit
    /// What must not be torn apart by a split, such as the photograph that tiles were cut from.
    package var group: String?
    /// The files it comes from; empty where it comes from shards.
    package var paths: [String]

    /// Creates an item.
    package init(key: String, split: DatasetSplit, group: String? = nil, paths: [String] = []) {
        self.key = key
        self.split = split
        self.group = group
        self.paths = paths
    }
}

/// The pairs of all splits of a built dataset.
package struct DatasetInspectionSource: InspectionSource {
    package let name: String
    package let items: [InspectionItem]
    package let losses: [DatasetError]
    private let dataset: Dataset
    private let places: [(split: DatasetSplit, number: Int)]

    /// Lists the pairs of a dataset.
    ///
    /// A shard that cannot be opened is a loss, not a failure: the rest is still worth a look.
    package init(_ dataset: Dataset) {
        self.dataset = dataset
        name = dataset.index.name
        var items: [InspectionItem] = []
        var places: [(split: DatasetSplit, number: Int)] = []
        var losses: [DatasetError] = []
        for split in dataset.splits {
            guard let reader = dataset.split(split) else { continue }
            var failed: Set<DatasetError.Identity> = []
            for number in 0..<reader.count {
                do throws(DatasetError) {
                    items.append(InspectionItem(key: try reader.key(at: number), split: split))
                    places.append((split, number))
                } catch {
                    if failed.insert(error.identity).inserted { losses.append(error) }
                }
            }
        }
        self.items = items
        self.places = places
        self.losses = losses
    }

    package func pair(at index: Int) throws(DatasetError) -> ImagePair {
        let place = places[index]
        return try dataset.pairs(of: place.split).pair(at: place.number)
    }

    package func displayedPair(at index: Int) throws(DatasetError) -> ImagePair {
        let pair = try pair(at: index)
        return ImagePair(
            input: dataset.index.input.displayed(pair.input),
            target: dataset.index.target.displayed(pair.target)
        )
    }
}

extension DatasetError {
    /// What makes two errors the same fault, seen twice.
    fileprivate struct Identity: Hashable {
        var path: String?
        var message: String
    }

    fileprivate var identity: Identity { Identity(path: path, message: message) }
}
