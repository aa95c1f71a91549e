import Glibc
import TestSupport
import Testing

import DatasetKit

@Suite struct LockedFileTests {
    private let temporary: TemporaryFolder
    private var path: String { temporary.path("file") }

    init() throws { temporary = try TemporaryFolder() }

    @Test func oneAtATimeHasIt() throws {
        let first = try #require(try LockedFile(path: path))
        #expect(try LockedFile(path: path) == nil)
        withExtendedLifetime(first) {}
    }

    /// As a process has one that is just being started.
    @Test func aCopyOfTheDescriptorDoesNotKeepTheLock() throws {
        var first = try LockedFile(path: path)
        let copy = dup(try #require(first).descriptor)
        defer { close(copy) }
        first = nil
        #expect(try LockedFile(path: path) != nil)
    }

    @Test func aFolderThatIsNotThereIsAnError() {
        #expect(throws: DatasetError.self) { try LockedFile(path: temporary.path("no/file")) }
    }
}
