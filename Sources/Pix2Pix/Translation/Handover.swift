import Dispatch
import Synchronization

/// A short queue between two threads: who is ahead waits.
final class Handover<Element: Sendable>: Sendable {
    private let elements = Mutex<[Element]>([])
    /// Counts the free places.
    private let places = DispatchSemaphore(value: 0)
    /// Counts the elements.
    private let filled = DispatchSemaphore(value: 0)

    /// A queue with room for some elements.
    init(room: Int) {
        // Created at 0 and raised: a semaphore must not be freed below its initial value.
        for _ in 0..<room { places.signal() }
    }

    /// Adds an element, waiting for a place.
    func put(_ element: Element) {
        places.wait()
        elements.withLock { $0.append(element) }
        filled.signal()
    }

    /// Takes the oldest element, waiting for one.
    func take() -> Element {
        filled.wait()
        defer { places.signal() }
        return elements.withLock { $0.removeFirst() }
    }
}
