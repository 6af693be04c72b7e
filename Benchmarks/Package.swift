// swift-tools-version: 6.1
// This engine on the works that the peers in peers/ do as well; `make bench` runs them in turn.

import PackageDescription

let package = Package(
  name: "nn-bench",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "nn", path: "..")],
  targets: [
    .executableTarget(name: "nn-bench", dependencies: [.product(name: "NN", package: "nn")])
  ],
  swiftLanguageModes: [.v6]
)
