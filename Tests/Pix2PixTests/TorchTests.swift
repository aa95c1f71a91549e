import Testing

/// All tests that use libtorch: one after the other, because its random numbers, its threads and
/// its count of live tensors are the whole process's.
@Suite(.serialized)
enum TorchTests {}
