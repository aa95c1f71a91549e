import Dispatch
import Glibc
import Synchronization

/// Notes SIGINT and SIGTERM, so that a training can finish its step and write a checkpoint.
///
/// A second signal ends the process at once.
final class StopSignal {
    private final class Note: Sendable {
        let signal = Atomic<Int32>(0)
    }

    private let note = Note()
    private let sources: [any DispatchSourceSignal]

    /// Begins to listen.
    init() {
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            return DispatchSource.makeSignalSource(signal: number, queue: .global())
        }
        for (number, source) in zip([SIGINT, SIGTERM], sources) {
            source.setEventHandler { [note] in
                note.signal.store(number, ordering: .relaxed)
                signal(number, SIG_DFL)
            }
            source.resume()
        }
    }

    /// The signal that came, if any.
    var received: Int32? {
        let number = note.signal.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }
}
