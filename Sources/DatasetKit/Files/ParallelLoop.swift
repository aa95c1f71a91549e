import Dispatch
import Synchronization

/// Runs `body` for every index below `count` on up to `jobs` threads, and returns when all are done.
///
/// Indices are handed out in order, one at a time.
package func parallelLoop(count: Int, jobs: Int, _ body: @Sendable (Int) -> Void) {
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: max(1, min(jobs, count))) { _ in
        while true {
            let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard index < count else { return }
            body(index)
        }
    }
}
