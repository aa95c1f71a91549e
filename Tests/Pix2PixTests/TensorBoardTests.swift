import DatasetKit
import Foundation
import Pix2Pix
import SwiftProtobuf
import TestSupport
import Testing

@Suite("Event files of TensorBoard")
struct TensorBoardTests {
    @Test("CRC-32C as RFC 3720 has it, and masked as TFRecord files do")
    func checksums() {
        #expect(Checksum.crc32c([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(Checksum.crc32c([UInt8](repeating: 255, count: 32)) == 0x62A8_AB43)
        #expect(Checksum.crc32c(Array(0..<32)) == 0x46DD_794E)
        #expect(Checksum.crc32c((0..<32).reversed()) == 0x113F_DB5C)
        #expect(Checksum.crc32c(Array("123456789".utf8)) == 0xE306_9283)
        #expect(Checksum.crc32c([]) == 0)
        #expect(Checksum.maskedCRC32C([]) == 0xA282_EAD8)
        #expect(Checksum.maskedCRC32C(Array("123456789".utf8)) == 0xC78A_B0E5)
    }

    @Test("A new file begins with its version; what is written can be read at once")
    func scalars() throws {
        let temporary = try TemporaryFolder()
        let before = Date().timeIntervalSince1970
        let log = try TensorBoardLog(folder: temporary.path("run"))
        #expect(try events(of: log).map(\.fileVersion) == ["brain.Event:2"])
        try log.scalars([("loss/G", 0.5), ("loss/D", -.infinity)], step: 3)
        try log.scalars([("lr", 2e-4)], step: 4)
        try log.flush()
        let events = try events(of: log)
        try #require(events.count == 3)
        #expect(events.map(\.step) == [0, 3, 4])
        #expect(events[1].summary.value.map(\.tag) == ["loss/G", "loss/D"])
        #expect(events[1].summary.value.map(\.simpleValue) == [0.5, -.infinity])
        #expect(events[2].summary.value.map(\.simpleValue) == [2e-4])
        let times = events.map(\.wallTime)
        #expect(times == times.sorted())
        #expect(times.allSatisfy { before...Date().timeIntervalSince1970 ~= $0 })
    }

    @Test("Names sort in the order of making, whatever the clock says")
    func names() throws {
        let temporary = try TemporaryFolder()
        let future = Int(Date().timeIntervalSince1970) + 1000
        try temporary.write("", to: "events.out.tfevents.\(future).other.1")
        try temporary.write("", to: "metrics.jsonl")
        let logs = try (0..<3).map { _ in try TensorBoardLog(folder: temporary.path) }
        let names = logs.map { FileSystem.name(of: $0.path) }
        #expect(names == names.sorted() && Set(names).count == 3)
        #expect(names.first?.hasPrefix("events.out.tfevents.\(future + 1).") == true)
        #expect(names.allSatisfy { $0.hasSuffix(".\(getpid()).p2p") })
    }

    @Test("A run that goes on asks for later steps to be forgotten")
    func resuming() throws {
        let temporary = try TemporaryFolder()
        let log = try TensorBoardLog(folder: temporary.path, resumingAfter: 41)
        let events = try events(of: log)
        #expect(events.map(\.step) == [42, 42])
        #expect(events.last?.sessionLog.status == .start)
    }

    @Test("Images carry their size and channels; other bytes are refused")
    func images() throws {
        let temporary = try TemporaryFolder()
        let log = try TensorBoardLog(folder: temporary.path)
        for channels in [1, 3, 4] {
            let image = Noise.image(width: 7, height: 5, channels: channels)
            let png = try ImageCodec.encodePNG(image)
            try log.image("samples", png: png, step: channels)
            let written = try #require(try events(of: log).last)
            let stored = try #require(written.summary.value.first).image
            #expect(stored.width == 7 && stored.height == 5)
            #expect(stored.colorspace == Int32(channels))
            #expect(Array(stored.encodedImageString) == png)
        }
        let jpeg = try ImageCodec.encodeJPEG(Noise.image(width: 7, height: 5))
        #expect(throws: DatasetError.self) { try log.image("samples", png: jpeg, step: 1) }
        #expect(throws: DatasetError.self) { try log.image("samples", png: [1, 2], step: 1) }
        #expect(try events(of: log).count == 4)
    }

