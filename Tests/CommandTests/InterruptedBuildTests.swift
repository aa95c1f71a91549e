import DatasetKit
import Foundation
import TestSupport
import Testing

/// `p2p-data build` killed, stopped and starved of disk.
@Suite struct InterruptedBuildTests {
    private let temporary: TemporaryFolder
    private let data = Command("p2p-data")

    init() throws {
        temporary = try TemporaryFolder()
        _ = try SideBySideSource(
            in: temporary,
            train: 60,
            val: 10,
            half: ImageSize(width: 128, height: 128)
        )
        try temporary.write(
            """
            {"name": "noise", "source": {"path": "source"}, "resize": {"width": 143, "height": 143},
             "shards": {"maxBytes": 150000}}
            """,
            to: "recipe.json"
        )
    }

    private func files(in folder: String) throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for name in try FileSystem.names(in: temporary.path(folder)) {
            files[name] = try temporary.bytes(of: "\(folder)/\(name)")
        }
        return files
    }

    @Test func killedAtAnyMomentTheNextBuildEndsWithTheSameBytes() throws {
        let start = Date()
        #expect(
            try data.run(["build", "recipe.json", "--out", "whole"], in: temporary.path).status == 0
        )
        let duration = Date().timeIntervalSince(start)
        let whole = try files(in: "whole")
        for attempt in 0..<12 {
            // From the first moment to beyond the last.
            let process = try data.start(["build", "recipe.json"], in: temporary.path)
            Thread.sleep(forTimeInterval: duration * Double(attempt) / 10)
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            if FileSystem.kind(of: temporary.path("out")) != nil {
                // What has its name is whole.
                #expect(try data.run(["verify"], in: temporary.path).status == 0)
            }
            let again = try data.run(
                ["build", "recipe.json", "--jobs", "\(1 + attempt % 3)"],
                in: temporary.path
            )
            #expect(again.status == 0, "\(again.messages)")
            #expect(try files(in: "out") == whole)
            #expect(FileSystem.kind(of: temporary.path("out.partial")) == nil)
            try FileSystem.remove(temporary.path("out"))
        }
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func aSignalEndsABuildInGoodOrder(_ signal: Int32) throws {
        let process = try data.start(["build", "recipe.json", "--jobs", "1"], in: temporary.path)
        let partial = temporary.path("out.partial/.build")
        let limit = Date().addingTimeInterval(20)
        while FileSystem.kind(of: partial) == nil, process.isRunning, Date() < limit {
            Thread.sleep(forTimeInterval: 0.001)
        }
        kill(process.processIdentifier, signal)
        process.waitUntilExit()
        // Either it was in time to stop, or it had finished.
        if process.terminationStatus != 0 {
            #expect(process.terminationStatus == 128 + signal)
            #expect(FileSystem.kind(of: temporary.path("out")) == nil)
        }
        #expect(try data.run(["build", "recipe.json"], in: temporary.path).status == 0)
        #expect(try data.run(["verify"], in: temporary.path).status == 0)
    }

    /// A file system of 3 MB, where this process may mount one.
    @Test(.enabled(if: getuid() == 0, "mounting a small file system needs root"))
    func aFullDiskIsOneErrorAndTheNextBuildGoesOn() throws {
        let disk = try temporary.makeFolder("disk")
        guard
            try Command(path: "/bin/mount").run(["-t", "tmpfs", "-o", "size=3m", "tmpfs", disk])
                .status == 0
        else { return }
        defer { _ = try? Command(path: "/bin/umount").run(["-l", disk]) }
        let full = try data.run(["build", "recipe.json", "--out", "disk/out"], in: temporary.path)
        #expect(full.status == 1)
        #expect(full.messages.contains("No space left on device"), "\(full.messages)")
        #expect(full.messages.contains("the same command goes on there"), "\(full.messages)")
        #expect(FileSystem.kind(of: "\(disk)/out") == nil)
        let left = try FileSystem.names(in: "\(disk)/out.partial")
        #expect(!left.contains { $0.hasSuffix(".tmp") })
        // All of the 122 kB that fit but one or two: not only those that were synchronised together.
        #expect(left.count { $0.hasSuffix(".safetensors") } >= 20, "\(left)")
        let grown = try Command(path: "/bin/mount").run(["-o", "remount,size=60m", disk])
        #expect(grown.status == 0)
        let again = try data.run(["build", "recipe.json", "--out", "disk/out"], in: temporary.path)
        #expect(again.status == 0, "\(again.messages)")
        #expect(again.messages.contains("went on after"), "\(again.messages)")
        #expect(
            try data.run(["build", "recipe.json", "--out", "whole"], in: temporary.path).status == 0
        )
        #expect(try files(in: "disk/out") == files(in: "whole"))
    }
}
