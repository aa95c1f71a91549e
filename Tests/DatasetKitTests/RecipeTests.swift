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
        #expect(recipe.split.names == [.train: "train", .val: "val", .test: "test"])
        #expect(recipe.resize == nil)
        #expect(recipe.pixels == Sides(both: PixelPolicy()))
        #expect(recipe.shards.maxBytes == nil)
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
            #"source.inputs: only goes with "layout": "folders", found "side-by-side""#
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
            #"{"source": {"path": "x", "layout": "pairs"}}"#,
            #"source.layout: expected one of "side-by-side", "folders", "list", found the text"#
        ),
        (
            #"{"source": {"path": "x", "layout": "folders", "inputs": "a"}}"#,
            #"source.targets: expected a folder below "path""#
        ),
        (
            #"{"source": {"path": "x", "layout": "folders", "inputs": "a", "targets": "a"}}"#,
            "source.targets: found the inputs' own folder"
        ),
        (
            #"{"source": {"path": "x", "layout": "folders", "inputs": "{split}A", "targets": "b"}}"#,
            "source.targets: expected {split} in both folders or in none"
        ),
        (
            #"{"source": {"path": "x", "layout": "folders", "inputs": "a", "targets": "b", "inputName": "x"}}"#,
            "source.inputName: expected a file name with {key} in it once"
        ),
        (
            #"{"source": {"path": "x", "layout": "list"}}"#,
            "source.file: expected the table that names the pairs"
        ),
        (
            #"{"source": {"path": "x"}, "split": {"from": "ratio", "val": 0.7, "test": 0.6}}"#,
            "split.val: the shares add up to more than 1"
        ),
        (
            #"{"source": {"path": "x"}, "split": {"from": "ratio", "train": 0.7, "val": 0.2}}"#,
            "split.train: expected shares that add up to 1"
        ),
        (
            #"{"source": {"path": "x"}, "split": {"group": "(unclosed"}}"#,
            "split.group: expected a regular expression"
        ),
        (
            #"{"source": {"path": "x"}, "alpha": {"over": "white"}}"#,
            "alpha: expected one of \"reject\", \"drop\", \"keep\", {\"over\": \"#rrggbb\"}"
        ),
        (
            #"{"source": {"path": "x"}, "depth": {"input": 12}}"#,
            #"depth.input: expected one of 8, 16, "float", "keep", found 12"#
        ),
        (
            #"{"source": {"path": "x"}, "palette": {"input": "indices"}}"#,
            "palette: two halves of one file cannot differ in it"
        ),
        (
            #"{"source": {"path": "x"}, "palette": "indices", "resize": {"width": 2, "height": 2, "filter": "box"}}"#,
            "resize.filter: the input holds palette indices, which cannot be mixed"
        ),
        (
            #"{"source": {"path": "x"}, "palette": "indices", "color": "rgb"}"#,
            "palette: indices of the input have no colours"
        ),
        (
            #"{"source": {"path": "x"}, "resize": {"mode": "shorter-side", "width": 2}}"#,
            #"resize.width: does not go with the mode "shorter-side""#
        ),
        (
            #"{"source": {"path": "x"}, "resize": {"mode": "shorter-side"}}"#,
            "resize.size: expected a whole number of pixels"
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
            #"split.val: does not go with "from": "none""#
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
