import DatasetKit
import Foundation
import TestSupport
import Testing

/// `p2p-train translate` as its users meet it.
@Suite(.enabled(if: Command.isBuilt("p2p-train"), "p2p-train was not built: no libtorch"))
struct TranslateCommandTests {
    private let temporary: TemporaryFolder
    private let train = Command("p2p-train")

    init() throws {
        temporary = try TemporaryFolder()
        _ = try SideBySideSource(in: temporary, half: ImageSize(width: 40, height: 40))
        try makeModel("run", policies: "")
    }

    /// Builds a dataset of the noise and trains one step on it.
    private func makeModel(_ run: String, policies: String, _ flags: String...) throws {
        try temporary.write(
            """
            {"name": "noise", "source": {"path": "source", "input": "right"}\(policies),
             "augment": [{"op": "crop", "width": 32, "height": 32}]}
            """,
            to: "\(run).json"
        )
        let build = try Command("p2p-data").run(
            ["build", "\(run).json", "--out", "\(run)-shards"],
            in: temporary.path
        )
        #expect(build.status == 0, "\(build.messages)")
        let training = try train.run(
            [
                "--shards", "\(run)-shards", "--run", run, "--max-steps", "1", "--ngf", "2",
                "--ndf", "2", "--threads", "1",
            ] + flags,
            in: temporary.path
        )
        #expect(training.status == 0, "\(training.messages)")
    }

    private func translate(_ arguments: String...) throws -> Command.Outcome {
        try train.run(["translate"] + arguments + ["--threads", "1"], in: temporary.path)
    }

    private func image(_ path: String) throws -> Image {
        try ImageCodec.decode(path: temporary.path(path)).image
    }

    private func record(_ folder: String) throws -> [String: Any] {
        let data = Data(try temporary.bytes(of: "\(folder)/translate.json"))
        return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    /// The bytes of all results in a folder, without its record.
    private func results(_ folder: String) throws -> [String: [UInt8]] {
        let names = temporary.contents.filter {
            $0.hasPrefix("\(folder)/") && $0.hasSuffix(".png")
        }
        return try Dictionary(
            uniqueKeysWithValues: names.map {
                (String($0.dropFirst(folder.count)), try temporary.bytes(of: $0))
            }
        )
    }

    @Test func foldersAreTranslatedWithTheirNamesAndSizes() throws {
        let noise = Noise.image(width: 33, height: 50)
        try temporary.write(try ImageCodec.encodeJPEG(noise), to: "in/a.jpg")
        try temporary.write(try ImageCodec.encodePNG(noise), to: "in/sub/deeper/b.c.png")
        try temporary.write("no image", to: "in/notes.txt")
        let one = Image(size: ImageSize(width: 1, height: 1), color: [1, 2, 3])
        try temporary.write(try ImageCodec.encodeTIFF(one), to: "in/one.TIF")
        let outcome = try translate("run", "in", "--out", "out")
        #expect(outcome.status == 0, "\(outcome.messages)")
        #expect(outcome.output == "out: 3 images\n")
        #expect(outcome.messages.contains("1 files with names of no image"))
        #expect(Set(try results("out").keys) == ["/a.png", "/one.png", "/sub/deeper/b.c.png"])
        #expect(try image("out/a.png").size == noise.size)
        #expect(try image("out/one.png").size == one.size)
        let record = try record("out")
        #expect((record["images"] as? [Any])?.count == 3 && record["ignored"] as? Int == 1)
        let use = try #require(record["use"] as? [String: Any])
        #expect(use["norm"] as? String == "batch" && use["dropout"] as? Bool == true)
        let model = try #require(record["model"] as? [String: Any])
        let file = temporary.path("run/checkpoints/latest.safetensors")
        #expect(model["sha256"] as? String == (try Checksum.sha256(ofFile: file)))
        #expect((model["origin"] as? String)?.contains("after step 1") == true)
    }

    @Test func theSameInputGivesTheSameBytesAloneTogetherAndAgain() throws {
        for number in 0..<5 {
            let noise = Noise.image(width: 40, height: 30, seed: UInt32(number))
            try temporary.write(try ImageCodec.encodePNG(noise), to: "in/\(number).png")
        }
        #expect(try translate("run", "in", "--out", "a").status == 0)
        #expect(try translate("run", "in", "--out", "b", "--batch-size", "3").status == 0)
        #expect(try results("a") == results("b"), "with dropout, one by one")
        #expect(try translate("run", "in/3.png", "--out", "c").status == 0)
        #expect(try results("c")["/3.png"] == results("a")["/3.png"])
        for norm in ["batch", "running"] {
            let flags = ["--norm", norm, "--no-dropout", "--out"]
            let all = ["translate", "run", "in", "--threads", "1"] + flags
            #expect(try train.run(all + ["d-\(norm)"], in: temporary.path).status == 0)
            let batches = all + ["e-\(norm)", "--batch-size", "4"]
            #expect(try train.run(batches, in: temporary.path).status == 0)
            // Sums of floats are rounded otherwise.
            for number in 0..<5 {
                let (alone, together) = (
                    try image("d-\(norm)/\(number).png"), try image("e-\(norm)/\(number).png")
                )
                #expect(alone.size == together.size)
                for (a, b) in zip(alone.bytes, together.bytes) {
                    #expect(abs(Int(a) - Int(b)) <= 1)
                }
            }
        }
        #expect(try results("d-batch") != results("d-running"))
    }

    @Test func aChoiceThatTheModelDoesNotHaveIsRefused() throws {
        try makeModel("plain", policies: "", "--norm", "none", "--no-dropout")
        for (flags, message) in [
            (["--norm", "running"], "it has norm none, so there are no statistics"),
            (["--dropout"], "it has no dropout; leave out --dropout"),
        ] {
            let outcome = try train.run(
                ["translate", "plain", "source/val", "--out", "none"] + flags,
                in: temporary.path
            )
            #expect(outcome.status == 64, "\(outcome.messages)")
            #expect(outcome.messages.contains(message), "\(outcome.messages)")
        }
        #expect(!temporary.contents.contains { $0.hasPrefix("none") })
        let outcome = try translate("plain", "source/val", "--out", "all", "--no-dropout")
        #expect(outcome.status == 0, "\(outcome.messages)")
    }

    @Test func aHalfIsTakenAndResizedOnlyWhereItIsAskedFor() throws {
        let file = "source/val/pair0.png"
        #expect(try translate("run", file, "--out", "whole").status == 0)
        #expect(try image("whole/pair0.png").size == ImageSize(width: 80, height: 40))
        #expect(try translate("run", file, "--out", "half", "--side", "right").status == 0)
        #expect(try image("half/pair0.png").size == ImageSize(width: 40, height: 40))
        let small = ["translate", "run", file, "--threads", "1", "--size"]
        for (size, width, height) in [("20x10", 20, 10), ("24", 24, 24), ("model", 32, 32)] {
            let outcome = try train.run(small + [size, "--out", size], in: temporary.path)
            #expect(outcome.status == 0, "\(outcome.messages)")
            #expect(
                try image("\(size)/pair0.png").size == ImageSize(width: width, height: height)
            )
        }
        #expect(try train.run(small + ["0x3", "--out", "x"], in: temporary.path).status == 64)
    }

