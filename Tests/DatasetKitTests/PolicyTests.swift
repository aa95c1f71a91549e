import DatasetKit
import Foundation
import TestSupport
import Testing

/// The policies through whole builds: what becomes of pixels that are not plain 8-bit colours.
@Suite struct PolicyTests {
    /// One pair of real files, and what a policy makes of it.
    struct Case: Sendable, CustomTestStringConvertible {
        var input: String
        var target = "rgb8.png"
        var policy: String
        /// The form of the inputs in the index.
        var form: DatasetIndex.Side
        var conversions: [String: Int] = [:]
        /// Decodes palette files to label numbers.
        var keepsIndices = false
        /// Plain steps from the decoded input to the one in the shards.
        var steps: @Sendable (Image) throws -> Image = { $0 }

        var testDescription: String { "\(input) \(policy)" }
    }

    private static let size = ImageSize(width: 21, height: 11)

    private static func form(
        _ channels: Int,
        _ dtype: SampleType,
        _ colors: DatasetIndex.Colors,
        alpha: Bool = false
    ) -> DatasetIndex.Side {
        DatasetIndex.Side(
            size: size,
            channels: channels,
            dtype: dtype,
            colors: colors,
            hasAlpha: alpha
        )
    }

    static let cases = [
        Case(input: "grey16.png", policy: "", form: form(1, .u16, .gray)),
        Case(
            input: "grey16.png",
            policy: #", "depth": {"input": 8}"#,
            form: form(1, .u8, .gray),
            conversions: ["u16-to-u8": 1],
            steps: { image in image.eightBits() }
        ),
        Case(
            input: "rgb16.png",
            policy: #", "depth": {"input": "float"}"#,
            form: form(3, .f32, .rgb),
            conversions: ["u16-to-f32": 1],
            steps: { try $0.converted(to: .f32) }
        ),
        Case(input: "float32-predictor.tif", policy: "", form: form(3, .f32, .rgb)),
        Case(
            input: "rgb8.png",
            policy: #", "depth": {"input": 16}, "color": {"input": "gray"}"#,
            form: form(1, .u16, .gray),
            conversions: ["rgb-to-gray": 1, "u8-to-u16": 1],
            steps: { try $0.gray().converted(to: .u16) }
        ),
        Case(
            input: "grey8.png",
            policy: #", "color": "rgb""#,
            form: form(3, .u8, .rgb),
            conversions: ["gray-to-rgb": 1],
            steps: { $0.selecting(channels: [0, 0, 0]) }
        ),
        Case(input: "cmyk.jpg", policy: "", form: form(4, .u8, .cmyk)),
        Case(
            input: "ycck.jpg",
            policy: #", "color": "rgb""#,
            form: form(3, .u8, .rgb),
            conversions: ["cmyk-to-rgb": 1],
            steps: { $0.rgbFromCMYK() }
        ),
        Case(
            input: "cmyk16.tif",
            policy: #", "color": {"input": "gray"}, "depth": {"input": 8}"#,
            form: form(1, .u8, .gray),
            conversions: ["cmyk-to-rgb": 1, "rgb-to-gray": 1, "u16-to-u8": 1],
            steps: { $0.rgbFromCMYK().gray().eightBits() }
        ),
        Case(
            input: "rgb-alpha8.png",
            policy: ##", "alpha": {"over": "#ff8000"}"##,
            form: form(3, .u8, .rgb),
            conversions: ["alpha-flattened": 1],
            steps: { $0.compositedOverColor([255, 128, 0]) }
        ),
        Case(
            input: "rgb-alpha16.png",
            policy: #", "alpha": {"input": "drop"}"#,
            form: form(3, .u16, .rgb),
            conversions: ["alpha-dropped": 1],
            steps: { $0.selecting(channels: [0, 1, 2]) }
        ),
        Case(
            input: "grey-alpha8.png",
            policy: #", "alpha": "keep""#,
            form: form(2, .u8, .gray, alpha: true)
        ),
        Case(
            input: "palette4.png",
            policy: #", "palette": {"input": "indices"}"#,
            form: form(1, .u8, .indices),
            conversions: ["palette-indices": 1],
            keepsIndices: true
        ),
        Case(
            input: "palette8.tif",
            policy: "",
            form: form(3, .u8, .rgb),
            conversions: ["palette-to-colors": 1]
        ),
        Case(
            input: "pages.tif",
            policy: #", "pages": {"input": "first"}"#,
            form: form(1, .u8, .gray),
            conversions: ["first-page": 1]
        ),
        Case(
            input: "profile.jpg",
            target: "profile.jpg",
            policy: #", "icc": "ignore""#,
            form: form(3, .u8, .rgb),
            conversions: ["profile-ignored": 2]
        ),
        Case(
            input: "orientation-6.jpg",
            target: "orientation-6.jpg",
            policy: "",
            form: DatasetIndex.Side(
                size: ImageSize(width: 11, height: 21),
                channels: 1,
                dtype: .u8,
                colors: .gray
            ),
            conversions: ["orientation-applied": 2]
        ),
        Case(input: "grey-extras.tif", policy: "", form: form(6, .u8, .multichannel)),
        Case(
            input: "rgb-alpha-first.tif",
            policy: #", "alpha": "drop""#,
            form: form(5, .u8, .multichannel),
            conversions: ["alpha-dropped": 1],
            steps: { $0.selecting(channels: [0, 1, 2, 3, 4]) }
        ),
    ]

