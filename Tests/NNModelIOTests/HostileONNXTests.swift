import Foundation
import NNData
import Testing

@testable import NNModelIO

/// ONNX files that are made to harm, or were harmed: an error each that says what it is, and no memory for what they only claim.
@Suite("ONNX, hostile") struct HostileONNXTests {
  /// A layer of two inputs and one unit.
  private func small() -> ONNXModel {
    var model = ONNXModel()
    model.irVersion = 8
    var builder = ONNXBuilder()
    let x = builder.input("x", .float)
    let kernel = builder.floats("kernel", [2], shape: [1, 1])
    let y = builder.node("Gemm", [x, kernel])
    builder.node("Relu", [y], output: "y")
    builder.output("y", .float, shape: [nil, 1])
    model.graph = builder.graph
    return model
  }

  private func error(_ model: ONNXModel) -> String? {
    do {
      _ = try ImportedModel(bytes: try model.serializedBytes(), name: "f.onnx")
      return nil
    } catch {
      return "\(error)"
    }
  }

  private func error(_ change: (inout ONNXModel) -> Void) -> String? {
    var model = small()
    change(&model)
    return error(model)
  }

  @Test func theSmallOneIsRead() throws {
    #expect(error(small()) == nil)
    let plain = error { $0.graph.node = [] }
    #expect(plain == "f.onnx is no ONNX file that can be read: it has no graph")
  }

  @Test func tensorsThatLie() {
    for (shape, reason) in [
      ([-1, 1] as [Int64], "a negative extent"), ([1 << 40, 1 << 40], "too many values"),
      ([.max, .max, 0], "too many values"), ([2, 1], "not the values"), ([1 << 30, 1], "not the values"),
    ] {
      let found = error { $0.graph.initializer[0].dims = shape }
      #expect(found?.contains(reason) == true, "\(shape): \(found ?? "read")")
    }
    #expect(error { $0.graph.initializer[0].dataType = 10 }?.contains("a type that nn does not read") == true)
  }

  @Test(arguments: ["../secret", "/etc/passwd", "", "nothere.bin", "..", "a\0b"])
  func valuesElsewhere(location: String) {
    let found = error { model in
      var entry = ONNXStringEntry()
      entry.key = "location"
      entry.value = location
      model.graph.initializer[0].externalData = [entry]
      model.graph.initializer[0].dataLocation = 1
    }
    #expect(
      found?.contains("another file") == true || found?.contains("not beside this one") == true,
      "\(found ?? "read")")
  }

  @Test func graphsThatAreNone() {
    let circle = error { $0.graph.node[0].input[0] = "y" }
    #expect(
      circle?.contains("(Gemm): it takes \"y\", which nothing before it gives") == true, "\(circle ?? "read")"
    )
    let twice = error { $0.graph.node[1].output = $0.graph.node[0].output }
    #expect(twice?.contains("a second time") == true, "\(twice ?? "read")")
    let foreign = error { $0.graph.node[1].opType = "Conv" }
    #expect(foreign?.contains("(Conv): a dense network has no such step") == true, "\(foreign ?? "read")")
    let texts = error { $0.graph.input[0].type.tensorType.elemType = 8 }
    #expect(texts?.contains("holds texts") == true, "\(texts ?? "read")")
    let wide = error { $0.graph.input[0].type.tensorType.shape.dim[1].dimValue = 1 << 50 }
    #expect(wide?.contains("not of the shape") == true, "\(wide ?? "read")")
  }

  @Test func manySmallParts() {
    let many = error { model in
      model.graph.node += [ONNXNode](repeating: ONNXNode(), count: 250_000)
    }
    #expect(many?.contains("more than 200000 parts") == true, "\(many ?? "read")")
  }

  @Test func whatGrowsByItself() {
    let squares = error { model in
      var last = "y"
      for index in 0..<60 {
        var node = ONNXNode()
        node.opType = "Mul"
        node.input = [last, last]
        last = "z\(index)"
        node.output = [last]
        model.graph.node.append(node)
      }
      model.graph.output[0].name = last
    }
    #expect(squares?.contains("too long") == true, "\(squares ?? "read")")
    let deep = error { model in
      var last = "y"
      for index in 0..<6000 {
        var node = ONNXNode()
        node.opType = "Gemm"
        node.input = [last, "kernel"]
        last = "z\(index)"
        node.output = [last]
        model.graph.node.append(node)
      }
      model.graph.output[0].name = last
    }
    #expect(deep?.contains("more layers than nn takes") == true, "\(deep ?? "read")")
  }

  @Test func bytesThatWereHarmed() throws {
    let folder = fixture("onnx")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".onnx") }
      .sorted()
    var seed: UInt64 = 1
    func draw(_ limit: Int) -> Int {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(seed >> 33) % max(limit, 1)
    }
    for name in names {
      let whole = try readBytes(folder + "/" + name)
      for count in stride(from: 0, to: whole.count, by: 97) {
        #expect(brokenPromise(ofONNX: Array(whole.prefix(count))) == nil, "\(name), its first \(count) bytes")
      }
      for _ in 0..<60 {
        var bytes = whole
        for _ in 0...draw(4) { bytes[draw(bytes.count)] = UInt8(draw(256)) }
        #expect(brokenPromise(ofONNX: bytes) == nil, "\(name)")
      }
    }
  }

  @Test func theFuzzersCorpusHolds() throws {
    let scratch =
      NSTemporaryDirectory() + "/nn-corpus-\(ProcessInfo.processInfo.processIdentifier).safetensors"
    defer { try? FileManager.default.removeItem(atPath: scratch) }
    let corpus = fixture("../../../Fuzz/Corpus")
    for kind in ["onnx", "safetensors"] {
      let names = try FileManager.default.contentsOfDirectory(atPath: "\(corpus)/\(kind)")
      #expect(!names.isEmpty)
      for name in names {
        let bytes = try readBytes("\(corpus)/\(kind)/\(name)")
        let broken =
          kind == "onnx"
          ? brokenPromise(ofONNX: bytes) : brokenPromise(ofSafeTensors: bytes, scratch: scratch)
        #expect(broken == nil, "\(kind)/\(name): \(broken ?? "")")
      }
    }
  }
}
