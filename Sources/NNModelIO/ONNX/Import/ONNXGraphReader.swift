import NNData

/// A column that goes into an imported network, and what is done with it before the first layer.
struct ImportedColumn {
  /// As the graph has it; nil where it has one input for all.
  var name: String?
  /// The graph's input that it is of, and its place there.
  var source: String
  var place: Int
  var fill: Float?
  /// (x − offset) · scale.
  var offset: Double = 0
  var scale: Double = 1
}

/// Follows a graph from its inputs to its outputs, and makes of it what a dense network has.
struct ONNXGraphReader {
  /// What a name of the graph stands for.
  enum Value {
    case constant(ONNXConstant)
    case features([ImportedColumn])
    /// What is done with each unit, times a number for each.
    case units(NetNode, NetExpression, classes: [String]? = nil, factor: [Float]? = nil)
    /// Where something holds of units, as 1 and 0.
    case mask(NetNode, NetExpression)
    /// 1 − p and p of a network with one output.
    case pair(NetNode, classes: [String]? = nil)
    /// Classes, or their places.
    case labels(classes: [String]?)
    /// A shape or the like, which nothing depends on.
    case aside
  }

  var builder = NetBuilder()
  var columns: [ImportedColumn]?
  var input: NetNode?
  var values: [String: Value] = [:]
  let file: ONNXFile
  /// The widest that a network's layer may be.
  static let widthLimit = 1 << 24
  private static let layerLimit = 5000

  /// A network's end.
  struct Result {
    var columns: [ImportedColumn]
    var input: NetNode
    var output: NetNode
    /// The output is the second class's of two, whose first is the rest.
    var isPair: Bool
    var classes: [String]?
    var name: String
  }

  init(_ file: ONNXFile) { self.file = file }

  mutating func read() throws(ONNXRefusal) -> Result {
    let graph = file.model.graph
    for tensor in graph.initializer {
      values[tensor.name] = .constant(try ONNXConstant(tensor, folder: file.folder))
    }
    for input in graph.input where values[input.name] == nil {
      values[input.name] = .features(try features(input))
    }
    let limit =
      8
      * values.values.reduce(1 << 20) { sum, value in
        if case .constant(let constant) = value { sum + constant.numbers.count } else { sum }
      }
    for node in graph.node {
      try follow(node)
      // Many nodes may take the same numbers, and a deep network cannot be taken apart again.
      guard builder.made <= limit, builder.nodes.count <= Self.layerLimit else {
        throw ONNXRefusal("it has more layers than nn takes", at: node)
      }
    }
    return try end(graph)
  }

  func features(_ input: ONNXValueInfo) throws(ONNXRefusal) -> [ImportedColumn] {
    let type = input.type.tensorType
    guard [1, 6, 7, 9, 11].contains(type.elemType) else {
      throw ONNXRefusal(
        "its input \(quoted(input.name)) holds \(type.elemType == 8 ? "texts" : "no numbers"), and nn reads numbers alone from a foreign graph"
      )
    }
    let shape = type.shape.dim
    guard shape.count == 2, shape[1].dimValue > 0, shape[1].dimValue <= Int64(Self.widthLimit) else {
      throw ONNXRefusal(
        "its input \(quoted(input.name)) is not of the shape [rows, columns] with a fixed number of columns")
    }
    let width = Int(shape[1].dimValue)
    return (0..<width).map {
      ImportedColumn(name: width == 1 ? input.name : nil, source: input.name, place: $0)
    }
  }

  // MARK: The end

  mutating func end(_ graph: ONNXGraph) throws(ONNXRefusal) -> Result {
    var found: Result?
    var labels: [String]?
    for output in graph.output {
      switch values[output.name] {
      case .units(let node, let expression, let classes, let factor)?:
        let closed = scaled(try close(node, expression, at: nil), factor)
        guard found == nil else {
          throw ONNXRefusal("it has several outputs of numbers; nn reads networks with one")
        }
        found = try result(closed, isPair: false, classes, output.name)
      case .pair(let node, let classes)?:
        found = try result(node, isPair: true, classes, output.name)
      case .labels(let classes)?: labels = classes ?? labels
      case .aside?: break
      default: throw ONNXRefusal("its output \(quoted(output.name)) does not come from its inputs")
      }
    }
    guard var found else { throw ONNXRefusal("none of its outputs is a network's") }
    found.classes = found.classes ?? labels
    return found
  }