    private static func folders(_ path: String, _ inputs: String, _ targets: String) -> String {
        #"{"layout": "folders", "path": "\#(path)", "inputs": "\#(inputs)", "targets": "\#(targets)"}"#
    }

    private let temporary: TemporaryFolder

    init() throws { temporary = try TemporaryFolder() }

    private func put(_ file: String, as path: String) throws {
        let ending = file.split(separator: ".").last ?? ""
        try temporary.write(try ImageFixtures.bytes(file), to: "\(path).\(ending)")
    }

    private func build(
        _ policy: String,
        from source: String = folders("in", "a", "b"),
        to out: String = "out"
    ) throws -> Dataset {
        let recipe = try Recipe(
            path: temporary.write(
                #"{"source": \#(source), "split": {"from": "none"}\#(policy)}"#,
                to: "recipe.json"
            )
        )
        _ = try DatasetBuilder(recipe: recipe, output: temporary.path(out), jobs: 1)
            .build { _, _, _ in }
        return try Dataset(folder: temporary.path(out))
    }

    @Test(arguments: cases)
    func whatBecomesOfAnImageIsDecidedAndCounted(_ test: Case) throws {
        try put(test.input, as: "in/a/x")
        try put(test.target, as: "in/b/x")
        let dataset = try build(test.policy)
        #expect(dataset.index.input == test.form)
        #expect(dataset.index.counts.conversions == test.conversions)
        let decoded = try ImageCodec.decode(
            ImageFixtures.bytes(test.input),
            path: test.input,
            options: DecodingOptions(keepsIndices: test.keepsIndices)
        ).image
        let pair = try #require(dataset.split(.train)).pair(at: 0)
        #expect(pair.input == (try test.steps(decoded)))

        // Out again as images, in again as shards: the same samples.
        guard dataset.index.input.dtype != .f32 || dataset.index.target.dtype == .f32 else {
            return
        }
        let images = temporary.path("images")
        _ = try DatasetExport(of: dataset, to: images, format: .tiff, jobs: 1).run { _, _ in }
        let again = try build(
            #", "alpha": "keep", "palette": "colors""#,
            from: Self.folders("images/train", "input", "target"),
            to: "again"
        )
        let copy = try #require(again.split(.train)).pair(at: 0)
        #expect(copy == pair)
    }

