// swift-tools-version: 6.1
// Coverage-guided fuzzing with libFuzzer: a target a folder, `make fuzz SECONDS=600` runs each. docs/how-to-add.md says more.

import PackageDescription

let package = Package(
  name: "nn-fuzz",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "nn", path: "..")],
  targets: [
    // Where each target begins.
    .target(name: "Driver"),
    .executableTarget(name: "fuzz-csv", dependencies: ["Driver", .product(name: "NNData", package: "nn")])
  ],
  swiftLanguageModes: [.v6]
)
