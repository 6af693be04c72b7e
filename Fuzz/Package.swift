// swift-tools-version: 6.1
// Coverage-guided fuzzing with libFuzzer: `make fuzz SECONDS=3600`. A file a target; Fuzz/run builds and links them.

import PackageDescription

let package = Package(
  name: "nn-fuzz",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "DataTargets", type: .static, targets: ["DataTargets"]),
    .library(name: "ModelTargets", type: .static, targets: ["ModelTargets"]),
    .library(name: "SyntaxTargets", type: .static, targets: ["SyntaxTargets"]),
    .library(name: "InterpreterTargets", type: .static, targets: ["InterpreterTargets"]),
    .library(name: "CommandTargets", type: .static, targets: ["CommandTargets"]),
  ],
  dependencies: [.package(name: "nn", path: "..")],
  targets: [
    .target(name: "DataTargets", dependencies: [.product(name: "NNData", package: "nn")]),
    .target(
      name: "ModelTargets",
      dependencies: [.product(name: "NNData", package: "nn"), .product(name: "NNModelIO", package: "nn")]),
    .target(name: "SyntaxTargets", dependencies: [.product(name: "NNSyntax", package: "nn")]),
    .target(name: "InterpreterTargets", dependencies: [.product(name: "NN", package: "nn")]),
    .target(
      name: "CommandTargets",
      dependencies: [.product(name: "NN", package: "nn"), .product(name: "NNCommand", package: "nn")]),
  ],
  swiftLanguageModes: [.v6]
)
