// swift-tools-version: 6.2
import Foundation
import PackageDescription

// The libtorch folder (`include/`, `lib/`): `$LIBTORCH` as tch-rs users know it, otherwise
// `.libtorch`, which `make` provides. Without either, only the data half is built.
let environmentLibtorch = Context.environment["LIBTORCH"].flatMap { $0.isEmpty ? nil : $0 }
let projectLibtorch = "\(Context.packageDirectory)/.libtorch"
let libtorch =
    environmentLibtorch
    ?? (FileManager.default.fileExists(atPath: "\(projectLibtorch)/lib") ? projectLibtorch : nil)

let swiftSettings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .strictMemorySafety(),
]
let cSettings: [CSetting] = [.enableWarning("all"), .enableWarning("extra")]

let argumentParser = Target.Dependency.product(
    name: "ArgumentParser",
    package: "swift-argument-parser"
)

let package = Package(
    name: "p2p",
    products: [
        .library(name: "DatasetKit", targets: ["DatasetKit"]),
        .library(name: "Augment", targets: ["Augment"]),
        .executable(name: "p2p-data", targets: ["p2p-data"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    ],
    targets: [
        // C targets live in the folder of the library that owns them.
        .target(
            name: "CImageCodecs",
            path: "Sources/DatasetKit/CImageCodecs",
            cSettings: cSettings,
            linkerSettings: [
                .linkedLibrary("jpeg"), .linkedLibrary("png"), .linkedLibrary("tiff"),
            ]
        ),
        .target(
            name: "CKernels",
            path: "Sources/DatasetKit/CKernels",
            cSettings: cSettings
        ),
        .systemLibrary(
            name: "CArchive",
            path: "Sources/DatasetKit/CArchive",
            pkgConfig: "libarchive",
            providers: [.apt(["libarchive-dev"])]
        ),
        .systemLibrary(
            name: "CChecksums",
            path: "Sources/DatasetKit/CChecksums",
            pkgConfig: "libisal",
            providers: [.apt(["libisal-dev"])]
        ),
        .target(
            name: "DatasetKit",
            dependencies: [
                "CArchive", "CChecksums", "CImageCodecs", "CKernels",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            exclude: ["CArchive", "CChecksums", "CImageCodecs", "CKernels"],
            swiftSettings: swiftSettings
        ),
        .target(name: "CAugment", path: "Sources/Augment/CAugment", cSettings: cSettings),
        .target(
            name: "Augment",
            dependencies: ["CAugment", "DatasetKit"],
            exclude: ["CAugment"],
            swiftSettings: swiftSettings
        ),

        // What both commands share, and what only `p2p-data` needs.
        .target(
            name: "CommandKit",
            dependencies: ["DatasetKit", argumentParser],
            path: "Sources/p2p-data/CommandKit",
            swiftSettings: swiftSettings
        ),
        .target(
            name: "SampleFacades",
            dependencies: ["DatasetKit"],
            path: "Sources/p2p-data/SampleFacades",
            // Its tests look at the tools the drawing is made with, in the release configuration.
            swiftSettings: swiftSettings + [.unsafeFlags(["-enable-testing"])]
        ),
        .executableTarget(
            name: "p2p-data",
            dependencies: ["Augment", "CommandKit", "DatasetKit", "SampleFacades", argumentParser],
            exclude: ["CommandKit", "SampleFacades"],
            swiftSettings: swiftSettings
        ),

        .target(name: "TestSupport", dependencies: ["DatasetKit"], path: "Tests/TestSupport"),
        .testTarget(
            name: "DatasetKitTests",
            dependencies: ["DatasetKit", "TestSupport"],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "AugmentTests",
            dependencies: ["Augment", "DatasetKit", "TestSupport"],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "SampleFacadesTests",
            dependencies: ["DatasetKit", "SampleFacades", "TestSupport"],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "CommandTests",
            dependencies: ["Augment", "CommandKit", "DatasetKit", "TestSupport"],
            swiftSettings: swiftSettings
        ),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c11,
    cxxLanguageStandard: .cxx20
)

if let libtorch {
    package.products += [
        .library(name: "Pix2Pix", targets: ["Pix2Pix"]),
        .executable(name: "p2p-train", targets: ["p2p-train"]),
    ]
    // For the event files of TensorBoard.
    package.dependencies.append(
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0", traits: [])
    )
    package.targets += [
        // `unsafeFlags` because libtorch lies outside the package; they stay on this target only.
        .target(
            name: "CTorch",
            path: "Sources/Pix2Pix/CTorch",
            cxxSettings: [
                .enableWarning("all"), .enableWarning("extra"),
                .unsafeFlags([
                    "-isystem", "\(libtorch)/include",
                    "-isystem", "\(libtorch)/include/torch/csrc/api/include",
                ]),
            ],
            linkerSettings: [
                .unsafeFlags([
                    "-L\(libtorch)/lib", "-Xlinker", "-rpath", "-Xlinker", "\(libtorch)/lib",
                ]),
                .linkedLibrary("torch_cpu"), .linkedLibrary("c10"),
            ]
        ),
        .target(
            name: "Pix2Pix",
            dependencies: [
                "Augment", "CTorch", "DatasetKit",
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            exclude: [
                "CTorch", "Export/Onnx/Messages/onnx.proto",
                "TensorBoard/Messages/tensorboard.proto",
            ],
            swiftSettings: swiftSettings
        ),
        .executableTarget(
            name: "p2p-train",
            dependencies: ["Augment", "CommandKit", "DatasetKit", "Pix2Pix", argumentParser],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "Pix2PixTests",
            dependencies: [
                "Augment", "DatasetKit", "Pix2Pix", "TestSupport",
                .product(name: "SwiftProtobuf", package: "swift-protobuf"),
            ],
            swiftSettings: swiftSettings
        ),
    ]
}

// Fuzz/run.sh sets this: the fuzzer's main loop is part of the sanitizers' runtime.
if Context.environment["P2P_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "FuzzReaders",
            dependencies: ["Augment", "DatasetKit"],
            path: "Fuzz/Readers",
            swiftSettings: swiftSettings
        )
    )
}

// Built by Benchmarks/augment.py and Benchmarks/parity.py.
if Context.environment["P2P_BENCHMARKS"] != nil {
    package.targets.append(
        .executableTarget(
            name: "augment-bench",
            dependencies: ["Augment", "DatasetKit"],
            path: "Benchmarks/Augment",
            swiftSettings: swiftSettings
        )
    )
    if libtorch != nil {
        package.targets.append(
            .executableTarget(
                name: "parity-bench",
                dependencies: ["DatasetKit", "Pix2Pix"],
                path: "Benchmarks/Parity",
                swiftSettings: swiftSettings
            )
        )
    }
}
