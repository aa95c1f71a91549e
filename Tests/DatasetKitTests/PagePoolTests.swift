import DatasetKit
import TestSupport
import Testing

/// Files that are put together in memory.
@Suite struct PagePoolTests {
    /// Around one page, and some.
    private static let lengths = [0, 1, 4095, 4096, 4097, 8192, 50_001]

    /// `/dev/shm` and the folder of temporary files are most often different file systems, and one of
    /// them may be without direct writing.
    @Test(arguments: ["/dev/shm", nil])
    func aFileHasTheBytesThatWerePutTogether(_ place: String?) throws {
        guard place.map({ FileSystem.kind(of: $0) == .folder }) ?? true else { return }
        let temporary = try TemporaryFolder(in: place)
        let pool = PagePool(size: 16 << 12, capacity: 1)
        // Each is written over what the one before has left in the same memory.
        for length in Self.lengths.reversed() {
            let bytes = Noise.bytes(length, seed: UInt32(length))
            do {
                let pages = try #require(pool.pages(count: length))
                let middle = length / 3
                unsafe pages.write(bytes.span.bytes.extracting(middle...), at: middle)
                unsafe pages.write(bytes.span.bytes.extracting(..<middle), at: 0)
                let file = try OutputFile(path: temporary.path("file"))
                try file.write(pages)
                try file.commit()
            }
            #expect(try temporary.bytes(of: "file") == bytes, "\(length)")
        }
    }

    @Test(arguments: KernelLevel.available)
    func theyAreHashedWhereTheyLie(_ level: KernelLevel) throws {
        // Around the 16 KiB of a message that are copied at a time.
        let lengths = Self.lengths + [16_383, 16_384, 16_385, 65_536, 65_535]
        let pool = PagePool(size: 65_536, capacity: lengths.count)
        let messages = lengths.map { Noise.bytes($0, seed: UInt32($0)) }
        var files: [Pages] = []
        for message in messages {
            let pages = try #require(pool.pages(count: message.count))
            unsafe pages.write(message.span.bytes, at: 0)
            files.append(pages)
        }
        let found = Checksum.sha256(ofSizes: lengths, level: level) { HashedPages(files[$0]) }
        #expect(found == Checksum.sha256(ofBuffers: messages, level: .portable))
    }

    @Test func thereIsOnlySoMuch() throws {
        let pool = PagePool(size: 4096, capacity: 2)
        #expect(pool.pages(count: 4097) == nil)
        var first = pool.pages(count: 1)
        let second = pool.pages(count: 4096)
        #expect(first != nil && second != nil)
        #expect(pool.pages(count: 1) == nil)
        first = nil
        #expect(pool.pages(count: 0) != nil)
        // What went back to the system can be had again, and no more than that.
        pool.release()
        first = pool.pages(count: 1)
        #expect(first != nil && pool.pages(count: 1) == nil)
        withExtendedLifetime((first, second)) {}
    }
}