  func result(
    _ node: NetNode, isPair: Bool, _ classes: [String]?, _ name: String
  ) throws(ONNXRefusal) -> Result {
    guard let columns, let input, node !== input else { throw ONNXRefusal("it has no layers") }
    return Result(columns: columns, input: input, output: node, isPair: isPair, classes: classes, name: name)
  }

  // MARK: Values

  func value(_ node: ONNXNode, _ index: Int) throws(ONNXRefusal) -> Value {
    guard index < node.input.count, let value = values[node.input[index]] else {
      throw ONNXRefusal(
        index < node.input.count
          ? "it takes \(quoted(node.input[index])), which nothing before it gives" : "it lacks an input",
        at: node)
    }
    return value
  }

  func constant(_ node: ONNXNode, _ index: Int) throws(ONNXRefusal) -> ONNXConstant {
    guard case .constant(let constant) = try value(node, index) else {
      throw ONNXRefusal("its input \(index + 1) is not fixed", at: node)
    }
    return constant
  }

  /// An input that may be left out.
  func optional(_ node: ONNXNode, _ index: Int) throws(ONNXRefusal) -> ONNXConstant? {
    guard index < node.input.count, !node.input[index].isEmpty else { return nil }
    return try constant(node, index)
  }

  func vector(_ node: ONNXNode, _ index: Int, width: Int) throws(ONNXRefusal) -> [Float] {
    let constant = try constant(node, index)
    if let one = constant.scalar { return [Float](repeating: one, count: width) }
    guard constant.numbers.count == width, constant.shape.last == width else {
      throw ONNXRefusal("its input \(index + 1) does not have a number for each of \(width) units", at: node)
    }
    return constant.numbers
  }

  /// The units that an input is.
  mutating func units(_ node: ONNXNode, _ index: Int) throws(ONNXRefusal) -> NetNode {
    switch try value(node, index) {
    case .features(let columns): return try begin(columns, at: node)
    case .units(let units, let expression, let classes, let factor):
      let closed = scaled(try close(units, expression, at: node), factor)
      // Whoever takes the same value takes the same step.
      values[node.input[index]] = .units(closed, .unit, classes: classes)
      return closed
    default: throw ONNXRefusal("its input \(index + 1) is not a network's", at: node)
    }
  }

  mutating func scaled(_ node: NetNode, _ factor: [Float]?) -> NetNode {
    guard let factor else { return node }
    return builder.affine(node, scale: factor, shift: [Float](repeating: 0, count: node.width))
  }

  /// The features' end and the network's beginning.
  mutating func begin(_ columns: [ImportedColumn], at node: ONNXNode) throws(ONNXRefusal) -> NetNode {
    if let input, let known = self.columns {
      guard known.count == columns.count,
        zip(known, columns).allSatisfy({
          $0.source == $1.source && $0.place == $1.place && $0.fill == $1.fill && $0.offset == $1.offset
            && $0.scale == $1.scale
        })
      else { throw ONNXRefusal("two parts of the network see different inputs", at: node) }
      return input
    }
    self.columns = columns
    let made = builder.make(.input, [], width: columns.count)
    input = made
    return made
  }

  /// What was done with each unit becomes an activation, or a scale and a shift.
  mutating func close(
    _ node: NetNode, _ expression: NetExpression, at place: ONNXNode?
  ) throws(ONNXRefusal) -> NetNode {
    if expression.isUnit { return node }
    if let line = expression.line {
      return builder.affine(
        node, scale: [Float](repeating: line.scale, count: node.width),
        shift: [Float](repeating: line.shift, count: node.width))
    }
    if let record = expression.activation {
      return builder.make(.activation(record), [node], width: node.width)
    }
    guard case .call(let name, let arguments, let alpha, let beta) = expression else { return node }
    // An activation of a scaled unit, or a scaled activation.
    if arguments.count == 1, !arguments[0].isUnit {
      let inner = try close(node, arguments[0], at: place)
      return try close(inner, .call(name, [.unit], alpha: alpha, beta: beta), at: place)
    }
    for (index, argument) in arguments.enumerated() where arguments.count == 2 {
      guard case .number = arguments[1 - index], !argument.isUnit else { continue }
      let inner = try close(node, argument, at: place)
      var line = arguments
      line[index] = .unit
      return try close(inner, .call(name, line), at: place)
    }
    throw ONNXRefusal(
      "what is done with each unit is no activation that nn has", at: place ?? file.model.graph.node.last)
  }

