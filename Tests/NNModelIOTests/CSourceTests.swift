import Foundation
import NNData
import NNEngine
import Testing

@testable import NNModelIO

/// An exported source compiles without a complaint, and answers as nn does. `make exports` does so with models drawn at random.
struct CSourceTests {
  private static let flags = ["-std=c99", "-O1", "-Wall", "-Wextra", "-Wconversion", "-pedantic", "-Werror"]

  /// The compilers that are here; Swift brings a clang.
  private static let compilers: [String] = ["gcc", "clang", "cc"].filter { name in
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
      FileManager.default.isExecutableFile(atPath: "\($0)/\(name)")
    }
  }

  private func run(_ command: [String], in folder: URL) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = command
    process.currentDirectoryURL = folder
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return (process.terminationStatus, text)
  }

  private func selfTest(_ source: String, _ compiler: String) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("nn-c-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(source.utf8).write(to: folder.appendingPathComponent("model.c"))
    let compiled = try run(
      [compiler] + Self.flags + ["-DNN_SELF_TEST", "-o", "test", "model.c", "-lm"], in: folder)
    #expect(compiled.status == 0, "\(compiler): \(compiled.output)")
    guard compiled.status == 0 else { return }
    let tested = try run(["./test"], in: folder)
    #expect(tested.status == 0 && tested.output == "6 rows agree\n", "\(compiler): \(tested.output)")
    let declared = try run(
      [compiler, "-std=c99", "-fsyntax-only", "-DMODEL_DECLARATIONS", "-x", "c", "model.c"], in: folder)
    #expect(declared.status == 0, "\(declared.output)")
  }

  @Test(arguments: compilers) func everyPartCompilesAndAgrees(compiler: String) throws {
    try selfTest(CSourceExport.source(of: everyPart(), name: "model"), compiler)
  }

  @Test(arguments: compilers) func numbersAndHashesCompileAndAgree(compiler: String) throws {
    try selfTest(CSourceExport.source(of: numbers(), name: "model"), compiler)
  }

  @Test func namesAreIdentifiers() {
    var names = CNames()
    #expect(
      ["sepal length", "int", "größe", "3d", "_x", "", "a b", "a-b"].map { names.name($0) } == [
        "sepal_length", "int_2", "gr_e", "c3d", "c_x", "column", "a_b", "a_b_2",
      ])
  }

  @Test func textsHaveNoEncoding() {
    #expect(C.string("é\"\\??=\n") == "\"\\303\\251\\\"\\\\\\?\\?=\\012\"")
    #expect(!C.comment("ends */ here ??/ \\").contains("*/"))
  }

  @Test(arguments: [1.5, -0.1, 1e-42, .greatestFiniteMagnitude, -0.0, 7, 123_456.7] as [Float])
  func numbersAreSpeltToTheBit(value: Float) throws {
    var text = C.float(value)
    text.removeLast()
    #expect(Float(text)?.bitPattern == value.bitPattern, "\(text)")
    #expect(Double(C.double(Double(value) / 3)) == Double(value) / 3)
  }

  /// Two targets, scaled; hashes, dates by day first, a shift of minmax.
  private func numbers() throws -> ExportedModel {
    let parts = DatePart.allCases.map { part in
      DateEncoding.Part(part: part, form: .number(mean: 1, scaling: nil))
    }
    let inputs = [
      InputColumn(name: "name", encoding: .hash(buckets: 5, fill: "none"), hasIndicator: true),
      InputColumn(
        name: "when", encoding: .date(DateEncoding(isDayFirst: true, parts: parts), fill: "1 May 2020")),
      InputColumn(
        name: "size",
        encoding: .number(fill: 0.1, scaling: Scaling(kind: .minmax, offset: -3.25, scale: 1e4))),
    ]
    let preprocessor = Preprocessor(
      inputs: inputs,
      outputs: [
        TargetColumn(name: "price", scaling: Scaling(kind: .standard, offset: 1000, scale: 250)),
        TargetColumn(name: "int"),
      ], targetKind: .numeric)
    var network = try Network(
      inputWidth: preprocessor.featureWidth, layers: [UnitNormalization(), Dense(units: 2)])
    network.initializeWeights(seed: 3)
    return ExportedModel(
      network: network, preprocessor: preprocessor, answer: .numbers,
      saved: SavedModel(version: "0", inputWidth: network.inputWidth, layers: []), names: [])
  }
}