    @Test func aSplitIsTranslatedWholeOrAsTrainingSeesIt() throws {
        let whole = try translate("run", "--shards", "run-shards", "--split", "val", "--out", "w")
        #expect(whole.status == 0, "\(whole.messages)")
        #expect(Set(try results("w").keys) == ["/pair0.png", "/pair1.png"])
        #expect(try image("w/pair0.png").size == ImageSize(width: 40, height: 40))
        let seen = try translate(
            "run",
            "--shards",
            "run-shards",
            "--split",
            "val",
            "--size",
            "model",
            "--out",
            "s"
        )
        #expect(seen.status == 0, "\(seen.messages)")
        #expect(try image("s/pair0.png").size == ImageSize(width: 32, height: 32))
        // The middle of the file's half, as the crop of the training is without chance.
        let input = try image("source/val/pair0.png")
            .cropped(x: 44, y: 4, to: ImageSize(width: 32, height: 32))
        try temporary.write(try ImageCodec.encodePNG(input), to: "middle/pair0.png")
        #expect(try translate("run", "middle", "--out", "m").status == 0)
        #expect(try results("m")["/pair0.png"] == results("s")["/pair0.png"])
        let none = try translate("run", "--shards", "run-shards", "--out", "t")
        #expect(none.status == 1 && none.messages.contains("no pairs in the split test"))
    }