  // MARK: Nodes

  mutating func follow(_ node: ONNXNode) throws(ONNXRefusal) {
    let result = try result(of: node)
    for (index, name) in node.output.enumerated() where !name.isEmpty {
      guard values[name] == nil else { throw ONNXRefusal("it gives \(quoted(name)) a second time", at: node) }
      values[name] = index == 0 ? result : node.opType == "ZipMap" ? result : .aside
    }
  }

  mutating func result(of node: ONNXNode) throws(ONNXRefusal) -> Value {
    switch node.opType {
    case "Constant": return try constantNode(node)
    case "Identity", "Dropout", "Cast", "Flatten", "Reshape", "Squeeze", "Unsqueeze", "CastLike", "ZipMap":
      return try passed(node)
    case "Gemm", "MatMul": return try product(node)
    case "Add", "Sub", "Mul", "Div", "Pow", "Max", "Min": return try binary(node)
    case "Neg", "Abs", "Sign", "Exp", "Log", "Sqrt", "Reciprocal", "Erf", "Erfc", "Tanh", "Sigmoid",
      "Softplus",
      "Softsign", "Relu",
      "LeakyRelu", "Elu", "Celu", "Selu", "HardSigmoid", "ThresholdedRelu", "Clip", "HardSwish", "Mish",
      "Gelu", "Swish", "Shrink":
      return try unary(node)
    case "Softmax", "LogSoftmax":
      let units = try unitsInARow(node)
      let record = CallRecord(name: node.opType == "Softmax" ? "softmax" : "log_softmax")
      return .units(builder.make(.activation(record), [units], width: units.width), .unit)
    case "PRelu":
      let units = try units(node, 0)
      return .units(
        builder.make(.prelu(alpha: try vector(node, 1, width: units.width)), [units], width: units.width),
        .unit)
    case "BatchNormalization": return try batchNormalization(node)
    case "LayerNormalization":
      let units = try unitsInARow(node)
      let gamma = try vector(node, 1, width: units.width)
      let beta = try optional(node, 2) == nil ? nil : vector(node, 2, width: units.width)
      let operation = NetNode.Operation.layerNorm(
        epsilon: node.float("epsilon") ?? 1e-5, gamma: gamma, beta: beta)
      return .units(builder.make(operation, [units], width: units.width), .unit)
    case "Concat": return try concat(node)
    case "Scaler": return try scaler(node)
    case "Imputer": return try imputer(node)
    case "Greater", "Less", "GreaterOrEqual", "LessOrEqual": return try comparison(node)
    case "Or", "And": return try bothMasks(node)
    case "Where": return try choice(node)
    case "ArgMax", "ArrayFeatureExtractor", "Gather", "Equal", "Not", "LabelEncoder", "Binarizer":
      return try label(node)
    case "Shape", "ConstantOfShape": return .aside
    default: throw ONNXRefusal("a dense network has no such step", at: node)
    }
  }

  /// The units of a step that goes over a row of them.
  mutating func unitsInARow(_ node: ONNXNode) throws(ONNXRefusal) -> NetNode {
    let units = try units(node, 0)
    let axis = node.int("axis") ?? -1
    guard axis == -1 || axis == 1 else {
      throw ONNXRefusal("it goes over another axis than the units", at: node)
    }
    return units
  }

  func constantNode(_ node: ONNXNode) throws(ONNXRefusal) -> Value {
    for attribute in node.attribute {
      switch attribute.name {
      case "value": return .constant(try ONNXConstant(attribute.t, folder: file.folder))
      case "value_float": return .constant(ONNXConstant(shape: [], numbers: [attribute.f]))
      case "value_floats":
        return .constant(ONNXConstant(shape: [attribute.floats.count], numbers: attribute.floats))
      case "value_int", "value_ints":
        let integers = attribute.name == "value_int" ? [attribute.i] : attribute.ints
        var constant = ONNXConstant(
          shape: attribute.name == "value_int" ? [] : [integers.count], numbers: integers.map { Float($0) })
        constant.integers = integers.map { Int($0) }
        return .constant(constant)
      default: continue
      }
    }
    throw ONNXRefusal("its value is of a kind that nn does not read", at: node)
  }

