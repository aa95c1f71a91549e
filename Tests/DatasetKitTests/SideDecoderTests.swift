import DatasetKit
import TestSupport
import Testing

/// Single images become what a dataset's images are.
@Suite struct SideDecoderTests {
    private let temporary: TemporaryFolder

    init() throws { temporary = try TemporaryFolder() }

    private static let size = ImageSize(width: 8, height: 8)

    private func recipe(_ policies: String) throws -> Recipe {
        let json = #"{"source": {"path": "."}\#(policies)}"#
        return try Recipe(path: temporary.write(json, to: "recipe.json"))
    }

    private func file(_ name: String) -> String { "\(Places.fixtures)/images/\(name)" }

    private static func form(
        _ channels: Int,
        _ type: SampleType = .u8,
        _ colors: DatasetIndex.Colors = .rgb
    ) -> DatasetIndex.Side {
        DatasetIndex.Side(size: size, channels: channels, dtype: type, colors: colors)
    }

    @Test("The recipe's policies are applied, and named")
    func policies() throws {
        let recipe = try recipe(#", "color": {"input": "gray"}, "depth": {"input": 16}"#)
        let decoder = SideDecoder(.input, form: Self.form(1, .u16, .gray), recipe: recipe)
        let decoded = try decoder.decode(path: file("rgb8.png"))
        let expected = try ImageCodec.decode(path: file("rgb8.png")).image.gray()
            .converted(to: .u16)
        #expect(decoded.image == expected)
        #expect(decoded.conversions == ["rgb-to-gray", "u8-to-u16"])
        #expect(decoded.originalSize == expected.size)
    }

    @Test("What no policy makes of the model's form is refused, and the file named")
    func misfits() throws {
        let decoder = SideDecoder(.input, form: Self.form(3), recipe: try recipe(""))
        for (name, words) in [
            ("grey.jpg", "found 1 channel (gray) U8"),
            ("grey16-big.tif", "found 1 channel (gray) U16"),
            ("cmyk.jpg", "found 4 channels (cmyk) U8"), ("grey-alpha8.png", "it has transparency"),
        ] {
            let error = try #require(throws: DatasetError.self) {
                try decoder.decode(path: file(name))
            }
            #expect(error.message.contains(words), "\(error)")
            #expect(error.path == file(name))
        }
    }

    @Test(
        "Without a recipe, or where it is asked for, all becomes plain RGB or grey",
        arguments: [
            "grey.jpg", "cmyk.jpg", "grey-alpha8.png", "grey16-big.tif", "rgb8.png", "grey1.png",
        ]
    )
    func plain(name: String) throws {
        for (recipe, converts) in [(nil, false), (try recipe(""), true)] {
            let rgb = SideDecoder(.input, form: Self.form(3), recipe: recipe, converts: converts)
            let colored = try rgb.decode(path: file(name)).image
            #expect(colored.channels == 3 && colored.sampleType == .u8)
            let gray = SideDecoder(
                .input,
                form: Self.form(1, .u8, .gray),
                recipe: recipe,
                converts: converts
            )
            let grey = try gray.decode(path: file(name)).image
            #expect(grey.channels == 1 && grey.sampleType == .u8)
        }
    }

    @Test("Files are turned upright")
    func orientation() throws {
        let form = DatasetIndex.Side(
            size: Self.size,
            channels: 2,
            dtype: .u16,
            colors: .gray,
            hasAlpha: true
        )
        let decoder = SideDecoder(.input, form: form, recipe: try recipe(#", "alpha": "keep""#))
        let upright = try decoder.decode(path: file("grey16-alpha-orientation-1.tif"))
        let turned = try decoder.decode(path: file("grey16-alpha-orientation-6.tif"))
        // The files hold the same samples.
        #expect(turned.image == upright.image.upright(orientation: 6))
        #expect(turned.conversions == ["orientation-applied"])
    }

    @Test("One half of a file is taken where it is named, and never unasked")
    func halves() throws {
        let source = try SideBySideSource(in: temporary, train: 1, val: 0)
        let path = "\(source.folder)/train/pair0.png"
        let whole = try #require(source.images["train/pair0"])
        func decoded(_ half: Recipe.Source.Half?) throws -> Image {
            try SideDecoder(.input, form: Self.form(3), recipe: nil, half: half)
                .decode(path: path).image
        }
        #expect(try decoded(nil) == whole)
        let half = ImageSize(width: 20, height: 16)
        #expect(try decoded(.left) == whole.cropped(x: 0, y: 0, to: half))
        #expect(try decoded(.right) == whole.cropped(x: 20, y: 0, to: half))
        let low = ImageSize(width: 40, height: 8)
        #expect(try decoded(.bottom) == whole.cropped(x: 0, y: 8, to: low))
        #expect(throws: DatasetError.self) {
            try SideDecoder(.input, form: Self.form(3), recipe: nil, half: .left)
                .decode(path: file("rgb8.png"))
        }
    }

    @Test("A resize goes by the recipe's filter")
    func resize() throws {
        let recipe = try recipe(#", "resize": {"width": 9, "height": 9, "filter": "box"}"#)
        let decoder = SideDecoder(.input, form: Self.form(3), recipe: recipe)
        let size = ImageSize(width: 13, height: 7)
        let decoded = try decoder.decode(path: file("rgb8.png"), to: size)
        let image = try ImageCodec.decode(path: file("rgb8.png")).image
        #expect(decoded.image == image.resized(to: size, filter: .box))
        #expect(decoded.originalSize == image.size && decoded.conversions == ["resized"])
    }

    @Test("A format is taken for images that it holds as they are")
    func formats() {
        let rgba = DatasetIndex.Side(size: Self.size, channels: 4, dtype: .u8, hasAlpha: true)
        let cmyk = Self.form(4, .u8, .cmyk)
        let floats = Self.form(3, .f32)
        let wide = Self.form(3, .u16)
        #expect(ImageFormat.lossless(for: rgba) == .png && !ImageFormat.jpeg.holds(rgba))
        #expect(ImageFormat.lossless(for: cmyk) == .tiff, "PNG would take black for opacity")
        #expect(ImageFormat.lossless(for: floats) == .tiff)
        #expect(ImageFormat.lossless(for: wide) == .png && !ImageFormat.jpeg.holds(wide))
        #expect(ImageFormat.jpeg.holds(Self.form(1, .u8, .gray)))
    }

    @Test("A place has one canonical name, whether it exists or not")
    func canonicalNames() throws {
        try temporary.makeFolder("a/b")
        let root = FileSystem.canonical(temporary.path)
        #expect(FileSystem.canonical(temporary.path("a/../a/b/")) == "\(root)/a/b")
        #expect(FileSystem.canonical(temporary.path("a/new/er/")) == "\(root)/a/new/er")
        #expect(FileSystem.canonical("no-such-name") == "\(FileSystem.canonical("."))/no-such-name")
    }
}
