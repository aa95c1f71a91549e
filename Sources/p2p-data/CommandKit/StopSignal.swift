import Dispatch
import Glibc
import Synchronization

/// Notes SIGINT and SIGTERM, so that a command can end in good order: a build to go on later, a
/// training with a checkpoint.
///
/// A second signal ends the process at once.
public final class StopSignal {
    private final class Note: Sendable {
        let signal = Atomic<Int32>(0)
    }

    private let note = Note()
    private let sources: [any DispatchSourceSignal]

    /// Begins to listen.
    public init() {
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
    public var received: Int32? {
        let number = note.signal.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }

    /// Whether a signal came, to be asked from any thread.
    public var isReceived: @Sendable () -> Bool {
        { [note] in note.signal.load(ordering: .relaxed) != 0 }
    }
}
