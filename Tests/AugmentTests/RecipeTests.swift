import Augment
import DatasetKit
import Foundation
import TestSupport
import Testing

/// What a recipe may say, and what is refused, with its place.
@Suite struct RecipeTests {
    private let size = ImageSize(width: 40, height: 36)

    private func refusal(_ operations: String, sides: Sides<SideForm>? = nil) throws -> DatasetError
    {
        let recipe = try MemoryPairs.recipe(operations)
        let form = PairForm(size: size, sides: sides)
        return try #require(throws: DatasetError.self) { try Augmentation(recipe, form: form) }
    }

    @Test(arguments: [
        (#"[{"op": "crop", "width": 41, "height": 8}]"#, "augment[0].width: expected at most"),
        (
            #"[{"op": "crop", "width": 8, "height": 8}, {"op": "crop", "width": 8, "height": 9}]"#,
            "augment[1].height: expected at most the images' height of 8, found 9"
        ),
        (#"[{"op": "crop", "width": 8}]"#, "augment[0].height: expected a whole number"),
        (#"[{"op": "crop", "width": 8, "height": 8, "p": 0.5}]"#, "unknown key augment[0].p"),
        (
            #"[{"op": "flip-horizontal", "p": 1.5}]"#,
            "augment[0].p: expected a number from 0.0 to 1.0"
        ),
        (#"[{"op": "flip-horizontal", "p": -0.1}]"#, "augment[0].p"),
        (#"[{"op": "flip"}]"#, #"augment[0].op: expected one of "affine", "blur""#),
        (#"[{}]"#, "augment[0].op: expected one of"),
        (#"["crop"]"#, "augment[0]: expected an object"),
        (
            #"[{"op": "color-jitter", "hue": 0.6}]"#,
            "augment[0].hue: expected a number from 0.0 to 0.5 or a range such as [-0.5, 0.5], found 0.6"
        ),
        (#"[{"op": "color-jitter", "hue": [-0.6, 0]}]"#, "augment[0].hue: expected two numbers"),
        (
            #"[{"op": "color-jitter", "brightness": -1}]"#,
            "augment[0].brightness: expected a number"
        ),
        (#"[{"op": "color-jitter", "brightness": [1, 0.5]}]"#, "the lower first"),
        (#"[{"op": "color-jitter", "brightness": [1]}]"#, "augment[0].brightness: expected two"),
        (#"[{"op": "color-jitter", "brightness": [0, "1"]}]"#, "augment[0].brightness"),
        (#"[{"op": "color-jitter", "brightness": "much"}]"#, "augment[0].brightness"),
        (#"[{"op": "color-jitter"}]"#, "augment[0].brightness: expected at least one of"),
        (#"[{"op": "color-jitter", "hue": 0.1, "sides": "left"}]"#, "augment[0].sides"),
        (#"[{"op": "color-jitter", "hues": 0.1, "hue": 0.1}]"#, "did you mean hue?"),
        (#"[{"op": "affine"}]"#, "augment[0].rotation: expected at least one of"),
        (#"[{"op": "affine", "rotation": 200}]"#, "augment[0].rotation"),
        (#"[{"op": "affine", "scale": 0}]"#, "augment[0].scale"),
        (#"[{"op": "affine", "shearX": 90}]"#, "augment[0].shearX"),
        (#"[{"op": "affine", "rotation": 5, "fill": 1}]"#, "augment[0].fill"),
        (#"[{"op": "affine", "rotation": 5, "border": "wrap"}]"#, "augment[0].border"),
        (
            #"[{"op": "rotate-90"}]"#,
            "augment[0].turns: expected [0, 2] for images that are not square"
        ),
        (#"[{"op": "rotate-90", "turns": [4]}]"#, "augment[0].turns"),
        (
            #"[{"op": "scale-jitter", "scale": [0.5, 2], "width": 30, "height": 30}]"#,
            "augment[0].scale: expected images of at least 30x30, found 20x18"
        ),
        (
            #"[{"op": "elastic", "sigma": 9}]"#,
            "augment[0].sigma: expected a blur that reaches fewer"
        ),
        (#"[{"op": "blur", "kernelSize": 4}]"#, "augment[0].kernelSize: expected an odd number"),
        (
            #"[{"op": "blur", "kernelSize": 73}]"#,
            "augment[0].kernelSize: expected a blur that reaches"
        ),
        (#"[{"op": "blur", "sigma": 12}]"#, "augment[0].sigma: expected a blur that reaches fewer"),
        (#"[{"op": "gamma", "gamma": 0}]"#, "augment[0].gamma"),
        (#"[{"op": "noise", "sigma": -0.1}]"#, "augment[0].sigma"),
        (#"[{"op": "jpeg", "quality": [0, 50]}]"#, "augment[0].quality"),
        (#"[{"op": "jpeg", "quality": 50.5}]"#, "augment[0].quality: expected whole numbers"),
        (#"[{"op": "erase", "scale": [0, 1.5]}]"#, "augment[0].scale"),
        (#"[{"op": "erase", "value": 128}]"#, "augment[0].value: expected a level from 0 to 1"),
        (#"[{"op": "erase", "value": "random"}]"#, "augment[0].value"),
        (#"[{"op": "cutout", "holes": 0}]"#, "augment[0].holes"),
        (#"[{"op": "mixup", "alpha": 0}]"#, "augment[0].alpha"),
        (#"[{"op": "one-of"}]"#, "augment[0].operations: expected a list"),
        (#"[{"op": "one-of", "operations": []}]"#, "augment[0].operations: expected a list"),
        (
            #"[{"op": "one-of", "operations": [{"op": "gamma"}], "weights": [1, 2]}]"#,
            "augment[0].weights: expected a list of 1"
        ),
        (
            #"[{"op": "one-of", "operations": [{"op": "gamma"}], "weights": [0]}]"#,
            "augment[0].weights"
        ),
        (
            #"[{"op": "one-of", "operations": [{"op": "gamma"}, {"op": "crop", "width": 4, "height": 4}]}]"#,
            "augment[0].operations: expected operations that give images of one size"
        ),
        (
            #"[{"op": "sequence", "p": 0.5, "operations": [{"op": "crop", "width": 4, "height": 4}]}]"#,
            "augment[0].p: expected operations that keep the images' size"
        ),
        (
            #"[{"op": "sequence", "operations": [{"op": "gamma"}, {"op": "gamma", "gamma": -1}]}]"#,
            "augment[0].operations[1].gamma"
        ),
        (
            #"[{"op": "sequence", "operations": [{"op": "gamma"}, {"op": "mixup"}]}]"#,
            "augment[0].operations[1].op: expected mixing outside of a sequence"
        ),
    ])
    func impossibleOperationsAreRefusedWithTheirPlace(_ json: String, _ message: String) throws {
        let error = try refusal(json)
        #expect(error.code == .invalidRecipe)
        #expect(error.message.contains(message), "\(error.message)")
    }

    // MARK: - What images can take

    private static let gray = SideForm(channels: 1)
    private static let rgb = SideForm(channels: 3)
    private static let wide = SideForm(channels: 3, sampleType: .u16)
    private static let float = SideForm(channels: 1, sampleType: .f32)
    private static let alpha = SideForm(channels: 4, hasAlpha: true)
    private static let inks = SideForm(channels: 4, colors: .cmyk)
    private static let indices = SideForm(channels: 1, colors: .indices)
    private static let labels = SideForm(channels: 3, isLabelMap: true)

    @Test(arguments: [
        (#"[{"op": "color-jitter", "hue": 0.1}]"#, float, "floats have no known range"),
        (#"[{"op": "noise"}]"#, float, "floats have no known range"),
        (#"[{"op": "color-jitter", "hue": 0.1}]"#, alpha, "expected grey or RGB without alpha"),
        (#"[{"op": "gamma"}]"#, inks, "expected grey or RGB without alpha"),
        (#"[{"op": "jpeg"}]"#, wide, "JPEG keeps 8 of its 16 bits"),
        (#"[{"op": "gamma", "sides": "both"}]"#, indices, "label numbers are no brightness"),
        (#"[{"op": "mixup"}]"#, indices, "label numbers, which cannot be blended"),
        (#"[{"op": "erase", "value": "noise"}]"#, labels, "noise would make new labels"),
        (#"[{"op": "erase", "value": "noise"}]"#, float, "levels of an unknown range"),
        (
            #"[{"op": "erase", "value": [0, 1]}]"#, rgb,
            "expected one level, or one for each channel"
        ),
        (
            #"[{"op": "affine", "rotation": 1, "border": "constant", "fill": [0, 1]}]"#, rgb,
            "expected one level, or one for each channel"
        ),
    ])
    func whatImagesCannotTakeIsRefused(_ json: String, _ target: SideForm, _ message: String) throws
    {
        let error = try refusal(json, sides: Sides(input: Self.rgb, target: target))
        #expect(error.code == .invalidRecipe)
        #expect(error.message.contains("augment[0]."))
        #expect(error.message.contains(message), "\(error.message)")
    }

    @Test func labelMapsKeepTheirColoursUnlessNamed() throws {
        func sides(_ operations: String, _ input: SideForm, _ target: SideForm) throws -> SideChoice
        {
            let augmentation = try Augmentation(
                MemoryPairs.recipe(operations),
                form: PairForm(size: size, sides: Sides(input: input, target: target))
            )
            let drawn = augmentation.draw(seed: 0, epoch: 1, sample: 0, of: 1).operations
            guard case .gamma(let change) = drawn.first else { return .both }
            return change.sides
        }
        let gamma = #"[{"op": "gamma"}]"#
        #expect(try sides(gamma, Self.rgb, Self.gray) == .both)
        #expect(try sides(gamma, Self.labels, Self.rgb) == .target)
        #expect(try sides(gamma, Self.rgb, Self.indices) == .input)
        let both = #"[{"op": "gamma", "sides": "both"}]"#
        #expect(try sides(both, Self.labels, Self.rgb) == .both)
        let error = try refusal(gamma, sides: Sides(input: Self.labels, target: Self.indices))
        #expect(error.message.contains("nothing is left to change"), "\(error.message)")
    }

    /// A record that was edited is checked as a recipe is; one that was not, is taken.
    @Test func recordsAreCheckedAgainstBothSides() throws {
        let form = PairForm(size: size, sides: Sides(input: Self.rgb, target: Self.alpha))
        func isTaken(_ record: String) throws -> Bool {
            let transform = try JSONDecoder().decode(PairTransform.self, from: Data(record.utf8))
            let augmentation = try Augmentation(MemoryPairs.recipe("[]"), form: form)
            do throws(DatasetError) {
                try augmentation.check(transform, of: 3, file: "", path: "")
                return true
            } catch {
                return false
            }
        }
        func erase(_ sides: String) -> String {
            #"[{"op": "erase", "x": 1, "y": 2, "width": 3, "height": 4, "value": [0, 0.5, 1],"#
                + " \"sides\": \"\(sides)\"}]"
        }
        #expect(try isTaken(erase("input")))
        #expect(try !isTaken(erase("both")))
        for operation in [
            #""op": "gamma", "gamma": 2"#, #""op": "grayscale""#, #""op": "jpeg", "quality": 9"#,
            #""op": "color-jitter", "order": ["hue", "contrast", "brightness", "saturation"]"#,
        ] {
            #expect(try isTaken("[{\(operation), \"sides\": \"input\"}]"), "\(operation)")
            #expect(try !isTaken("[{\(operation), \"sides\": \"target\"}]"), "\(operation)")
        }
    }

    // MARK: - The schema

    /// The keys of each operation as the decoder lists them when it is given one that it does not know.
    @Test func theSchemaHasTheKeysOfEveryOperation() throws {
        let path = "\(Places.package)/recipes/recipe.schema.json"
        let bytes = Data(try FileSystem.contents(of: path))
        let schema = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
        let definitions = try #require(schema["$defs"] as? [String: Any])
        let operation = try #require(definitions["operation"] as? [String: Any])
        let choices = try #require(operation["oneOf"] as? [[String: Any]])
        #expect(choices.count == 19)
        for choice in choices {
            let properties = try #require(choice["properties"] as? [String: [String: Any]])
            let name = try #require(properties["op"]?["const"] as? String)
            let needed = [
                "width": "8", "height": "8", "operations": #"[{"op": "gamma"}]"#,
            ].filter { properties.keys.contains($0.key) }
            let extra = [
                "color-jitter": "\"hue\": 0.1, ", "affine": "\"rotation\": 1, ",
            ][name, default: ""]
            let members = needed.map { "\"\($0.key)\": \($0.value), " }.sorted().joined()
            let error = try refusal("[{\"op\": \"\(name)\", \(members)\(extra)\"unknownKey\": 1}]")
            let list = try #require(error.message.components(separatedBy: "allowed here: ").last)
            let keys = list.dropLast().components(separatedBy: ", ")
            #expect(Set(keys) == Set(properties.keys), "\(name)")
        }
    }

    // MARK: - Other sizes

    @Test func anotherSizeSeesTheSamePartOfThePicture() throws {
        let image = Noise.image(width: 286, height: 286)
        let source = MemoryPairs(both: image)
        let augmentation = try Augmentation(
            MemoryPairs.recipe(#"[{"op": "crop", "width": 256, "height": 256}]"#),
            form: source.form,
            outputSize: ImageSize(width: 128, height: 128)
        )
        let batch = try source.render(augmentation.evaluation, by: augmentation)
        #expect(augmentation.evaluation.summary == "crop 7,7")
        let small = image.resized(to: ImageSize(width: 143, height: 143))
        #expect(
            batch.pair(at: 0).input
                == small.cropped(x: 7, y: 7, to: ImageSize(width: 128, height: 128))
        )
    }
}
