import ArgumentParser
import FoundationEssentials
import Pix2Pix

/// By what machinery runs are made.
struct MachineFlags: ParsableArguments {
    @Option(help: "Threads of the networks' operations. (default: one for each processor)")
    var threads: Int?

    @Option(help: "Threads that read and augment pairs. (default: 2)")
    var readers: Int?

    @Option(help: "auto, cpu, cuda or cuda:N. (default: auto)")
    var device: String?

    func validate() throws {
        for (name, value) in [("--threads", threads), ("--readers", readers)] {
            if let value, value < 1 {
                throw ValidationError("\(name) takes a number from 1, found \(value)")
            }
        }
    }

    /// Threads of the networks, where no flag says otherwise.
    var usedThreads: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }

    /// Threads of reading, where no flag says otherwise.
    var usedReaders: Int { readers ?? 2 }

    /// The device that is asked for.
    ///
    /// - Throws: ``TorchError`` where there is no such device.
    func usedDevice() throws -> Device { try Device(named: device ?? "auto") }
}