  /// Steps that leave the units what they are.
  mutating func passed(_ node: ONNXNode) throws(ONNXRefusal) -> Value {
    var value = try value(node, 0)
    if case .mask = value {
      // PyTorch makes truths of truths before it joins them.
      return node.opType == "Cast" && node.int("to") == 9 ? value : .labels(classes: nil)
    }
    if node.opType == "ZipMap" {
      let texts = node.texts("classlabels_strings")
      let integers = node.ints("classlabels_int64s").map { String($0) }
      let classes = texts.isEmpty ? integers.isEmpty ? nil : integers : texts
      switch value {
      case .units(let units, let expression, let known, let factor):
        value = .units(units, expression, classes: classes ?? known, factor: factor)
      case .pair(let units, let known): value = .pair(units, classes: classes ?? known)
      default: break
      }
      return value
    }
    let width: Int? =
      switch value {
      case .features(let columns): columns.count
      case .units(let units, _, _, _): units.width
      default: nil
      }
    if let width {
      if node.opType == "Cast", ![1, 10, 11].contains(node.int("to") ?? 1) {
        throw ONNXRefusal("it makes the units whole numbers", at: node)
      }
      if node.opType == "Reshape", let shape = try? constant(node, 1).integers {
        guard shape.count == 2, shape[1] == width || shape[1] == -1 && shape[0] != -1 else {
          throw ONNXRefusal("it gives the units another shape than [rows, \(width)]", at: node)
        }
      }
      if node.opType == "Flatten", let axis = node.int("axis"), axis != 1, axis != -1 {
        throw ONNXRefusal("it gives the units another shape than [rows, \(width)]", at: node)
      }
      if node.opType == "Unsqueeze" || node.opType == "Squeeze" && width != 1 {
        throw ONNXRefusal("it gives the units another shape than [rows, \(width)]", at: node)
      }
    }
    return value
  }

  mutating func product(_ node: ONNXNode) throws(ONNXRefusal) -> Value {
    let x = try units(node, 0)
    let weights = try constant(node, 1)
    let isGemm = node.opType == "Gemm"
    let isTransposed = isGemm && node.int("transB") == 1
    guard weights.shape.count == 2, !isGemm || (node.int("transA") ?? 0) == 0 else {
      throw ONNXRefusal("its weights are no matrix with a row for each input", at: node)
    }
    let (inputs, width) =
      isTransposed ? (weights.shape[1], weights.shape[0]) : (weights.shape[0], weights.shape[1])
    guard inputs == x.width, width > 0, width <= Self.widthLimit, weights.numbers.count == inputs * width
    else {
      throw ONNXRefusal("its weights take \(inputs) units, and \(x.width) come in", at: node)
    }
    var kernel = weights.numbers
    if isTransposed {
      for row in 0..<inputs {
        for column in 0..<width { kernel[row * width + column] = weights.numbers[column * inputs + row] }
      }
    }
    var bias: [Float]?
    if isGemm {
      if let alpha = node.float("alpha"), alpha != 1 { kernel = kernel.map { $0 * alpha } }
      if node.input.count > 2, !node.input[2].isEmpty {
        let beta = node.float("beta") ?? 1
        bias = try vector(node, 2, width: width).map { $0 * beta }
      }
    }
    return .units(builder.dense(x, kernel: kernel, bias: bias, width: width), .unit)
  }

  mutating func batchNormalization(_ node: ONNXNode) throws(ONNXRefusal) -> Value {
    let x = try units(node, 0)
    guard (node.int("training_mode") ?? 0) == 0 else { throw ONNXRefusal("it is set to training", at: node) }
    let tensors = try (
      vector(node, 1, width: x.width), vector(node, 2, width: x.width), vector(node, 3, width: x.width),
      vector(node, 4, width: x.width)
    )
    let operation = NetNode.Operation.batchNorm(
      epsilon: node.float("epsilon") ?? 1e-5, momentum: node.float("momentum") ?? 0.9, gamma: tensors.0,
      beta: tensors.1, mean: tensors.2, variance: tensors.3)
    return .units(builder.make(operation, [x], width: x.width), .unit)
  }

}
