import DatasetKit
import FoundationEssentials
import Pix2Pix
import TestSupport
import Testing

/// What a sweep file says, and what becomes of its runs' numbers; trainings are in `SweepCommandTests`.
@Suite struct SweepTests {
    private func sweep(_ json: String) throws -> Sweep {
        try Sweep(
            JSONValue.parse(Data(json.utf8), path: "s.json", code: .invalidRecipe),
            file: "s.json"
        )
    }

    @Test func aGridHasEveryCombination() throws {
        let sweep = try sweep(
            """
            {"grid": {"lr": [1e-4, 2e-4], "lambdaL1": [10, 100], "attentionLevels": [[], [2, 3]]},
             "seeds": [4, 5]}
            """
        )
        #expect(sweep.name == "s" && sweep.metric == .l1)
        #expect(sweep.cases.count == 8)
        #expect(
            sweep.cases.map(\.name).prefix(3) == [
                "attentionLevels=--,lambdaL1=10,lr=0.0001",
                "attentionLevels=--,lambdaL1=10,lr=0.0002",
                "attentionLevels=--,lambdaL1=100,lr=0.0001",
            ]
        )
        #expect(
            sweep.cases.last?.train == [
                "lr": .number(2e-4), "lambdaL1": .integer(100),
                "attentionLevels": .array([.integer(2), .integer(3)]),
            ]
        )
        // Every case with the first seed, then with the second.
        #expect(
            sweep.runs.map(\.seed) == Array(repeating: 4, count: 8) + Array(repeating: 5, count: 8)
        )
        #expect(sweep.runs[8].name == "attentionLevels=--,lambdaL1=10,lr=0.0001-seed5")
    }

    @Test func namesThatWouldBeTooLongAreNumbers() throws {
        let values = (1...40).map { "[0, \($0)]" }.joined(separator: ", ")
        let sweep = try sweep(
            """
            {"grid": {"inputRange": [\(values)], "targetRange": [[0, 1.2345678901234567e-9]],
             "lrSchedule": ["constant"], "optimizer": ["adamw"], "ganLoss": ["relativistic-average"]}}
            """
        )
        #expect(sweep.cases.map(\.name).prefix(2) == ["case-01", "case-02"])
        #expect(sweep.cases.last?.name == "case-40")
    }

    @Test func aRandomSearchDrawsTheSameTrialsEverywhere() throws {
        func trials(_ count: Int, seed: Int = 7) throws -> [SweepCase] {
            try sweep(
                """
                {"random": {"trials": \(count), "seed": \(seed), "fields": {
                  "lr": {"from": 1e-5, "to": 1e-3, "scale": "log"}, "batchSize": [1, 2, 4],
                  "weightDecay": {"from": 0, "to": 0.01},
                  "ngf": {"from": 8, "to": 11, "whole": true}}}}
                """
            ).cases
        }
        let some = try trials(4)
        // Written down: they must not change from machine to machine, nor from version to version.
        #expect(some.map(\.name) == ["trial-01", "trial-02", "trial-03", "trial-04"])
        #expect(some.map { $0.train["lr"]?.number } == Self.rates)
        #expect(some.map { $0.train["batchSize"]?.number } == Self.batchSizes)
        // More trials leave the first ones as they are; another seed does not.
        #expect(try Array(trials(300).prefix(4)).map(\.train) == some.map(\.train))
        #expect(try trials(4, seed: 8).map(\.train) != some.map(\.train))

        let many = try trials(300)
        let rates = many.compactMap { $0.train["lr"]?.number }
        #expect(rates.allSatisfy { (1e-5...1e-3).contains($0) })
        // Uniform in the logarithm: half of them lie below the geometric mean of the ends.
        #expect((120...180).contains(rates.count { $0 < 1e-4 }))
        let decays = many.compactMap { $0.train["weightDecay"]?.number }
        #expect((120...180).contains(decays.count { $0 < 0.005 }))
        let filters = many.compactMap { $0.train["ngf"] }
        for value in 8...11 {
            #expect((50...100).contains(filters.count { $0 == .integer(value) }))
        }
        for value in [1, 2, 4] {
            #expect(many.count { $0.train["batchSize"] == .integer(value) } > 70)
        }
        // Three digits: what is shown is what is used.
        #expect(rates.allSatisfy { "\($0)".filter(\.isNumber).drop { $0 == "0" }.count <= 7 })
    }

    private static let rates: [Double?] = [0.000242, 0.00024, 6.96e-05, 0.00062]
    private static let batchSizes: [Double?] = [1, 2, 2, 4]

    @Test(arguments: [
        (#"{}"#, "expected one of grid, random and cases, found none"),
        (#"{"grid": {"lr": [1]}, "cases": [{"name": "a"}]}"#, "found grid and cases"),
        (#"{"grid": {}}"#, "grid: expected at least one option"),
        (#"{"grid": {"lr": 1}}"#, "grid.lr: expected a list of values, found 1"),
        (#"{"grid": {"lr": []}}"#, "grid.lr: expected a list of values"),
        (#"{"grid": {"lr": [0.1, 2]}}"#, "grid.lr: expected a number from 0.0 to 1.0, found 2"),
        (#"{"grid": {"lr": [0.1, 0.1]}}"#, "grid.lr: expected each value once, found 0.1 twice"),
        (#"{"grid": {"Ir": [1]}}"#, "unknown key grid.Ir; did you mean lr?"),
        (#"{"grid": {"seed": [1, 2]}}"#, #"grid.seed: the sweep's "seeds" say"#),
        (#"{"cases": []}"#, "cases: expected at least one case"),
        (#"{"cases": [{"train": {}}]}"#, "cases[0].name: expected a name"),
        (#"{"cases": [{"name": "a/b"}]}"#, "cases[0].name: expected a name"),
        (#"{"cases": [{"name": ".."}]}"#, "cases[0].name: expected a name"),
        (
            #"{"cases": [{"name": "a"}, {"name": "a"}]}"#,
            #"cases[1].name: there is another case "a""#
        ),
        (#"{"cases": [{"name": "a", "train": {"ngf": 0}}]}"#, "cases[0].train.ngf: expected"),
        (#"{"cases": [{"name": "a", "lr": 1}]}"#, "unknown key cases[0].lr"),
        (#"{"cases": [{"name": "a"}], "train": {"seed": 1}}"#, #"train.seed: the sweep's "seeds""#),
        (#"{"cases": [{"name": "a"}], "train": {"lr": "x"}}"#, "train.lr: expected a number"),
        (#"{"cases": [{"name": "a"}], "seeds": [1, 1]}"#, "seeds: expected a list"),
        (#"{"cases": [{"name": "a"}], "seeds": []}"#, "seeds: expected a list"),
        (#"{"cases": [{"name": "a"}], "seeds": [-1]}"#, "seeds: expected a list"),
        (#"{"cases": [{"name": "a"}], "metric": "l1"}"#, "metric: expected one of"),
        (#"{"cases": [{"name": "a"}], "name": "a/../b"}"#, "name: expected a name"),
        (#"{"cases": [{"name": "a"}], "extra": 1}"#, "unknown key extra"),
        (#"{"random": {"fields": {"lr": [1]}}}"#, "random.trials: expected a whole number"),
        (#"{"random": {"trials": 2}}"#, "random.fields: expected an object"),
        (
            #"{"random": {"trials": 2, "fields": {"lr": []}}}"#,
            "random.fields.lr: expected at least"
        ),
        (
            #"{"random": {"trials": 2, "fields": {"lr": {"from": 1}}}}"#,
            "random.fields.lr.from: expected"
        ),
        (
            #"{"random": {"trials": 2, "fields": {"lr": {"from": 0, "to": 1, "scale": "log"}}}}"#,
            "random.fields.lr.from: expected a number above 0"
        ),
        (
            #"{"random": {"trials": 2, "fields": {"lr": {"from": 0.1, "to": 3}}}}"#,
            "random.fields.lr: expected a number from 0.0 to 1.0, found 3.0"
        ),
        (
            #"{"random": {"trials": 2, "fields": {"ngf": {"from": 1, "to": 2}}}}"#,
            "random.fields.ngf: expected a whole number"
        ),
        (
            #"{"random": {"trials": 2, "fields": {"ngf": {"from": 1, "to": 2.5, "whole": true}}}}"#,
            "random.fields.ngf.whole: expected whole numbers"
        ),
        (
            #"{"grid": {"lr": [0.1]}, "seeds": [\#((0...10_000).map(String.init).joined(separator: ","))]}"#,
            "expected at most 10000 runs, found 10001"
        ),
    ])
    func whatIsWrongIsNamed(_ json: String, _ message: String) throws {
        let error = #expect(throws: DatasetError.self) { try sweep(json) }
        #expect(error?.code == .invalidRecipe && error?.path == "s.json")
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }

    @Test func theAblationIsRead() throws {
        let sweep = try Sweep(path: "\(Places.package)/recipes/ablation.json")
        #expect(sweep.cases.first == sweep.cases.first { $0.name == "baseline" })
        #expect(sweep.cases.first?.train.isEmpty == true && sweep.seeds.count == 3)
        let operations = try #require(sweep.augment)
        let mixup = try #require(sweep.cases.first { $0.name == "mixup" })
        #expect(mixup.differences(from: operations) == [#"+ {"alpha":0.4,"op":"mixup"}"#])
    }

    // MARK: - Schema

    private func schema() throws -> JSONValue {
        let path = "\(Places.package)/recipes/sweep.schema.json"
        return try JSONValue.parse(
            Data(FileSystem.contents(of: path)),
            path: path,
            code: .io
        )
    }

    /// The schema knows the keys that the decoder lists when it is given one that it does not know.
    @Test(arguments: [
        (#"{"cases": [{"name": "a"}], "?": 1}"#, ["properties"]),
        (#"{"cases": [{"name": "a", "?": 1}]}"#, ["$defs", "case", "properties"]),
        (
            #"{"random": {"trials": 1, "fields": {"lr": [1]}, "?": 1}}"#,
            ["properties", "random", "properties"]
        ),
        (
            #"{"random": {"trials": 1, "fields": {"lr": {"from": 0, "to": 1, "?": 1}}}}"#,
            ["$defs", "range", "properties"]
        ),
    ])
    func schemaAndDecoderAgree(_ json: String, _ path: [String]) throws {
        let error = #expect(throws: DatasetError.self) { try sweep(json) }
        let list = try #require(error?.message.split(separator: "allowed here: ").last).dropLast()
        var node = try schema()
        for key in path {
            guard case .object(let members) = node else { break }
            node = try #require(members[key])
        }
        guard case .object(let properties) = node else { return }
        #expect(Set(properties.keys) == Set(list.split(separator: ", ").map(String.init)))
    }

    @Test func schemaAndDecoderHaveTheSameMetrics() throws {
        guard case .object(let root) = try schema(), case .object(let all) = root["properties"],
            case .object(let metric) = all["metric"], case .array(let names) = metric["enum"]
        else {
            Issue.record("no metric")
            return
        }
        #expect(names == TrainOptions.Metric.allCases.map { .string($0.rawValue) })
    }

    // MARK: - Numbers

    @Test func aSpreadIsThatOfASample() throws {
        #expect(Spread([]) == nil)
        let one = try #require(Spread([3]))
        #expect(one.mean == 3 && one.deviation == nil && one.lowest == 3 && one.highest == 3)
        // numpy: np.std([1, 2, 4], ddof=1)
        let three = try #require(Spread([4, 1, 2]))
        #expect(three.count == 3 && abs(three.mean - 7.0 / 3) < 1e-15)
        #expect(abs((three.deviation ?? 0) - 1.5275252316519468) < 1e-15)
        #expect(three.lowest == 1 && three.highest == 4)
        let above = try #require(Spread([4.5, 9]))
        #expect(three.isApart(from: above) && above.isApart(from: three))
        #expect(!three.isApart(from: one))
    }

    /// Ranked by the mean of the best epochs; differences are those to the first case.
    @Test(arguments: [("L1", ["b", "a", "c"]), ("PSNR", ["a", "b", "c"])])
    func casesAreCompared(_ metric: String, _ order: [String]) throws {
        let sweep = try sweep(
            """
            {"cases": [{"name": "a"}, {"name": "b"}, {"name": "c"}], "seeds": [1, 2],
             "metric": "\(metric)"}
            """
        )
        let temporary = try TemporaryFolder()
        // Of each run the lines of two epochs.
        let values: [String: [(l1: Double, psnr: Double)]] = [
            "a-seed1": [(0.5, 10), (0.4, 12)], "a-seed2": [(0.6, 9), (0.7, 8)],
            "b-seed1": [(0.3, 7), (0.35, 6)], "b-seed2": [(0.2, 5), (0.3, 4)],
        ]
        var results: [SweepResult] = []
        for run in sweep.runs {
            var result = SweepResult(run)
            if let epochs = values[run.name] {
                let lines = epochs.enumerated().map { number, value in
                    #"{"epoch":\#(number + 1),"pairs_per_second":10,"seconds":\#(number + 1),"#
                        + #""val_L1":\#(value.l1),"val_PSNR":\#(value.psnr)}"# + "\n"
                }
                try temporary.write(lines.joined(), to: "\(run.name)/metrics.jsonl")
                let folder = RunFolder(planned: temporary.path(run.name))
                try result.update(.finished, from: folder)
            } else {
                result.status = .diverged
            }
            results.append(result)
        }
        #expect(results[0].seconds == 3 && results[0].pairsPerSecond == 10)
        let comparison = SweepComparison(results, of: sweep)
        #expect(comparison.ranked().map(\.sweepCase.name) == order)
        let (first, second) = (comparison.cases[0], comparison.cases[1])
        if metric == "L1" {
            #expect(first.best[.l1] == Spread([0.4, 0.6]))
            #expect(first.best[.psnr] == Spread([12, 9]))
            #expect(first.last[.l1] == Spread([0.4, 0.7]))
            let difference = try #require(comparison.difference(of: second, by: .l1))
            #expect(abs(difference.value + 0.25) < 1e-12)
            #expect(difference.isBetter && difference.isApart)
            let other = try #require(comparison.difference(of: second, by: .psnr))
            #expect(!other.isBetter && other.isApart && other.value == -4.5)
        } else {
            #expect(first.best[.l1] == Spread([0.4, 0.6]))
            #expect(second.best[.psnr] == Spread([7, 5]))
        }
        #expect(comparison.difference(of: first, by: .l1) == nil)
        #expect(comparison.cases[2].best.isEmpty && comparison.metrics == [.l1, .psnr])
    }
}
