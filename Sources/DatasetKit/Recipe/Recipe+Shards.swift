extension Recipe {
    /// How shards are cut.
    public struct ShardOptions: Equatable, Sendable {
        /// The most bytes a shard may have; a shard always holds at least one pair.
        ///
        /// `nil` cuts a dataset into at least sixteen shards of 4 to 64 MiB: see
        /// ``ShardLayout/defaultMaxBytes(total:)``.
        public var maxBytes: Int?

        init(_ reader: JSONObjectReader?) throws(DatasetError) {
            guard var reader else { return }
            maxBytes = try reader.integer("maxBytes", in: 4096...(1 << 40))
            try reader.finish()
        }

        var json: JSONValue { .object(maxBytes.map { ["maxBytes": .integer($0)] } ?? [:]) }
    }
}
