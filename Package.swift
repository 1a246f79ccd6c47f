// swift-tools-version: 6.2
import Foundation
import PackageDescription

let environment = ProcessInfo.processInfo.environment
/// Debian's libtorch by default. `LIBTORCH`, a folder with `include/` and `lib/`, selects another.
let libtorch = environment["LIBTORCH"]
/// Whether the other libtorch has CUDA. Then NCCL is used if `nccl.h` and CUDA's headers are found, in the system's folders
/// or in those of `CUDA_HOME`.
let hasCUDA = libtorch.map { FileManager.default.fileExists(atPath: "\($0)/lib/libtorch_cuda.so") } ?? false
let torchFlags: [CXXSetting] =
    (libtorch.map { folder in
        // c10d's headers of libtorch 2 include those of the C++ interface by their own paths.
        [.unsafeFlags(["", "/torch/csrc/api/include"].flatMap { ["-isystem", "\(folder)/include\($0)"] })]
    } ?? [])
    + (hasCUDA
        ? [
            .define("WB_CUDA"),
            .unsafeFlags(["-isystem", (environment["CUDA_HOME"] ?? "/usr/local/cuda") + "/include"]),
        ] : [])
let torchLibraries = ["torch", "torch_cpu", "c10"] + (hasCUDA ? ["torch_cuda", "c10_cuda"] : [])
// Full paths, because other libraries put Debian's folder, and so Debian's libtorch, first in the search.
let torchLink: [LinkerSetting] =
    libtorch.map { folder in
        let files = torchLibraries.flatMap { ["-Xlinker", "\(folder)/lib/lib\($0).so"] }
        return [.unsafeFlags(files + ["-Xlinker", "-rpath", "-Xlinker", "\(folder)/lib"])]
    } ?? torchLibraries.map { .linkedLibrary($0) }

