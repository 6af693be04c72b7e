// swift-tools-version: 6.1
// The rooms of the house, in the order in which text becomes numbers. docs/architecture.md walks through them.

import PackageDescription

// The MPI library that nn-mpi is linked with, by its name for pkg-config: `ompi-c` or `mpich`. Without it the package has no nn-mpi, and needs
// no MPI to be built (docs/decisions).
let mpi = Context.environment["NN_MPI"]
let mpiTargets: [Target] =
  mpi.map { name in
    [
      .executableTarget(name: "nn-mpi", dependencies: ["NNCommand", "NNMPI"]),
      .target(name: "NNMPI", dependencies: ["NNEngine", "CMPI"]),
      .target(name: "CMPI", dependencies: ["MPILibrary"]),
      .systemLibrary(
        name: "MPILibrary", pkgConfig: name, providers: [.apt(["libopenmpi-dev"]), .brew(["open-mpi"])]),
    ]
  } ?? []

let package = Package(
  name: "nn",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "nn", targets: ["nn"]),
    .library(name: "NN", targets: ["NN"]),
    // For Fuzz/, which looks at these alone.
    .library(name: "NNSyntax", targets: ["NNSyntax"]),
    .library(name: "NNData", targets: ["NNData"]),
    .library(name: "NNModelIO", targets: ["NNModelIO"]),
    .library(name: "NNCommand", targets: ["NNCommand"]),
  ],
  dependencies: [
    // Package.resolved is not committed, so the version is pinned here.
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    // Without its default traits it needs no more than Foundation's essentials.
    .package(url: "https://github.com/apple/swift-protobuf", exact: "1.39.0", traits: []),
  ],
  targets: mpiTargets + [
    .executableTarget(name: "nn", dependencies: ["NNCommand"]),
    .target(
      name: "NNCommand",
      dependencies: [
        "NN", "NNShell", "NNSyntax", "NNLanguageServer", "CReadline", "CTerminal",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    // Puts the terminal's modes back where only async-signal-safe code may run.
    .target(name: "CTerminal"),
    .target(name: "NNShell", dependencies: ["NN", "NNSyntax"]),
    .target(name: "NNLanguageServer", dependencies: ["NN", "NNSyntax"]),
    .systemLibrary(
      name: "CReadline", providers: [.apt(["libreadline-dev"]), .brew(["readline"])]),
    .target(name: "NN", dependencies: ["NNInterpreter"]),
    .target(
      name: "NNInterpreter",
      dependencies: ["NNSyntax", "NNEngine", "NNData", "NNModelIO", "NNReport", "NNDiagnostics"]),
    .target(name: "NNSyntax", dependencies: ["NNDiagnostics"]),
    .target(name: "NNDiagnostics"),
    .target(name: "NNReport", dependencies: ["NNData", "NNDiagnostics"]),
    .target(
      name: "NNModelIO",
      dependencies: ["NNEngine", "NNData", .product(name: "SwiftProtobuf", package: "swift-protobuf")],
      exclude: ["Protocol/onnx.proto", "Protocol/tensorboard.proto"]),
    .target(name: "NNData", dependencies: ["NNEngine", "CZlib"]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .target(name: "NNEngine", dependencies: ["CKernels"]),
    .target(name: "CKernels"),

    .testTarget(name: "NNDiagnosticsTests", dependencies: ["NNDiagnostics"]),
    .testTarget(name: "NNSyntaxTests", dependencies: ["NNSyntax"]),
    .testTarget(
      name: "NNEngineTests", dependencies: ["NNEngine", "CKernels", "AllocationCount", "Support"],
      exclude: ["CrossArchitecture", "Fixtures"]),
    // Stands before malloc in the tests' executable, to show that a training step allocates nothing.
    .target(name: "AllocationCount", path: "Tests/AllocationCount"),
    .testTarget(name: "NNDataTests", dependencies: ["NNData", "Support"]),
    .testTarget(
      name: "NNModelIOTests", dependencies: ["NNModelIO"], exclude: ["Fixtures"]),
    .testTarget(name: "NNReportTests", dependencies: ["NNReport", "NNDiagnostics"], exclude: ["Golden"]),
    .testTarget(
      name: "NNInterpreterTests", dependencies: ["NNInterpreter", "Support", "AllocationCount"]),
    // The language from end to end against the real Keras; docs/keras.md says how the fixtures are made.
    .testTarget(
      name: "KerasTests",
      dependencies: ["NNInterpreter", "NNSyntax", "NNEngine", "NNData", "NNDiagnostics", "NNModelIO"],
      exclude: ["reference"], resources: [.copy("Fixtures")]),
    .testTarget(name: "NNTests", dependencies: ["NN", "Support"]),
    .testTarget(
      name: "NNShellTests", dependencies: ["NNShell", "NNDiagnostics", "Support", "TerminalScreen"]),
    .testTarget(
      name: "NNLanguageServerTests", dependencies: ["NNLanguageServer", "Support", "nn"],
      exclude: ["neovim.lua"]),
    .testTarget(
      name: "NNCommandTests",
      dependencies: ["NNCommand", "Support", "PseudoTerminal", "TerminalScreen", "nn"]),
    .testTarget(
      name: "ConformanceTests",
      dependencies: ["NNDiagnostics", "NNSyntax", "Support", "TerminalScreen", "nn"],
      path: "Tests/Conformance", exclude: ["Cases"]),
    .target(name: "Support", dependencies: ["NNEngine"], path: "Tests/Support"),
    .target(name: "PseudoTerminal", path: "Tests/PseudoTerminal"),
    // A small terminal: what a person would see of what the program writes.
    .target(
      name: "TerminalScreen", dependencies: ["NNDiagnostics", "NNReport", "PseudoTerminal", "Support"],
      path: "Tests/TerminalScreen"),
  ],
  swiftLanguageModes: [.v6]
)
