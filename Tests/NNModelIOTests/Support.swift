import NNData
import Testing

@testable import NNModelIO

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A model that uses every part of the description.
func exampleModel() throws -> SavedModel {
  let table = try readTable(
    bytes: Array("size,cut,kind\n1,a,x\n2,b,y\n,a,x\n4,,y\n".utf8), name: "t.csv")
  let preprocessor = try Preprocessor.fit(
    steps: [.impute(.mean, indicator: true), .scale(.standard)], table: table,
    roles: Roles(features: ["size", "cut"], targets: ["kind"]), targetKind: .binary)
  var model = SavedModel(
    version: "0.1.0", inputWidth: 4,
    layers: [
      LayerRecord(name: "dense", options: ["units": .number(3), "activation": .string("relu")]),
      LayerRecord(name: "dropout", options: ["rate": .number(0.1)]),
      LayerRecord(name: "residual", layers: [LayerRecord(name: "dense", options: ["units": .number(3)])]),
      LayerRecord(name: "parallel", branches: [[LayerRecord(name: "output")], []]),
    ])
  model.compile = CompileRecord(
    loss: CallRecord(name: "huber", options: ["delta": .number(0.5)]),
    optimizer: CallRecord(name: "adam", options: ["lr": .number(0.01), "amsgrad": .bool(false), "x": .none]),
    metrics: [CallRecord(name: "accuracy")], options: ["clipnorm": .number(1)])
  model.preprocessor = preprocessor
  model.seed = .max
  model.digest = "3f9a000000000000"
  model.progress = ProgressRecord(epochsDone: 2, stepsDone: 8, iterations: 8)
  model.history = [
    HistoryEntry(
      epoch: 1, values: [.init(name: "loss", value: 0.1), .init(name: "val_loss", value: 1e-9)],
      learningRate: 0.01,
      seconds: 0.25),
    HistoryEntry(epoch: 2, values: [.init(name: "loss", value: .infinity)], learningRate: 0.01, seconds: 0.5),
  ]
  model.parameters = [
    .init(name: "layers.0.kernel", shape: [4, 3], values: (0..<12).map { Float($0) / 7 }),
    .init(name: "layers.0.bias", shape: [3], values: [0, 1, 2]),
    .init(name: "layers.2.layers.0.kernel", shape: [3, 3], values: (0..<9).map { Float($0) }),
  ]
  model.optimizerState = [
    .init(name: "optimizer.m.layers.0.kernel", shape: [4, 3], values: Array(repeating: 1e-9, count: 12))
  ]
  return model
}

/// A file beside the tests.
func fixture(_ name: String, file: String = #filePath) -> String {
  String(file[..<(file.lastIndex(of: "/") ?? file.startIndex)]) + "/Fixtures/" + name
}

func readBytes(_ path: String) throws -> [UInt8] {
  let descriptor = open(path, O_RDONLY)
  try #require(descriptor >= 0, "\(path) cannot be opened")
  defer { close(descriptor) }
  var bytes = [UInt8](repeating: 0, count: 1 << 16)
  let count = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
  return Array(bytes[..<max(count, 0)])
}

func writeBytes(_ bytes: [UInt8], _ path: String) throws {
  let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
  try #require(descriptor >= 0, "\(path) cannot be opened")
  defer { close(descriptor) }
  let count = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
  #expect(count == bytes.count)
}

/// A folder that is gone afterwards.
func withTemporaryFolder(_ body: (String) throws -> Void) throws {
  var template = Array("/tmp/nn-test-XXXXXX".utf8CString)
  let folder = try #require(mkdtemp(&template).map { String(cString: $0) })
  defer {
    for name in ["f.safetensors", "m.safetensors", "again.safetensors", "FILE"] {
      unlink(folder + "/" + name)
    }
    rmdir(folder)
  }
  try body(folder)
}

/// A generator whose numbers a failing test can be repeated with.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

  // SplitMix64.
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
