import NNData

/// Puts the steps of an imported network into layers, as a model block has them.
struct NetLayers {
  /// A network of more is none that was meant for nn; steps that two branches share count twice.
  private static let layerLimit = 10_000
  private static let depthLimit = 32

  private var left = NetLayers.layerLimit
  private(set) var tensors: [SafeTensorsFile.Tensor] = []

  /// A layer with its weights, which get their names when it is known where it stands.
  private struct Item {
    var record: LayerRecord
    var weights: [(name: String, shape: [Int], values: [Float])] = []
    var blocks: [[Item]] = []
    var isResidual = false
  }

  /// - Returns: the layers from `start`, which is not among them, to `end`.
  mutating func layers(from start: NetNode, to end: NetNode) throws(ONNXRefusal) -> [LayerRecord] {
    let items = try chain(from: start, to: end, depth: 0)
    return name(items, path: "layers")
  }

  private mutating func chain(from start: NetNode, to end: NetNode, depth: Int) throws(ONNXRefusal) -> [Item]
  {
    guard depth < Self.depthLimit else { throw ONNXRefusal("its branches are nested too deeply") }
    var items: [Item] = []
    var node = end
    while node !== start {
      left -= 1
      guard left > 0 else { throw ONNXRefusal("it has more than \(Self.layerLimit) layers") }
      guard let before = node.inputs.first else {
        throw ONNXRefusal("a branch of it does not begin where the others do")
      }
      switch node.operation {
      case .input: throw ONNXRefusal("a branch of it does not begin where the others do")
      case .dense(let kernel, let bias):
        var item = Item(
          record: LayerRecord(
            name: "dense", options: ["units": .number(Double(node.width)), "bias": .bool(bias != nil)]))
        item.weights = [("kernel", [before.width, node.width], kernel)]
        if let bias { item.weights.append(("bias", [node.width], bias)) }
        items.append(item)
      case .activation(let call):
        items.append(Item(record: LayerRecord(name: "activation", options: ["function": .call(call)])))
      case .prelu(let alpha):
        items.append(Item(record: LayerRecord(name: "prelu"), weights: [("alpha", [node.width], alpha)]))
      case .batchNorm(let epsilon, let momentum, let gamma, let beta, let mean, let variance):
        items.append(
          Item(
            record: LayerRecord(
              name: "batchnorm",
              options: ["epsilon": .number(Double(epsilon)), "momentum": .number(Double(momentum))]),
            weights: [
              ("gamma", [node.width], gamma), ("beta", [node.width], beta),
              ("moving_mean", [node.width], mean),
              ("moving_variance", [node.width], variance),
            ]))
      case .layerNorm(let epsilon, let gamma, let beta):
        var item = Item(
          record: LayerRecord(
            name: "layernorm",
            options: [
              "epsilon": .number(Double(epsilon)), "scale": .bool(gamma != nil), "center": .bool(beta != nil),
            ]))
        if let gamma { item.weights.append(("gamma", [node.width], gamma)) }
        if let beta { item.weights.append(("beta", [node.width], beta)) }
        items.append(item)
      case .affine(let scale, let shift):
        // A normalization whose statistics are 0 and 1, so that only gamma and beta are left of it.
        let epsilon: Float = 0.001
        let zeros = [Float](repeating: 0, count: node.width)
        items.append(
          Item(
            record: LayerRecord(name: "batchnorm", options: ["epsilon": .number(Double(epsilon))]),
            weights: [
              ("gamma", [node.width], scale), ("beta", [node.width], shift),
              ("moving_mean", [node.width], zeros),
              ("moving_variance", [node.width], [Float](repeating: 1 - epsilon, count: node.width)),
            ]))
      case .add:
        let gate: NetNode = node.gate
        guard node.inputs.count == 2, let inner = node.inputs.first(where: { $0 !== gate }),
          node.inputs.contains(where: { $0 === gate })
        else { throw ONNXRefusal("it adds up two branches, of which neither is what both begin with") }
        var item = Item(record: LayerRecord(name: "residual"))
        item.blocks = [try chain(from: gate, to: inner, depth: depth + 1)]
        item.isResidual = true
        items.append(item)
      case .concat:
        let gate: NetNode = node.gate
        var item = Item(record: LayerRecord(name: "parallel"))
        for branch in node.inputs { item.blocks.append(try chain(from: gate, to: branch, depth: depth + 1)) }
        items.append(item)
      }
      node =
        switch node.operation {
        case .add, .concat: node.gate
        default: before
        }
    }
    return joined(items.reversed())
  }

  /// An activation right behind a dense layer is that layer's.
  private func joined(_ items: [Item]) -> [Item] {
    var result: [Item] = []
    for item in items {
      if item.record.name == "activation", let last = result.last, last.record.name == "dense",
        last.record.options["activation"] == nil, let call = item.record.options["function"]
      {
        result[result.count - 1].record.options["activation"] = call
      } else {
        result.append(item)
      }
    }
    return result
  }

  /// Gives the weights the names that they have in a model file.
  private mutating func name(_ items: [Item], path: String) -> [LayerRecord] {
    var records: [LayerRecord] = []
    for (index, item) in items.enumerated() {
      let place = "\(path).\(index)"
      for weight in item.weights {
        tensors.append(
          SafeTensorsFile.Tensor(name: "\(place).\(weight.name)", shape: weight.shape, values: weight.values))
      }
      var record = item.record
      if item.isResidual {
        record.layers = name(item.blocks.first ?? [], path: place + ".layers")
      } else if record.name == "parallel" {
        var branches: [[LayerRecord]] = []
        for (number, block) in item.blocks.enumerated() {
          branches.append(name(block, path: "\(place).branches.\(number).layers"))
        }
        record.branches = branches
      }
      records.append(record)
    }
    return records
  }
}