    /// A file, a policy, and the remedy in the message.
    static let refusals = [
        ("rgb-alpha8.png", "", #""alpha" in the recipe"#),
        ("pages.tif", "", #""pages": "first""#),
        ("profile.png", #", "icc": "reject""#, #""icc": "ignore""#),
        ("rgb8.png", #", "palette": "indices""#, #""palette": "colors""#),
        ("grey-extras.tif", #", "color": "rgb""#, #""color": "keep""#),
        ("rgb8-extra.tif", #", "color": "gray""#, #""color": "keep""#),
        ("grey8-extra.tif", #", "palette": "indices""#, #""palette": "colors""#),
        ("cmyk-alpha.tif", ##", "alpha": {"over": "#ffffff"}"##, #""color": "rgb""#),
        ("float32-premultiplied.tif", #", "depth": 8, "alpha": "drop""#, "0...1"),
        ("rgb8.png", #", "maxPixels": 100"#, "maxPixels"),
    ]

    @Test(arguments: refusals)
    func whatAPolicyRejectsIsListedWithTheRemedy(
        _ file: String,
        _ policy: String,
        _ remedy: String
    ) throws {
        try put(file, as: "in/a/x")
        try put(file, as: "in/b/x")
        let faults = try #require(throws: DatasetFaults.self) { try build(policy) }
        #expect(faults.faults.count == 1)
        #expect(faults.faults.first?.kind == .unreadable)
        #expect(faults.faults.first?.error.message.contains(remedy) == true, "\(faults)")
        #expect(temporary.contents.allSatisfy { !$0.hasPrefix("out") })
    }

    @Test func peopleSeeInksAsLightAndLabelNumbersAsColours() throws {
        try put("palette4.png", as: "in/a/x")
        try put("cmyk.jpg", as: "in/b/x")
        let dataset = try build(#", "palette": {"input": "indices"}"#)
        let recipe = try Recipe(path: temporary.path("recipe.json"))
        let sources: [any InspectionSource] = [
            DatasetInspectionSource(dataset),
            try RecipeInspectionSource(recipe, jobs: 1) { _, _ in },
        ]
        let inks = try ImageCodec.decode(path: ImageFixtures.path("cmyk.jpg")).image
        let numbers = try #require(dataset.split(.train)).pair(at: 0).input
        for source in sources {
            #expect(try source.pair(at: 0).target == inks)
            let shown = try source.displayedPair(at: 0)
            #expect(shown.target == inks.rgbFromCMYK())
            #expect(shown.input.channels == 3)
            // One colour for each number, and another one for each.
            var colors: [UInt8: [UInt8]] = [:]
            for (pixel, number) in numbers.bytes.enumerated() {
                let color = Array(shown.input.bytes[3 * pixel..<3 * pixel + 3])
                #expect(colors[number] ?? color == color)
                colors[number] = color
            }
            #expect(colors.count > 4 && Set(colors.values).count == colors.count)
        }
    }

    @Test func sidesMayDifferInEverythingButTheCount() throws {
        try put("palette8.png", as: "in/a/x")
        try put("rgb16.png", as: "in/b/x")
        let dataset = try build(
            #"""
            , "palette": {"input": "indices"}, "resize": {
              "input": {"width": 10, "height": 6, "filter": "nearest"},
              "target": {"width": 20, "height": 12}}
            """#
        )
        #expect(dataset.index.input.size == ImageSize(width: 10, height: 6))
        #expect(dataset.index.input.channels == 1 && dataset.index.input.dtype == .u8)
        #expect(dataset.index.target.size == ImageSize(width: 20, height: 12))
        #expect(dataset.index.target.channels == 3 && dataset.index.target.dtype == .u16)
        let pair = try #require(dataset.split(.train)).pair(at: 0)
        let target = try ImageCodec.decode(path: ImageFixtures.path("rgb16.png")).image
        #expect(pair.target == target.resized(to: ImageSize(width: 20, height: 12)))
    }
}

extension Image {
    /// 16-bit samples in 8 bits, rounded, by the plainest arithmetic.
    fileprivate func eightBits() -> Image {
        let levels = stride(from: 0, to: bytes.count, by: 2).map { place in
            let level = Double(bytes[place]) + 256 * Double(bytes[place + 1])
            return UInt8((level / 257).rounded())
        }
        return Image(size: size, channels: channels, bytes: levels)
    }
}
