import ArgumentParser
import CommandKit
import DatasetKit
import FoundationEssentials
import Pix2Pix

/// `p2p-train doctor`: what this machine and this program are, and whether they work.
struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Say what this machine has, and try a tiny training.",
        discussion: "The first thing to add to a bug report. Exits with 1 where a trial fails."
    )

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        try reportingTrainingErrors {
            let report = DoctorReport()
            if json {
                Console.result(String(decoding: try JSONText.pretty(report), as: UTF8.self))
            } else {
                for line in report.lines { Console.result(line) }
            }
            guard report.isWell else { throw ExitCode.failure }
        }
    }
}

/// What `p2p-train doctor` finds.
struct DoctorReport: Codable {
    /// One trial of a device.
    struct Trial: Codable {
        var device: String
        /// The milliseconds of a step; `nil` where the trial failed.
        var millisecondsPerStep: Double?
        /// What went wrong.
        var problem: String?
    }

    var versions: [String: String]
    var machine: [String: String]
    var libtorch: [String]
    /// Why there is no CUDA device; `nil` where there is one.
    var cudaProblem: String?
    var trials: [Trial]

    /// Looks at everything.
    init() {
        versions = [
            "p2p": Version.current, "libtorch": Torch.version,
            "libtorch headers": Torch.headerVersion,
        ]
        for (name, version) in ImageCodec.libraryVersions { versions[name] = version }
        machine = [
            "processor": Hardware.processor, "cores": "\(Hardware.cores)",
            "memory": "\(Hardware.memory / 1_000_000) MB",
            "system": Hardware.system, "kernels": "\(KernelLevel.best)",
            "libtorch's threads": (try? Torch.threads).map { "\($0)" } ?? "unknown",
        ]
        libtorch = Torch.configuration.split(separator: "\n").dropFirst().map {
            $0.drop { $0 == " " || $0 == "-" }.description
        }
        cudaProblem = Torch.cudaProblem
        trials = (["cpu"] + (Torch.cudaIsAvailable ? ["cuda"] : [])).map { device in
            do {
                let seconds = try SelfTest.run(on: Device(named: device))
                return Trial(device: device, millisecondsPerStep: 1000 * seconds)
            } catch {
                return Trial(device: device, problem: "\(error)")
            }
        }
    }

    /// Whether every trial went well.
    var isWell: Bool { trials.allSatisfy { $0.problem == nil } }

    /// The report as people read it.
    var lines: [String] {
        var lines: [String] = []
        for (title, values) in [("versions", versions), ("machine", machine)] {
            lines.append(title)
            let width = values.keys.map(\.count).max() ?? 0
            for (name, value) in values.sorted(by: { $0.key < $1.key }) {
                let padding = String(repeating: " ", count: width - name.count)
                lines.append("  \(name)\(padding)  \(value)")
            }
        }
        lines.append("libtorch")
        lines += libtorch.map { "  \($0.prefix(160))" }
        lines.append("devices")
        if let cudaProblem { lines.append("  cuda: none (\(cudaProblem))") }
        for trial in trials {
            let outcome =
                trial.millisecondsPerStep.map {
                    "works: a tiny model trains alike twice, \(Readable.fixed($0, decimals: 1)) ms a "
                        + "step, and its checkpoint reads back"
                } ?? "FAILS: \(trial.problem ?? "")"
            lines.append("  \(trial.device): \(outcome)")
        }
        return lines
    }
}
