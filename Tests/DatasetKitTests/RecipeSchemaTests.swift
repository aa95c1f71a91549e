import DatasetKit
import FoundationEssentials
import TestSupport
import Testing

/// `recipes/recipe.schema.json` and the decoder know the same keys.
@Suite struct RecipeSchemaTests {
    private let schema: JSONValue

    init() throws {
        let path = "\(Places.package)/recipes/recipe.schema.json"
        let bytes = try FileSystem.contents(of: path)
        schema = try JSONValue.parse(Data(bytes), path: path, code: .io)
    }

    private func properties(_ section: String? = nil) throws -> [String: JSONValue] {
        var node = schema
        for key in section.map({ ["properties", $0, "properties"] }) ?? ["properties"] {
            guard case .object(let members) = node else { break }
            node = try #require(members[key])
        }
        guard case .object(let members) = node else { return [:] }
        return members
    }

    /// The keys that the decoder lists when it is given one that it does not know.
    private func decoderKeys(_ section: String?) throws -> Set<String> {
        let complete: [String: JSONValue] = [
            "source": .object(["path": .string("x")]),
            "resize": .object(["width": .integer(1), "height": .integer(1)]),
        ]
        var document = complete
        if let section {
            guard case .object(var members) = document[section] ?? .object([:]) else { return [] }
            members["unknownKey"] = .null
            document[section] = .object(members)
        } else {
            document["unknownKey"] = .null
        }
        let error = #expect(throws: DatasetError.self) {
            try Recipe(.object(document), file: "r.json")
        }
        let message = try #require(error?.message)
        let list = try #require(message.split(separator: "allowed here: ").last).dropLast()
        return Set(list.split(separator: ", ").map(String.init))
    }

    @Test(arguments: [nil, "source", "split", "resize", "shards", "train"])
    func keysAgree(_ section: String?) throws {
        #expect(try Set(properties(section).keys) == decoderKeys(section))
    }

    /// Each policy's values as the schema lists them are read, alone and per side.
    @Test(arguments: ["color", "alpha", "depth", "palette", "icc", "pages"])
    func policiesAgree(_ name: String) throws {
        guard case .object(let root) = schema, case .object(let definitions) = root["$defs"],
            case .object(let policy) = definitions["\(name)Policy"]
        else {
            Issue.record("no definition of \(name)Policy")
            return
        }
        var values: [JSONValue] = []
        if case .array(let list) = policy["enum"] { values = list }
        if case .array(let options) = policy["oneOf"], case .object(let first) = options.first,
            case .array(let list) = first["enum"]
        {
            values = list + [.object(["over": .string("#ff0080")])]
        }
        #expect(values.count >= 2)
        for value in values {
            for written in [value, .object(["target": value])] {
                let recipe = try Recipe(
                    .object([
                        "source": .object([
                            "path": .string("x"), "layout": .string("folders"),
                            "inputs": .string("a"), "targets": .string("b"),
                        ]), name: written,
                    ]),
                    file: "r.json"
                )
                guard case .object(let resolved) = recipe.json else { continue }
                let target: JSONValue? =
                    if case .object(let sides) = resolved[name], sides["over"] == nil {
                        sides["target"]
                    } else { resolved[name] }
                #expect(target == value)
            }
        }
    }

    @Test func choicesAgree() throws {
        func choices(_ section: String?, _ key: String) throws -> [JSONValue] {
            guard case .object(let property) = try properties(section)[key],
                case .array(let values) = property["enum"]
            else { return [] }
            return values
        }
        #expect(
            try choices("source", "layout")
                == Recipe.Source.Layout.allCases.map { .string($0.rawValue) }
        )
        #expect(
            try choices("source", "sizes")
                == Recipe.Source.Sizes.allCases.map { .string($0.rawValue) }
        )
        #expect(try choices("resize", "mode") == ResizeMode.allCases.map { .string($0.rawValue) })
        #expect(
            try choices("resize", "filter") == ResizeFilter.allCases.map { .string($0.rawValue) }
        )
        #expect(
            try choices("resize", "resampler") == Resampler.allCases.map { .string($0.rawValue) }
        )
        #expect(
            try choices("source", "input")
                == Recipe.Source.Half.allCases.map { .string($0.rawValue) }
        )
        #expect(
            try choices("split", "from")
                == Recipe.Split.Method.allCases.map { .string($0.rawValue) }
        )
        func agree<Choice: CaseIterable & RawRepresentable<String>>(
            _ key: String,
            _ type: Choice.Type
        ) throws {
            let listed = type.allCases.map { JSONValue.string($0.rawValue) }
            #expect(try choices("train", key) == listed, "\(key)")
        }
        try agree("generator", TrainOptions.Generator.self)
        try agree("discriminator", TrainOptions.Discriminator.self)
        try agree("norm", TrainOptions.Norm.self)
        try agree("ganLoss", TrainOptions.GANLoss.self)
        try agree("optimizer", TrainOptions.Optimizer.self)
        try agree("lrSchedule", TrainOptions.LRSchedule.self)
        try agree("bestMetric", TrainOptions.Metric.self)
        try agree("testNorm", TrainOptions.TestNorm.self)
    }
}
