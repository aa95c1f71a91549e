import DatasetKit
import FoundationEssentials
import TestSupport
import Testing

@Suite struct RecipeTests {
    private func recipe(_ json: String) throws -> Recipe {
        try Recipe(
            JSONValue.parse(Data(json.utf8), path: "r.json", code: .invalidRecipe),
            file: "recipes/r.json"
        )
    }

    @Test func defaultsAreTheReferences() throws {
        let recipe = try recipe(#"{"source": {"path": "../data/x"}}"#)
        #expect(recipe.name == "r")
        #expect(recipe.sourceFolder == "data/x")
        #expect(recipe.source.layout == .sideBySide)
        #expect(recipe.source.input == .left)
        #expect(recipe.split.from == .folders)
        #expect(recipe.split.folders == [.train: "train", .val: "val", .test: "test"])
        #expect(recipe.resize == nil)
        #expect(recipe.color == .keep)
        #expect(recipe.shards.maxBytes == 67_108_864)
        #expect(recipe.train == TrainOptions())
    }

    @Test func theResolvedRecipeReadsBackAsItself() throws {
        for name in ["facades", "sample"] {
            let recipe = try Recipe(path: "\(Places.package)/recipes/\(name).json")
            let again = try Recipe(recipe.json, file: "\(Places.package)/recipes/\(name).json")
            #expect(again == recipe)
        }
    }

    /// Each: a recipe, and what the message must say.
    @Test(arguments: [
        (#"{"sorce": {}}"#, "expected an object that says where the pairs are"),
        (
            #"{"source": {"path": "x"}, "resise": {}}"#,
            "unknown key resise; did you mean resize?"
        ),
        (
            #"{"source": {"path": "x", "inputs": "a"}}"#,
            "unknown key source.inputs; did you mean input?"
        ),
        (
            #"{"source": {"path": "x"}, "resize": {"width": "big", "height": 2}}"#,
            #"resize.width: expected a whole number from 1 to 65500, found the text "big""#
        ),
        (
            #"{"source": {"path": "x"}, "resize": {"width": 0, "height": 2}}"#,
            "resize.width: expected a whole number from 1 to 65500, found 0"
        ),
        (
            #"{"source": {"path": "x"}, "resize": {"width": 2}}"#,
            "resize.height: expected a whole number of pixels"
        ),
        (
            #"{"source": {"path": "x", "input": "middle"}}"#,
            #"source.input: expected one of "left", "right", "top", "bottom", found the text"#
        ),
        (
            #"{"source": {"path": "x", "layout": "folders"}}"#,
            #"source.layout: expected one of "side-by-side", found the text "folders""#
        ),
        (#"{"source": []}"#, "source: expected an object, found a list of 0"),
        (
            #"{"source": {"path": "x", "url": "ftp://x"}}"#,
            "source.url: expected an address that starts with http"
        ),
        (
            #"{"source": {"path": "x"}, "train": {"lr": -1}}"#,
            "train.lr: expected a number from 0.0 to 1.0, found -1"
        ),
        (
            #"{"source": {"path": "x"}, "train": {"epoch": 1}}"#,
            "unknown key train.epoch; did you mean epochs?"
        ),
        (
            #"{"source": {"path": "x"}, "split": {"from": "none", "val": "v"}}"#,
            #"split.val: only goes with "from": "folders""#
        ),
        (#"{"source": {"path": "x"}"#, "not valid JSON"),
        ("[]", "expected an object, found a list of 0"),
    ])
    func aWrongRecipeIsRefusedWithItsPlace(_ json: String, _ message: String) {
        let error = #expect(throws: DatasetError.self) { try recipe(json) }
        #expect(error?.code == .invalidRecipe)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }
}
