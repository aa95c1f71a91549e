import CKernels

/// What the processor offers to the loops in `CKernels`; all levels give the same bytes.
package enum KernelLevel: Int32, Sendable, CaseIterable, Comparable {
    /// C for any processor.
    case portable = 0
    /// x86 with AVX2.
    case avx2 = 1
    /// x86 with AVX-512 F, BW, VL and VNNI.
    case avx512 = 2
    /// The same with VBMI: Intel since Ice Lake, AMD since Zen 4.
    case avx512VBMI = 3

    /// The highest level of this processor.
    package static let best = KernelLevel(rawValue: ckern_best_level()) ?? .portable

    /// The levels of this processor.
    package static var available: [KernelLevel] { allCases.filter { $0 <= best } }

    package static func < (a: KernelLevel, b: KernelLevel) -> Bool { a.rawValue < b.rawValue }
}
