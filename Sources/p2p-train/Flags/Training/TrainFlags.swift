import ArgumentParser
import DatasetKit

/// The training's options as flags, named as in the `train` section of a recipe.
struct TrainFlags: ParsableArguments {
    @OptionGroup(title: "Length") var length: LengthFlags
    @OptionGroup(title: "Networks") var networks: NetworkFlags
    @OptionGroup(title: "Losses") var losses: LossFlags
    @OptionGroup(title: "Small datasets") var smallData: SmallDataFlags
    @OptionGroup(title: "Optimisation") var optimization: OptimizationFlags
    @OptionGroup(title: "Validation and checkpoints") var validation: ValidationFlags

    /// The options that are given, by their names in a recipe.
    var members: [String: JSONValue] {
        var members: [String: JSONValue] = [:]
        for (name, value) in all { members[name] = value }
        return members
    }

    /// The flags that are given, as they are written.
    var given: [String] {
        all.filter { $0.value != nil }.map { "--\(Self.kebabCase($0.name))" }
    }

    private var all: FlagMembers {
        length.members + networks.members + losses.members + smallData.members
            + optimization.members + validation.members
    }

    /// A recipe's name as a flag: `lambdaL1` as `lambda-l1`.
    private static func kebabCase(_ name: String) -> String {
        var result = ""
        var isLower = false
        for character in name {
            if character.isUppercase, isLower { result += "-" }
            isLower = !character.isUppercase
            result += character.lowercased()
        }
        return result
    }
}

/// What some flags say: a recipe's names and, where a flag is given, its value.
typealias FlagMembers = [(name: String, value: JSONValue?)]
