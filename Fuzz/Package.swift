// swift-tools-version: 6.2
import PackageDescription

/// An entry point of libFuzzer, whose `main` is in the library: there is none of ours.
func entry(_ name: String) -> Target {
    .executableTarget(
        name: name, dependencies: ["FuzzSupport", .product(name: "Inputs", package: "whalebook")],
        swiftSettings: [.unsafeFlags(["-parse-as-library"])])
}

let package = Package(
    name: "fuzz",
    dependencies: [.package(name: "whalebook", path: "..")],
    targets: [
        .target(name: "FuzzSupport", dependencies: [.product(name: "Inputs", package: "whalebook")]),
        entry("fuzz-csv"), entry("fuzz-coco"), entry("fuzz-yaml"), entry("fuzz-jpeg"), entry("fuzz-png"),
        entry("fuzz-hub"),
    ],
    swiftLanguageModes: [.v6]
)
