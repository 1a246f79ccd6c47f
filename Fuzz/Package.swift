// swift-tools-version: 6.2
import PackageDescription

/// An entry point of libFuzzer.
func entry(_ name: String) -> Target {
    .executableTarget(name: name, dependencies: ["FuzzSupport", .product(name: "Inputs", package: "whalebook")])
}

let package = Package(
    name: "fuzz",
    dependencies: [.package(name: "whalebook", path: "..")],
    targets: [
        .target(name: "CFuzzer"),
        .target(name: "FuzzSupport", dependencies: ["CFuzzer", .product(name: "Inputs", package: "whalebook")]),
        entry("fuzz-csv"), entry("fuzz-coco"), entry("fuzz-boxes"), entry("fuzz-yaml"), entry("fuzz-npy"),
        entry("fuzz-checkpoint"),
        entry("fuzz-jpeg"), entry("fuzz-png"), entry("fuzz-webp"), entry("fuzz-tiff"), entry("fuzz-heic"),
        entry("fuzz-document"), entry("fuzz-record"), entry("fuzz-node"), entry("fuzz-hub"), entry("fuzz-keypoints"),
    ],
    swiftLanguageModes: [.v6]
)