    @Test func otherDepthsAndChannelsGoInAndOut() throws {
        try makeModel(
            "wide",
            policies: """
                , "depth": {"input": 16, "target": "float"}, "color": {"input": "gray"}
                """
        )
        let noise = Noise.image(width: 20, height: 70)
        try temporary.write(try ImageCodec.encodePNG(noise), to: "in/a.png")
        let outcome = try translate("wide", "in", "--out", "out")
        #expect(outcome.status == 0, "\(outcome.messages)")
        #expect(outcome.messages.contains("rgb-to-gray: 1 image\n"))
        let made = try image("out/a.tif")
        #expect(made.sampleType == .f32 && made.channels == 3 && made.size == noise.size)
        let jpeg = try translate("wide", "in", "--out", "j", "--format", "jpeg")
        #expect(jpeg.status == 64 && jpeg.messages.contains("3 channels F32"))

        try makeModel("sixteen", policies: #", "depth": 16, "color": "gray""#)
        #expect(try translate("sixteen", "in", "--out", "deep").status == 0)
        let deep = try image("deep/a.png")
        #expect(deep.sampleType == .u16 && deep.channels == 1)
    }

    @Test func whatCannotBeTranslatedIsListedAndTheRestGoesOn() throws {
        let noise = Noise.image(width: 20, height: 20)
        let png = try ImageCodec.encodePNG(noise)
        try temporary.write(png, to: "in/good.png")
        try temporary.write(png.dropLast(40), to: "in/cut.png")
        try temporary.write("", to: "in/empty.png")
        try temporary.write(try ImageCodec.encodePNG(noise.gray()), to: "in/grey.png")
        let outcome = try translate("run", "in", "--out", "out")
        #expect(outcome.status == 2)
        #expect(try results("out").keys.sorted() == ["/good.png"])
        #expect(outcome.messages.contains("in/empty.png: the file is empty"))
        #expect(outcome.messages.contains("in/grey.png: expected 3 channels (rgb) U8"))
        #expect(outcome.messages.contains("--convert"))
        #expect((try record("out")["failures"] as? [Any])?.count == 3)
        let converted = try translate("run", "in", "--out", "out", "--overwrite", "--convert")
        #expect(converted.status == 2)
        #expect(try results("out").keys.sorted() == ["/good.png", "/grey.png"])
        #expect(converted.messages.contains("gray-to-rgb: 1 image\n"))
    }

    @Test func nothingIsOverwrittenUnasked() throws {
        let png = try ImageCodec.encodePNG(Noise.image(width: 20, height: 20))
        try temporary.write(png, to: "in/a.png")
        try temporary.write(png, to: "other/a.png")
        #expect(try translate("run", "in", "other/a.png", "--out", "x").status == 64)
        #expect(try translate("run", "in", "--out", "in").status == 64)
        #expect(try translate("run", "in/a.png", "--out", "in", "--overwrite").status == 64)
        #expect(try temporary.bytes(of: "in/a.png") == png)
        #expect(!temporary.contents.contains("x"), "refused before any work")
        #expect(try translate("run", "in", "--out", "out").status == 0)
        let again = try translate("run", "in", "--out", "out")
        #expect(again.status == 1 && again.messages.contains("--overwrite"))
        #expect(try translate("run", "in", "--out", "out", "--overwrite").status == 0)
        #expect(try translate("run", "--out", "out").status == 64)
        #expect(try translate("none", "in", "--out", "y").status == 1)
    }

    @Test func tilesAreComparedWithTheWholeAndWarnedOf() throws {
        let png = try ImageCodec.encodePNG(Noise.image(width: 90, height: 60))
        try temporary.write(png, to: "in/a.png")
        let outcome = try translate("run", "in", "--out", "out", "--tile", "64", "--overlap", "16")
        #expect(outcome.status == 0, "\(outcome.messages)")
        #expect(outcome.messages.contains("in tiles it differs from the whole by"))
        #expect(outcome.messages.contains("--norm running"))
        let images = try #require(try record("out")["images"] as? [[String: Any]])
        #expect(images[0]["tiles"] as? Int == 2)
        let difference = try #require(images[0]["tileDifference"] as? [String: Any])
        #expect(difference["mean"] as? Double ?? -1 >= 0)
        #expect(try translate("run", "in", "--out", "z", "--tile", "50").status == 64)
        #expect(try translate("run", "in", "--out", "z", "--overlap", "5").status == 64)
    }

    @Test func aSignalLeavesWhatIsFinished() throws {
        for number in 0..<300 {
            let noise = Noise.image(width: 100, height: 100, seed: UInt32(number))
            try temporary.write(try ImageCodec.encodePNG(noise, level: 1), to: "in/\(number).png")
        }
        let process = try train.start(
            ["translate", "run", "in", "--out", "out", "--threads", "1"],
            in: temporary.path
        )
        let limit = Date().addingTimeInterval(60)
        while !FileManager.default.fileExists(atPath: temporary.path("out/0.png")),
            process.isRunning, Date() < limit
        {
            Thread.sleep(forTimeInterval: 0.002)
        }
        kill(process.processIdentifier, SIGINT)
        process.waitUntilExit()
        // Either it was in time to stop, or it had finished.
        let images = try #require(try record("out")["images"] as? [[String: Any]])
        if process.terminationStatus != 0 {
            #expect(process.terminationStatus == 130)
            #expect(images.count < 300)
        }
        #expect(
            Set(images.compactMap { $0["output"] as? String })
                == Set(
                    try results("out").keys.map { String($0.dropFirst()) }
                )
        )
        #expect(!temporary.contents.contains { $0.hasSuffix(".tmp") })
    }
}
