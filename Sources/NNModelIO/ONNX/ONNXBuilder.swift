import NNData
import SwiftProtobuf

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The types of ONNX's tensors that are used here, by their numbers in `TensorProto.DataType`.
enum ONNXType: Int32 {
  case float = 1
  case int32 = 6
  case int64 = 7
  case string = 8
  case bool = 9
  case double = 11
}

/// Puts a graph together, node by node. Every value has one name; those of the columns come first and keep theirs.
struct ONNXBuilder {
  private(set) var graph = ONNXGraph()
  private var taken: Set<String> = []
  private var counts: [String: Int] = [:]
  private var shared: [SharedConstant: String] = [:]
  /// Whether an operator of ai.onnx.ml is used.
  private(set) var usesML = false

  private struct SharedConstant: Hashable {
    var type: Int32
    var bits: UInt64
  }

  /// A name that nothing else has: the wanted one, or else `name.1`, `name.2` …
  mutating func unique(_ wanted: String) -> String {
    var name = wanted
    var number = 1
    while name.isEmpty || !taken.insert(name).inserted {
      name = "\(wanted).\(number)"
      number += 1
    }
    return name
  }

  /// A name for a value within the graph.
  private mutating func inner(_ stem: String) -> String {
    while true {
      let number = counts[stem, default: 0]
      counts[stem] = number + 1
      let name = "/\(stem)_\(number)"
      if taken.insert(name).inserted { return name }
    }
  }

  // MARK: Ends

  mutating func input(_ name: String, _ type: ONNXType, doc: String = "") -> String {
    let name = unique(name)
    graph.input.append(Self.value(name, type, shape: [nil, 1], doc: doc))
    return name
  }

  /// - Parameter shape: nil stands for the rows.
  mutating func output(_ name: String, _ type: ONNXType, shape: [Int?], doc: String = "") {
    graph.output.append(Self.value(name, type, shape: shape, doc: doc))
  }

  private static func value(_ name: String, _ type: ONNXType, shape: [Int?], doc: String) -> ONNXValueInfo {
    var info = ONNXValueInfo()
    info.name = name
    info.docString = doc
    info.type.tensorType.elemType = type.rawValue
    info.type.tensorType.shape.dim = shape.map { extent in
      var dimension = ONNXShape.Dimension()
      if let extent { dimension.dimValue = Int64(extent) } else { dimension.dimParam = "batch" }
      return dimension
    }
    return info
  }

  // MARK: Nodes

  /// A node with one output; gives its name.
  @discardableResult
  mutating func node(
    _ operation: String, _ inputs: [String], _ attributes: [ONNXAttribute] = [], ml: Bool = false,
    output: String? = nil
  ) -> String {
    let name = output ?? inner(operation)
    append(operation, inputs, [name], attributes, ml: ml)
    return name
  }

  /// A node with several outputs.
  mutating func node(_ operation: String, _ inputs: [String], outputs count: Int, axis: Int) -> [String] {
    let names = (0..<count).map { _ in inner(operation) }
    append(operation, inputs, names, [.init("axis", int: axis)], ml: false)
    return names
  }

  private mutating func append(
    _ operation: String, _ inputs: [String], _ outputs: [String], _ attributes: [ONNXAttribute], ml: Bool
  ) {
    var node = ONNXNode()
    node.opType = operation
    node.input = inputs
    node.output = outputs
    node.name = outputs.first ?? operation
    node.attribute = attributes
    if ml {
      node.domain = ONNXExport.mlDomain
      usesML = true
    }
    graph.node.append(node)
  }

  mutating func cast(_ value: String, to type: ONNXType) -> String {
    node("Cast", [value], [.init("to", int: Int(type.rawValue))])
  }

  // MARK: Constants

  mutating func floats(_ name: String, _ values: [Float], shape: [Int]) -> String {
    var tensor = tensor(name, .float, shape: shape)
    tensor.rawData = values.withUnsafeBytes { Data($0) }
    graph.initializer.append(tensor)
    return tensor.name
  }

  mutating func doubles(_ name: String, _ values: [Double], shape: [Int]) -> String {
    var tensor = tensor(name, .double, shape: shape)
    tensor.rawData = values.withUnsafeBytes { Data($0) }
    graph.initializer.append(tensor)
    return tensor.name
  }

  mutating func integers(_ name: String, _ values: [Int], shape: [Int]) -> String {
    var tensor = tensor(name, .int64, shape: shape)
    tensor.rawData = values.map(Int64.init).withUnsafeBytes { Data($0) }
    graph.initializer.append(tensor)
    return tensor.name
  }

  mutating func texts(_ name: String, _ values: [String]) -> String {
    var tensor = tensor(name, .string, shape: [values.count])
    tensor.stringData = values.map { Data($0.utf8) }
    graph.initializer.append(tensor)
    return tensor.name
  }

  /// A single float32; the same number is kept once.
  mutating func float(_ value: Float) -> String {
    let key = SharedConstant(type: ONNXType.float.rawValue, bits: UInt64(value.bitPattern))
    if let name = shared[key] { return name }
    let name = floats(inner("float"), [value], shape: [])
    shared[key] = name
    return name
  }

  /// The same in double.
  mutating func double(_ value: Double) -> String {
    let key = SharedConstant(type: ONNXType.double.rawValue, bits: value.bitPattern)
    if let name = shared[key] { return name }
    let name = doubles(inner("double"), [value], shape: [])
    shared[key] = name
    return name
  }

  /// A name for a tensor of the graph's own.
  mutating func constantName(_ stem: String) -> String { inner(stem) }

  private func tensor(_ name: String, _ type: ONNXType, shape: [Int]) -> ONNXTensor {
    var tensor = ONNXTensor()
    tensor.name = name
    tensor.dataType = type.rawValue
    tensor.dims = shape.map(Int64.init)
    return tensor
  }
}

extension ONNXAttribute {
  init(_ name: String, int value: Int) {
    self.init()
    self.name = name
    type = 2
    i = Int64(value)
  }

  init(_ name: String, float value: Float) {
    self.init()
    self.name = name
    type = 1
    f = value
  }

  init(_ name: String, ints values: [Int]) {
    self.init()
    self.name = name
    type = 7
    ints = values.map(Int64.init)
  }

  init(_ name: String, floats values: [Float]) {
    self.init()
    self.name = name
    type = 6
    floats = values
  }

  init(_ name: String, texts values: [String]) {
    self.init()
    self.name = name
    type = 8
    strings = values.map { Data($0.utf8) }
  }
}