    @Test("Settings and the end of a run, as the HPARAMS tab reads them")
    func hyperparameters() throws {
        let temporary = try TemporaryFolder()
        let log = try TensorBoardLog(folder: temporary.path)
        try log.hyperparameters(
            [.init("lr", 2e-4), .init("batch", 4), .init("net", "unet_256"), .init("amp", false)],
            metrics: ["val/L1"]
        )
        try log.end(success: true)
        let values = try events(of: log).flatMap(\.summary.value)
        #expect(
            values.map(\.tag) == [
                "_hparams_/experiment", "_hparams_/session_start_info",
                "_hparams_/session_end_info",
            ]
        )
        let data = try values.map {
            #expect($0.metadata.pluginData.pluginName == "hparams")
            return try TBHParamsPluginData(serializedBytes: $0.metadata.pluginData.content)
        }
        let experiment = data[0].experiment
        #expect(experiment.hparamInfos.map(\.name) == ["lr", "batch", "net", "amp"])
        #expect(
            experiment.hparamInfos.map(\.type)
                == [.dataTypeFloat64, .dataTypeFloat64, .dataTypeString, .dataTypeBool]
        )
        #expect(experiment.metricInfos.map(\.name.tag) == ["val/L1"])
        let start = data[1].sessionStartInfo
        #expect(start.hparams["lr"]?.numberValue == 2e-4)
        #expect(start.hparams["net"]?.stringValue == "unet_256")
        #expect(start.hparams["amp"]?.boolValue == false)
        #expect(start.hparams.count == 4)
        #expect(data[2].sessionEndInfo.status == .success)
        #expect(data[2].sessionEndInfo.endTimeSecs >= start.startTimeSecs)
    }

    @Test("A folder that cannot be made is an error that names it")
    func failures() throws {
        let temporary = try TemporaryFolder()
        let file = try temporary.write("", to: "file")
        let error = #expect(throws: DatasetError.self) {
            try TensorBoardLog(folder: "\(file)/run")
        }
        #expect(error?.path?.hasPrefix(file) == true)
    }

    @Test(
        "TensorBoard itself opens what is written, after a resumption and a cut record",
        .enabled(if: Self.hasTensorBoard, "skipped: .venv has no tensorboard; see scripts/smoke.sh")
    )
    func tensorBoard() throws {
        let temporary = try TemporaryFolder()
        let run = temporary.path("run")
        let png = try ImageCodec.encodePNG(Noise.image(width: 9, height: 6))
        var lines = ""
        var log = try TensorBoardLog(folder: run)
        try log.hyperparameters(
            [.init("lr", 2e-4), .init("net", "unet_256"), .init("flip", true)],
            metrics: ["loss/G_L1"]
        )
        try log.text("recipe", markdown: "# facades\n\n`crop`", step: 0)
        for step in 1...5 { try log.scalars([("loss/G_L1", 100 + Double(step))], step: step) }
        try log.image("samples", png: png, step: 5)
        // A process that is killed cuts its last record; the run goes on after step 3.
        let cut = try FileSystem.contents(of: log.path).dropLast(5)
        try Data(cut).write(to: URL(fileURLWithPath: log.path))
        log = try TensorBoardLog(folder: run, resumingAfter: 3)
        for step in 4...6 { try log.scalars([("loss/G_L1", Double(step) / 3)], step: step) }
        try log.image("samples", png: png, step: 6)
        try log.scalars([("epoch/val_L1", 0.25)], step: 6)
        try log.end(success: true)
        for step in 1...6 {
            let value = step <= 3 ? 100 + Double(step) : Double(step) / 3
            lines += "{\"epoch\": 1, \"step\": \(step), \"G_L1\": \(value)}\n"
        }
        lines += "{\"epoch\": 1, \"val_L1\": 0.25}\n"
        try temporary.write(lines, to: "run/metrics.jsonl")

        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.python)
        process.arguments = [
            "\(Places.package)/scripts/check_events.py", run,
            "--scalar", "loss/G_L1=G_L1", "--scalar", "epoch/val_L1", "--image", "samples",
            "--text", "recipe", "--hparam", "lr", "--hparam", "net", "--hparam", "flip",
        ]
        let output = temporary.path("output")
        try temporary.write("", to: "output")
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
        process.standardOutput = handle
        process.standardError = handle
        try process.run()
        process.waitUntilExit()
        let text = String(decoding: try temporary.bytes(of: "output"), as: UTF8.self)
        #expect(process.terminationStatus == 0, "\(text)")
    }

    static let python = "\(Places.package)/.venv/bin/python"

    static let hasTensorBoard: Bool = {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = ["-c", "import tensorboard"]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    /// The events of a file, its framing checked.
    private func events(of log: TensorBoardLog) throws -> [TBEvent] {
        var rest = try FileSystem.contents(of: log.path)[...]
        var events: [TBEvent] = []
        func number(_ bytes: ArraySlice<UInt8>) -> UInt64 {
            bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
        while !rest.isEmpty {
            let length = rest.prefix(8)
            let checksum = rest.dropFirst(8).prefix(4)
            #expect(number(checksum) == UInt64(Checksum.maskedCRC32C(Array(length))))
            let bytes = rest.dropFirst(12).prefix(Int(number(length)))
            let message = Array(bytes)
            rest = rest[bytes.endIndex...]
            #expect(number(rest.prefix(4)) == UInt64(Checksum.maskedCRC32C(message)))
            rest = rest.dropFirst(4)
            events.append(try TBEvent(serializedBytes: message))
        }
        return events
    }
}
