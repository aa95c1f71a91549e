import ArgumentParser
import CommandKit
import DatasetKit

/// `p2p-data inspect PATH`: what is wrong with a set of pairs.
struct InspectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract:
            "Find what is wrong with a set of pairs: leaks, duplicates, swapped sides and more.",
        discussion: """
            With --strict, exit code 2 if a pair is in two splits or an image cannot be used. The \
            other findings are for you to judge: each has its pairs by name, and --html shows them.
            """
    )

    @Argument(help: "A recipe (.json), a dataset that was built, or a folder of images.")
    var path: String

    @Option(help: "The folder with the images, in place of the recipe's.")
    var source: String?

    @Flag(help: "Write the report as JSON to stdout.")
    var json = false

    @Option(help: "Write the report as a page with pictures to this file.")
    var html: String?

    @Flag(help: "Exit with 2 if there are leaks or losses.")
    var strict = false

    @Option(help: "How many of 64 bits may differ in the hashes of near duplicates.")
    var radius = Inspector.defaultRadius

    @Option(help: "Look at the first so many pairs only.")
    var limit: Int?

    @OptionGroup var jobs: JobsOption

    func validate() throws {
        guard (0...32).contains(radius) else {
            throw ValidationError("--radius takes a number from 0 to 32, found \(radius)")
        }
        guard limit ?? 1 >= 1 else {
            throw ValidationError("--limit takes a number from 1, found \(limit ?? 0)")
        }
        guard source == nil || path.hasSuffix(".json") else {
            throw ValidationError("--source is for recipes, found \(path)")
        }
    }

    func run() throws {
        try reportingErrors {
            let progress = CountProgress(unit: "pairs")
            defer { progress.end() }
            let pairs = try inspectionSource()
            let inspector = Inspector(pairs, radius: radius, jobs: jobs.jobs, limit: limit)
            let report = inspector.inspect { progress.update("inspect", done: $0, of: $1) }
            progress.end()
            if let html {
                let page = InspectionPage(report, source: pairs, jobs: jobs.jobs).html()
                try FileSystem.writeAtomically(Array(page.utf8), to: html)
            }
            Console.result(try json ? report.jsonText() : InspectionText(report).text)
            if let html { Console.message("page: \(html)") }
            if strict, !report.leaks.isEmpty || !report.losses.isEmpty {
                throw ExitCode.dataFoundWanting
            }
        }
    }

    /// The pairs that the path stands for.
    private func inspectionSource() throws(DatasetError) -> any InspectionSource {
        if path.hasSuffix(".json") {
            return try recipeSource(try Recipe(path: path))
        }
        guard FileSystem.kind(of: path) == .folder else {
            throw DatasetError(
                .notFound,
                "expected a recipe (.json), a dataset or a folder of images, found none",
                path: path
            )
        }
        if FileSystem.kind(of: "\(path)/\(DatasetIndex.fileName)") == .file {
            return DatasetInspectionSource(try Dataset(folder: path))
        }
        return try recipeSource(RecipeInspectionSource.guessedRecipe(forFolder: path))
    }

    private func recipeSource(_ recipe: Recipe) throws(DatasetError) -> RecipeInspectionSource {
        let progress = CountProgress(unit: "images")
        defer { progress.end() }
        return try RecipeInspectionSource(recipe, folder: source, jobs: jobs.jobs) {
            progress.update("scan", done: $0, of: $1)
        }
    }
}

extension InspectionReport {
    /// The report as JSON for people and programs, without the newline at the end.
    func jsonText() throws -> String {
        let text = String(decoding: try JSONText.pretty(self), as: UTF8.self)
        return String(text.dropLast())
    }
}
