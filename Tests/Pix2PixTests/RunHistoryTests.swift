import DatasetKit
import Foundation
import Pix2Pix
import TestSupport
import Testing

/// What is read from a run's folder: metrics of any length, whatever state their file is in.
@Suite struct RunHistoryTests {
    private let temporary: TemporaryFolder
    private let run: RunFolder

    init() throws {
        temporary = try TemporaryFolder()
        try temporary.write("{}", to: "run/config.json")
        run = try RunFolder(shown: temporary.path("run"))
    }

    private func write(_ text: String) throws {
        try temporary.write(text, to: "run/metrics.jsonl")
    }

    private func history(_ text: String) throws -> RunHistory {
        try write(text)
        return try RunHistory(of: run)
    }

    @Test func linesAreToldApartByWhatTheyHold() throws {
        let history = try history(
            """
            {"D_fake":0.5,"D_real":0.6,"G_GAN":0.7,"G_L1":40,"epoch":1,"lr":0.0002,"step":1}
            {"D_fake":0.25,"D_real":-1e-3,"G_GAN":1.5E+2,"G_L1":30,"epoch":1,"lr":0.0002,"step":2}
            {"epoch":1,"seconds":12.5,"mean_G_L1":35,"val_L1":0.25,"val_SSIM":0.5}
            {"epoch": 1, "step": 2, "warning": "odd \\"one\\"", "message": "a\\nb", "suggestion": "c"}
            {"epoch": 2, "warning": "bare"}
            {"epoch":2,"seconds":12,"mean_G_L1":33,"val_L1":0.125,"val_SSIM":0.25}

            """
        )
        #expect(history.unreadableLines == 0)
        #expect(history.stepsPerEpoch == 2)
        #expect(history.epochs.map(\.number) == [1, 2])
        #expect(
            history.epochs.map(\.values) == [
                ["seconds": 12.5, "mean_G_L1": 35, "val_L1": 0.25, "val_SSIM": 0.5],
                ["seconds": 12, "mean_G_L1": 33, "val_L1": 0.125, "val_SSIM": 0.25],
            ]
        )
        #expect(history.warnings.map(\.epoch) == [1, 2])
        #expect(history.warnings.map(\.step) == [2, nil])
        #expect(
            history.warnings.map { [$0.name, $0.message, $0.suggestion] } == [
                ["odd \"one\"", "a\nb", "c"], ["bare", "", ""],
            ]
        )
        #expect(history.steps.names == ["D_fake", "D_real", "G_GAN", "G_L1"])
        #expect(
            history.steps.points.map(\.values) == [[0.5, 0.6, 0.7, 40], [0.25, -1e-3, 150, 30]]
        )
        #expect(history.names == ["mean_G_L1", "seconds", "val_L1", "val_SSIM"])
        // Errors are best where they are lowest, similarity where it is highest.
        #expect(history.best(by: "val_L1")?.number == 2)
        #expect(history.best(by: "val_SSIM")?.number == 1)
        #expect(history.best(by: "val_PSNR") == nil)
    }

    @Test func numbersAreReadAsADecoderReadsThem() throws {
        var random = SmallRandom(state: 7)
        var texts = [
            "0", "-0.0", "1", "9007199254740993", "0.1", "1e22", "1e23",
            "123456789012345678901234567890", "2.2250738585072014e-308", "5e-324",
            "1.7976931348623157e308", "0.6931471824645996",
            "1E5", "-1.5e+10", "3.4028234663852886e38",
        ]
        for _ in 0..<2000 {
            let bits = UInt64(random.below(1 << 24)) << 40 | UInt64(random.below(1 << 24)) << 16
            let value = Double(bitPattern: bits)
            texts.append("\(value.isFinite ? value : 1)")
            texts.append("\(Float(random.below(1 << 24)) / Float(1 + random.below(1 << 20)))")
        }
        let lines = texts.map { "{\"epoch\": 1, \"x\": \($0)}\n" }
        let history = try history(lines.joined())
        let list = Data("[\(texts.joined(separator: ","))]".utf8)
        let decoded = try JSONDecoder().decode([Double].self, from: list)
        #expect(history.epochs.map { $0.values["x"] } == decoded)
    }

    @Test func whatCannotBeReadIsCountedAndSkipped() throws {
        let good = "{\"epoch\":1,\"val_L1\":0.5}\n"
        for (text, count) in [
            ("", 0), ("\n\n", 0), ("{\"epoch\":1,\"G_L", 0), ("{\"epoch\":1,\"G_L\n", 1),
            ("nonsense\n[]\n{}\n3\n", 4), ("{\"epoch\":1,}\n", 1), ("{\"epoch\":\"x\"}\n", 1),
            ("{\"val_L1\":1}\n", 1), ("{\"epoch\":1e300,\"val_L1\":1}\n", 1),
            ("{\"epoch\":-1,\"val_L1\":1}\n", 1), ("{\"warning\":\"no epoch\"}\n", 1),
            ("{\"epoch\":1,\"warning\":null}\n", 1), ("\u{0}\u{0}\u{0}\n", 1),
        ] {
            let history = try history(good + text)
            #expect(history.unreadableLines == count, "\(text)")
            #expect(history.epochs.map(\.values) == [["val_L1": 0.5]], "\(text)")
        }
        // A run that has not begun to learn.
        try FileSystem.remove(run.metricsPath)
        #expect(try RunHistory(of: run).epochs.isEmpty)
    }

    private func step(_ number: Int, of epoch: Int, loss: Double) -> String {
        "{\"G_L1\":\(loss),\"epoch\":\(epoch),\"lr\":0.0002,\"step\":\(number)}\n"
    }

    @Test(arguments: [1, 399, 400, 401, 1600, 12345])
    func stepsBecomeMeansOverEqualWindows(count: Int) throws {
        var random = SmallRandom(state: 3)
        let losses = (0..<count).map { _ in Double(random.below(1000)) / 8 }
        let history = try history(
            losses.enumerated().map { step($0.offset + 1, of: 1, loss: $0.element) }.joined()
        )
        let (windows, size) = (history.steps.points, history.steps.stepsPerWindow)
        #expect(windows.count <= 400 && (count < 400 || windows.count >= 200))
        #expect(history.steps.count == count)
        for (number, window) in windows.enumerated() {
            let range = number * size..<min(count, (number + 1) * size)
            let mean = losses[range].reduce(0, +) / Double(range.count)
            #expect(window.values == [mean])
            #expect(window.step == Double(range.lowerBound + range.upperBound + 1) / 2)
        }
        #expect(windows.count == (count + size - 1) / size)
    }

    @Test func aLossThatComesLaterIsMissingBefore() throws {
        let history = try history(
            """
            {"G_L1":1,"epoch":1,"step":1}
            {"A":5,"G_L1":2,"epoch":1,"step":2}
            {"A":6,"epoch":1,"step":3}

            """
        )
        #expect(history.steps.names == ["A", "G_L1"])
        #expect(history.steps.points.map(\.values) == [[nil, 1], [5, 2], [6, nil]])
    }

    @Test func readingOnGivesWhatReadingAtOnceGives() throws {
        var text = ""
        for number in 1...3000 {
            let epoch = 1 + (number - 1) / 600
            text += step(number, of: epoch, loss: Double(number % 37))
            if number.isMultiple(of: 600) {
                text += "{\"epoch\":\(epoch),\"val_L1\":\(1 / Double(epoch))}\n"
                text += "{\"epoch\":\(epoch),\"warning\":\"w\",\"message\":\"é\"}\n"
            }
        }
        let whole = try history(text)
        var growing = try history("")
        var random = SmallRandom(state: 5)
        var end = 0
        let bytes = Array(text.utf8)
        while end < bytes.count {
            // Anywhere, in the middle of a number or of a character.
            end = min(bytes.count, end + random.below(20_000))
            try temporary.write(bytes[..<end], to: "run/metrics.jsonl")
            try growing.update()
        }
        #expect(growing.epochs == whole.epochs && whole.epochs.count == 5)
        #expect(growing.warnings == whole.warnings && whole.warnings.count == 5)
        #expect(growing.steps.points == whole.steps.points)
        #expect(growing.stepsPerEpoch == 600)
        // A file that was begun anew is read anew.
        try write("{\"epoch\":1,\"val_L1\":3}\n")
        try growing.update()
        #expect(growing.epochs.map(\.values) == [["val_L1": 3]])
        #expect(growing.warnings.isEmpty && growing.steps.points.isEmpty)
    }

    @Test func epochsAreSpreadEvenly() {
        #expect(RunSamples.spread(8, of: []) == [])
        #expect(RunSamples.spread(8, of: [3]) == [3])
        #expect(RunSamples.spread(8, of: Array(1...8)) == Array(1...8))
        #expect(RunSamples.spread(8, of: Array(1...9)) == [1, 2, 3, 4, 6, 7, 8, 9])
        #expect(RunSamples.spread(3, of: Array(1...201)) == [1, 101, 201])
    }

    @Test func aDescriptionShowsWhateverIsThere() throws {
        #expect(try RunDescription(of: run).settings.isEmpty)
        try temporary.write(
            """
            {"settings": {"epochs": 3, "decayEpochs": 2, "width": 64, "height": 32, "new": [1, "<b>"],
              "beta": 0.5, "generator": "unet_32"},
             "dataset": {"name": "n", "pairs": {"train": 5}, "folder": 7},
             "hardware": {"processor": "p"}, "recipe": {"augment": [{"op": "crop"}]}}
            """,
            to: "run/config.json"
        )
        let description = try RunDescription(of: run)
        #expect(description.settings.map(\.name).sorted() == description.settings.map(\.name))
        let settings = Dictionary(
            uniqueKeysWithValues: description.settings.map { ($0.name, $0.value) }
        )
        #expect(settings["new"] == "[1,\"<b>\"]" && settings["beta"] == "0.5")
        #expect(settings["generator"] == "unet_32" && settings.count == 7)
        #expect(description.imageSize == ImageSize(width: 64, height: 32))
        #expect(description.totalEpochs == 5)
        #expect(description.datasetName == "n" && description.datasetFolder == "7")
        #expect(description.hardware.map { [$0.name, $0.value] } == [["processor", "p"]])
        #expect(description.augmentation == ["{\"op\":\"crop\"}"])
        for damaged in ["", "[]", "{\"settings\": "] {
            try temporary.write(damaged, to: "run/config.json")
            #expect(throws: DatasetError.self) { try RunDescription(of: run) }
        }
        #expect(throws: TrainingError.self) { try RunFolder(shown: temporary.path) }
    }
}
