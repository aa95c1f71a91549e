public import ArgumentParser
public import DatasetKit

/// `p2p-data`: from images to checked, ready-to-stream shards.
@main
struct P2PData: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "p2p-data",
        abstract: "Build, look at, verify, preview and export datasets of paired images.",
        discussion: """
            Exit codes: 0 done; 1 failed; 2 the data was found wanting (unusable images, a failed \
            verification); 64 wrong usage, of flags or in a recipe.
            """,
        version: Version.current,
        subcommands: [
            BuildCommand.self, InspectCommand.self, InfoCommand.self, VerifyCommand.self,
            PreviewCommand.self, ExportCommand.self, SampleCommand.self,
        ]
    )
}

extension DatasetBuilder.ErrorPolicy: ExpressibleByArgument {}
extension DatasetExport.Format: ExpressibleByArgument {}
extension DatasetExport.Layout: ExpressibleByArgument {}
extension DatasetSplit: ExpressibleByArgument {}
