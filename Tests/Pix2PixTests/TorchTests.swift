import Pix2Pix
import Testing

/// All tests that use libtorch: one after the other, because its random numbers, its threads and
/// its count of live tensors are the whole process's.
@Suite(.serialized, .oneTorchThread)
enum TorchTests {}

/// Runs a suite with one thread of libtorch.
///
/// As the fixtures were made; and tiny operations on several threads wait for each other most of
/// the time where the machine has other work.
struct OneTorchThread: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @Sendable () async throws -> Void
    ) async throws {
        try Torch.setThreads(1)
        try await function()
    }
}

extension Trait where Self == OneTorchThread {
    /// See ``OneTorchThread``.
    static var oneTorchThread: Self { Self() }
}