let package = Package(
    name: "whalebook",
    products: [
        // For `Fuzz`, which is a package of its own so that no other build sees it.
        .library(
            name: "Inputs",
            targets: [
                "Archives", "Basics", "Catalog", "Checkpoints", "Configuration", "Hub", "HubClient", "Imaging",
                "Matching",
                "Reports", "Workflow",
            ])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-algorithms", from: "1.2.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    ],
    targets: [
        .systemLibrary(name: "CMalloc"),
        .target(name: "Basics", dependencies: ["CMalloc"]),
        .target(name: "Options", dependencies: ["Basics"]),
        .target(name: "YAML", dependencies: ["Basics", .product(name: "Yams", package: "Yams")]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto"),
        .target(name: "Digests", dependencies: ["Basics", "COpenSSL"]),
        .target(name: "Hub", dependencies: ["Basics"]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl"),
        .target(name: "HubClient", dependencies: ["Basics", "CCurl", "Digests", "Hub"]),
        .systemLibrary(name: "CArchive", pkgConfig: "libarchive"),
        .target(name: "Archives", dependencies: ["Basics", "CArchive"]),
        .target(name: "Checkpoints", dependencies: ["Basics"]),
        .target(name: "CTorch", cxxSettings: torchFlags, linkerSettings: torchLink),
        .target(name: "Torch", dependencies: ["Basics", "Checkpoints", "CTorch"]),
        .target(name: "Networks", dependencies: ["Basics", "Torch"]),
        .target(name: "Backbones", dependencies: ["Basics", "Networks", "Torch"]),
        .target(name: "CJPEG", linkerSettings: [.linkedLibrary("jpeg")]),
        .target(name: "CPNG", linkerSettings: [.linkedLibrary("png")]),
        .systemLibrary(name: "CWebP", pkgConfig: "libwebp"),
        .target(name: "CTIFF", linkerSettings: [.linkedLibrary("tiff")]),
        .target(name: "CHEIF"),
        .target(name: "CPixels"),
        .target(
            name: "Imaging", dependencies: ["Basics", "CHEIF", "CJPEG", "CPixels", "CPNG", "CTIFF", "CWebP"]),
        .systemLibrary(name: "CCairo", pkgConfig: "pangocairo"),
        .target(name: "Drawing", dependencies: ["Basics", "CCairo", "Imaging"]),
        .target(name: "Sample", dependencies: ["Basics", "Catalog", "Drawing", "Imaging"]),
        .target(
            name: "Figures",
            dependencies: [
                "Basics", "Drawing", "Evaluation", "Imaging",
                .product(name: "Algorithms", package: "swift-algorithms"),
            ]),
        .target(name: "COpenBLAS"),
        .target(
            name: "Retrieval",
            dependencies: ["Basics", "COpenBLAS", .product(name: "Algorithms", package: "swift-algorithms")]),
        .target(name: "CMatching"),
        .target(
            name: "Matching",
            dependencies: [
                "Basics", "CMatching", "Retrieval", .product(name: "Algorithms", package: "swift-algorithms"),
            ]),
        .target(
            name: "Marks",
            dependencies: [
                "Basics", "Catalog", "Configuration", "Evaluation", "Matching", "Results",
                .product(name: "Algorithms", package: "swift-algorithms"),
            ]),
        // Debian's OpenCV has no pkg-config file of its own.
        .target(
            name: "COpenCV", cxxSettings: [.unsafeFlags(["-isystem", "/usr/include/opencv4"])],
            linkerSettings: ["opencv_features2d", "opencv_core"].map { .linkedLibrary($0) }),
        .target(
            name: "Keypoints",
            dependencies: [
                "Basics", "Catalog", "Configuration", "COpenCV", "Imaging", "Jobs", "Matching",
                .product(name: "Algorithms", package: "swift-algorithms"),
            ]),
        .target(
            name: "Evaluation", dependencies: ["Basics", .product(name: "Algorithms", package: "swift-algorithms")]),
        .target(name: "Catalog", dependencies: ["Basics", "Imaging", "Options"]),
        .target(name: "Results", dependencies: ["Basics", "Catalog", "Evaluation", "Imaging"]),
        .target(
            name: "Exports", dependencies: ["Basics", "Catalog", "Digests", "Evaluation", "Imaging", "Results"]),
        .target(
            name: "Configuration",
            dependencies: ["Basics", "Catalog", "Options", "YAML", .product(name: "Yams", package: "Yams")]),
        .target(name: "Jobs", dependencies: ["Basics", "Configuration"]),
        .target(
            name: "Training",
            dependencies: [
                "Backbones", "Basics", "Catalog", "Configuration", "Digests", "Evaluation", "Imaging", "Jobs",
                "Marks", "Networks", "Results", "Retrieval", "Torch",
                .product(name: "Algorithms", package: "swift-algorithms"),
            ]),
        .target(name: "PublicData", dependencies: ["Basics", "Catalog", "Results"]),
        .target(
            name: "PublicDataClient", dependencies: ["Archives", "Basics", "Digests", "HubClient", "PublicData"]),
        .target(name: "CrossView", dependencies: ["Basics", "Configuration", "Jobs", "Networks", "Results", "Torch"]),
        .systemLibrary(name: "CCommonMark", pkgConfig: "libcmark-gfm"),
        .target(
            name: "Reports",
            dependencies: [
                "Basics", "Catalog", "CCommonMark", "Configuration", "Digests", "Drawing", "Evaluation", "Figures",
                "Imaging", "Options", "Results", "YAML",
                .product(name: "Algorithms", package: "swift-algorithms"),
                .product(name: "Yams", package: "Yams"),
            ],
            resources: ["contents.js", "gallery.js", "map.js", "page.css", "tables.js", "viewer.css", "viewer.js"].map {
                .embedInCode("Resources/\($0)")
            }),
        .target(name: "Preview", dependencies: ["Basics"]),
        .target(
            name: "Review", dependencies: ["Basics", "Catalog", "Imaging", "Preview", "Results"],
            resources: [
                .embedInCode("Resources/review.html"), .embedInCode("Resources/review.css"),
                .embedInCode("Resources/review.js"), .embedInCode("Resources/photographs.js"),
            ]),
        .executableTarget(name: "document-sources"),
        .plugin(name: "DocumentSources", capability: .buildTool(), dependencies: ["document-sources"]),
        .target(
            name: "Workflow",
            dependencies: [
                "Basics", "Catalog", "Configuration", "Digests", "Evaluation", "Exports", "Hub", "Imaging", "Jobs",
                "Marks", "Options", "PublicData", "Reports", "Results", "Retrieval", "Review",
                .product(name: "Algorithms", package: "swift-algorithms"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            plugins: ["DocumentSources"]),
        .executableTarget(
            name: "whalebook",
            dependencies: [
                "Basics", "Catalog", "Configuration", "Drawing", "Evaluation", "Exports", "Jobs", "Preview",
                "PublicData", "Reports", "Results", "Review", "Sample", "Workflow",
                .product(name: "Algorithms", package: "swift-algorithms"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        .executableTarget(
            name: "whalebook-worker",
            dependencies: [
                "Backbones", "Basics", "Configuration", "CrossView", "Hub", "HubClient", "Jobs", "Keypoints",
                "PublicData", "PublicDataClient", "Torch", "Training",
            ]),
        .executableTarget(
            name: "measure-backbone", dependencies: ["Backbones", "Basics", "Networks", "Torch"],
            path: "Benchmarks/MeasureBackbone"),
        .executableTarget(
            name: "measure-retrieval", dependencies: ["Basics", "Retrieval"], path: "Benchmarks/retrieval",
            exclude: ["README.md", "compare"]),
        .executableTarget(
            name: "measure-matching", dependencies: ["Basics", "Matching", "Retrieval"], path: "Benchmarks/matching",
            exclude: ["README.md", "compare"]),
        .executableTarget(
            name: "measure-keypoints", dependencies: ["Basics", "Keypoints"], path: "Benchmarks/MeasureKeypoints"),
        .executableTarget(
            name: "measure-evaluation", dependencies: ["Basics", "Evaluation"], path: "Benchmarks/evaluation",
            exclude: ["README.md"]),
        .executableTarget(
            name: "measure-imaging", dependencies: ["Basics", "Imaging"], path: "Benchmarks/MeasureImaging"),
        .testTarget(name: "BasicsTests", dependencies: ["Basics"], exclude: ["Fixtures"]),
        .testTarget(
            name: "HubTests",
            dependencies: ["Basics", "Digests", "Hub", "HubClient", "TestSupport", "whalebook-worker"]),
        .testTarget(name: "ArchivesTests", dependencies: ["Archives", "Basics", "TestSupport"]),
        .testTarget(
            name: "PublicDataTests",
            dependencies: [
                "Archives", "Basics", "Catalog", "Digests", "Evaluation", "HubClient", "Imaging", "PublicData",
                "PublicDataClient", "Results", "Sample", "TestSupport",
            ]),
        .testTarget(name: "CatalogTests", dependencies: ["Basics", "Catalog", "Imaging"], exclude: ["Fixtures"]),
        // Shared by targets of tests.
        .target(name: "TestSupport", dependencies: ["Basics", "Catalog"], path: "Tests/Support"),
        .testTarget(
            name: "CheckpointsTests", dependencies: ["Checkpoints", "TestSupport"], exclude: ["Fixtures"]),
        .testTarget(name: "TorchTests", dependencies: ["Basics", "Checkpoints", "TestSupport", "Torch"]),
        .testTarget(name: "NetworksTests", dependencies: ["Basics", "Networks", "Torch"], exclude: ["Fixtures"]),
        .testTarget(
            name: "BackbonesTests",
            dependencies: ["Backbones", "Basics", "Imaging", "Networks", "TestSupport", "Torch"],
            exclude: ["Fixtures"]),
        .testTarget(name: "ImagingTests", dependencies: ["Basics", "Imaging"], exclude: ["Fixtures"]),
        .testTarget(name: "DrawingTests", dependencies: ["Drawing", "Imaging"]),
        .testTarget(
            name: "RetrievalTests", dependencies: ["Basics", "Evaluation", "Results", "Retrieval"],
            exclude: ["Fixtures"]),
        .testTarget(
            name: "MatchingTests", dependencies: ["Basics", "Evaluation", "Matching"], exclude: ["Fixtures"]),
        .testTarget(
            name: "KeypointsTests",
            dependencies: ["Basics", "Catalog", "Configuration", "Imaging", "Jobs", "Keypoints", "Matching"]),
        .testTarget(
            name: "EvaluationTests", dependencies: ["Basics", "Catalog", "Evaluation", "Imaging", "Results"],
            exclude: ["Fixtures"]),
        .testTarget(
            name: "ResultsTests", dependencies: ["Basics", "Catalog", "Evaluation", "Results"], exclude: ["Fixtures"]),
        .testTarget(
            name: "ExportsTests",
            dependencies: ["Basics", "Catalog", "Digests", "Evaluation", "Exports", "Imaging", "Results"],
            exclude: ["Fixtures"]),
        .testTarget(name: "SampleTests", dependencies: ["Basics", "Catalog", "Imaging", "Sample"]),
        .testTarget(
            name: "FiguresTests", dependencies: ["Basics", "Drawing", "Evaluation", "Figures", "Imaging"],
            exclude: ["Fixtures"]),
        .testTarget(name: "PreviewTests", dependencies: ["Preview"]),
        .testTarget(
            name: "ReviewTests", dependencies: ["Basics", "Catalog", "Imaging", "Preview", "Results", "Review"]),
        .testTarget(
            name: "ReportsTests",
            dependencies: [
                "Basics", "Catalog", "Digests", "Evaluation", "Figures", "Imaging", "Options", "Reports", "Results",
            ],
            exclude: ["Golden"]),
        .testTarget(
            name: "WorkflowTests",
            dependencies: [
                "Basics", "Catalog", "Configuration", "Digests", "Evaluation", "Exports", "Hub", "Imaging", "Jobs",
                "Matching", "Reports", "Results", "Review", "Workflow", "whalebook-worker",
            ]),
        .testTarget(
            name: "CrossViewTests",
            dependencies: [
                "Basics", "CrossView", "Catalog", "Configuration", "Evaluation", "Jobs", "Results", "Retrieval",
                "Workflow",
            ]),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "Backbones", "Basics", "Digests", "Imaging", "Networks", "TestSupport", "Torch", "whalebook",
                "whalebook-worker",
            ],
            exclude: ["Fixtures"]),
        .testTarget(name: "HouseTests"),
        .testTarget(
            name: "ConfigurationTests", dependencies: ["Basics", "Catalog", "Configuration", "Options", "YAML"],
            exclude: ["Golden"]),
        .testTarget(
            name: "TrainingTests",
            dependencies: [
                "Basics", "Catalog", "Configuration", "Imaging", "Jobs", "Marks", "Matching", "Networks", "Results",
                "TestSupport", "Torch", "Training", "whalebook-worker",
            ],
            exclude: ["Fixtures"]),
    ],
    swiftLanguageModes: [.v6],
    // libtorch 2 needs C++20; 1.13 does not compile with it.
    cxxLanguageStandard: libtorch == nil ? .cxx17 : .cxx20
)

// A debug build optimises what computes, because tests call it. The tests themselves, and the targets that only arrange
// the work of others, compile in less than half the time without.
let arranging: Set<String> = ["Exports", "Reports", "Review", "Workflow", "whalebook"]
for target in package.targets
where [.regular, .executable].contains(target.type) && !arranging.contains(target.name) {
    let debug = BuildSettingCondition.when(configuration: .debug)
    target.swiftSettings = (target.swiftSettings ?? []) + [.unsafeFlags(["-O"], debug)]
    target.cSettings = (target.cSettings ?? []) + [.unsafeFlags(["-O2"], debug)]
    target.cxxSettings = (target.cxxSettings ?? []) + [.unsafeFlags(["-O2"], debug)]
}
