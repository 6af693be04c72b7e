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
  private var input: NetNode?
  private var values: [String: Value] = [:]
  private let file: ONNXFile
  /// The widest that a network's layer may be.
  private static let widthLimit = 1 << 24
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

  private func features(_ input: ONNXValueInfo) throws(ONNXRefusal) -> [ImportedColumn] {
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

  private mutating func end(_ graph: ONNXGraph) throws(ONNXRefusal) -> Result {
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

  private func result(
    _ node: NetNode, isPair: Bool, _ classes: [String]?, _ name: String
  ) throws(ONNXRefusal) -> Result {
    guard let columns, let input, node !== input else { throw ONNXRefusal("it has no layers") }
    return Result(columns: columns, input: input, output: node, isPair: isPair, classes: classes, name: name)
  }

  // MARK: Values

  private func value(_ node: ONNXNode, _ index: Int) throws(ONNXRefusal) -> Value {
    guard index < node.input.count, let value = values[node.input[index]] else {
      throw ONNXRefusal(
        index < node.input.count
          ? "it takes \(quoted(node.input[index])), which nothing before it gives" : "it lacks an input",
        at: node)
    }
    return value
  }

  private func constant(_ node: ONNXNode, _ index: Int) throws(ONNXRefusal) -> ONNXConstant {
    guard case .constant(let constant) = try value(node, index) else {
      throw ONNXRefusal("its input \(index + 1) is not fixed", at: node)
    }
    return constant
  }

  /// An input that may be left out.
  private func optional(_ node: ONNXNode, _ index: Int) throws(ONNXRefusal) -> ONNXConstant? {
    guard index < node.input.count, !node.input[index].isEmpty else { return nil }
    return try constant(node, index)
  }

  private func vector(_ node: ONNXNode, _ index: Int, width: Int) throws(ONNXRefusal) -> [Float] {
    let constant = try constant(node, index)
    if let one = constant.scalar { return [Float](repeating: one, count: width) }
    guard constant.numbers.count == width, constant.shape.last == width else {
      throw ONNXRefusal("its input \(index + 1) does not have a number for each of \(width) units", at: node)
    }
    return constant.numbers
  }

  /// The units that an input is.
  private mutating func units(_ node: ONNXNode, _ index: Int) throws(ONNXRefusal) -> NetNode {
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

  private mutating func scaled(_ node: NetNode, _ factor: [Float]?) -> NetNode {
    guard let factor else { return node }
    return builder.affine(node, scale: factor, shift: [Float](repeating: 0, count: node.width))
  }

  /// The features' end and the network's beginning.
  private mutating func begin(_ columns: [ImportedColumn], at node: ONNXNode) throws(ONNXRefusal) -> NetNode {
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
  private mutating func close(
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

  private mutating func follow(_ node: ONNXNode) throws(ONNXRefusal) {
    let result = try result(of: node)
    for (index, name) in node.output.enumerated() where !name.isEmpty {
      guard values[name] == nil else { throw ONNXRefusal("it gives \(quoted(name)) a second time", at: node) }
      values[name] = index == 0 ? result : node.opType == "ZipMap" ? result : .aside
    }
  }

  private mutating func result(of node: ONNXNode) throws(ONNXRefusal) -> Value {
    switch node.opType {
    case "Constant": return try constantNode(node)
    case "Identity", "Dropout", "Cast", "Flatten", "Reshape", "Squeeze", "Unsqueeze", "CastLike", "ZipMap":
      return try passed(node)
    case "Gemm", "MatMul": return try product(node)
    case "Add", "Sub", "Mul", "Div", "Pow", "Max", "Min": return try binary(node)
    case "Neg", "Abs", "Exp", "Log", "Sqrt", "Reciprocal", "Erf", "Erfc", "Tanh", "Sigmoid", "Softplus",
      "Softsign", "Relu",
      "LeakyRelu", "Elu", "Celu", "Selu", "HardSigmoid", "ThresholdedRelu", "Clip", "HardSwish", "Mish",
      "Gelu", "Swish", "Shrink":
      return try unary(node)
    case "Softmax", "LogSoftmax":
      let units = try units(node, 0)
      let axis = node.int("axis") ?? -1
      guard axis == -1 || axis == 1 else {
        throw ONNXRefusal("it goes over another axis than the units", at: node)
      }
      let record = CallRecord(name: node.opType == "Softmax" ? "softmax" : "log_softmax")
      return .units(builder.make(.activation(record), [units], width: units.width), .unit)
    case "PRelu":
      let units = try units(node, 0)
      return .units(
        builder.make(.prelu(alpha: try vector(node, 1, width: units.width)), [units], width: units.width),
        .unit)
    case "BatchNormalization": return try batchNormalization(node)
    case "LayerNormalization":
      let units = try units(node, 0)
      let axis = node.int("axis") ?? -1
      guard axis == -1 || axis == 1 else {
        throw ONNXRefusal("it goes over another axis than the units", at: node)
      }
      let gamma = try vector(node, 1, width: units.width)
      let beta = try optional(node, 2) == nil ? nil : vector(node, 2, width: units.width)
      let operation = NetNode.Operation.layerNorm(
        epsilon: node.float("epsilon") ?? 1e-5, gamma: gamma, beta: beta)
      return .units(builder.make(operation, [units], width: units.width), .unit)
    case "Concat": return try concat(node)
    case "Scaler": return try scaler(node)
    case "Imputer": return try imputer(node)
    case "Greater", "Less", "GreaterOrEqual", "LessOrEqual": return try comparison(node)
    case "Where": return try choice(node)
    case "ArgMax", "ArrayFeatureExtractor", "Gather", "Equal", "Not", "LabelEncoder", "Binarizer":
      return try label(node)
    case "Shape", "ConstantOfShape": return .aside
    default: throw ONNXRefusal("a dense network has no such step", at: node)
    }
  }

  private func constantNode(_ node: ONNXNode) throws(ONNXRefusal) -> Value {
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
  private mutating func passed(_ node: ONNXNode) throws(ONNXRefusal) -> Value {
    var value = try value(node, 0)
    if case .mask = value { return .labels(classes: nil) }
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

  private mutating func product(_ node: ONNXNode) throws(ONNXRefusal) -> Value {
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

  private mutating func batchNormalization(_ node: ONNXNode) throws(ONNXRefusal) -> Value {
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

  // MARK: What is done with each unit

  private mutating func unary(_ node: ONNXNode) throws(ONNXRefusal) -> Value {
    let (units, expression) = try open(node, 0)
    var alpha = Double(node.float("alpha") ?? 0)
    var beta = Double(node.float("beta") ?? 0)
    var name = node.opType
    switch name {
    case "LeakyRelu": alpha = Double(node.float("alpha") ?? 0.01)
    case "Elu", "Celu", "ThresholdedRelu", "Swish": alpha = Double(node.float("alpha") ?? 1)
    case "Selu":
      alpha = Double(node.float("alpha") ?? 1.67326319217681884765625)
      beta = Double(node.float("gamma") ?? 1.05070102214813232421875)
    case "HardSigmoid":
      alpha = Double(node.float("alpha") ?? 0.2)
      beta = Double(node.float("beta") ?? 0.5)
    case "Gelu": if node.text("approximate") == "tanh" { name = "GeluTanh" }
    case "Shrink":
      alpha = Double(node.float("lambd") ?? 0.5)
      beta = Double(node.float("bias") ?? 0)
    case "Clip":
      alpha = Double(try optional(node, 1)?.scalar ?? node.float("min") ?? -.infinity)
      beta = Double(try optional(node, 2)?.scalar ?? node.float("max") ?? .infinity)
    default: break
    }
    return try grown(units, .call(name, [expression], alpha: alpha, beta: beta), node)
  }

  /// The units of an input, with what was done with each by itself.
  private mutating func open(_ node: ONNXNode, _ index: Int) throws(ONNXRefusal) -> (NetNode, NetExpression) {
    if case .units(let units, let expression, _, nil) = try value(node, index) { return (units, expression) }
    return (try units(node, index), .unit)
  }

  private mutating func grown(
    _ units: NetNode, _ expression: NetExpression, _ node: ONNXNode
  ) throws(ONNXRefusal) -> Value {
    if expression.size <= NetExpression.sizeLimit { return .units(units, expression) }
    throw ONNXRefusal("what is done with each unit is too long", at: node)
  }

  private mutating func binary(_ node: ONNXNode) throws(ONNXRefusal) -> Value {
    let (first, second) = (try value(node, 0), try value(node, 1))
    if case .constant(let a) = first, case .constant(let b) = second {
      // Numbers of the graph's own, such as √2 · 0.5.
      guard let x = a.scalar, let y = b.scalar else {
        throw ONNXRefusal("both of its inputs are fixed", at: node)
      }
      let number = NetExpression.call(node.opType, [.number(Double(x)), .number(Double(y))]).value(at: 0)
      return .constant(ONNXConstant(shape: [], numbers: [Float(number)]))
    }
    if case .aside = first { return .aside }
    if case .aside = second { return .aside }
    if case .pair = first { throw ONNXRefusal("it works on what has been answered already", at: node) }
    switch (first, second) {
    case (.labels, _), (_, .labels), (.mask, _), (_, .mask): return .labels(classes: nil)
    default: break
    }
    if case .constant(let constant) = second { return try binary(node, 0, constant, isFirst: true) }
    if case .constant(let constant) = first { return try binary(node, 1, constant, isFirst: false) }
    // A factor for each unit may have been drawn into an activation's spelling.
    if node.opType == "Mul", case .units(let left, let a, _, let scale) = first,
      case .units(let right, let b, _, let other) = second, left === right, scale != nil || other != nil
    {
      let ones = [Float](repeating: 1, count: left.width)
      let factor = zip(scale ?? ones, other ?? ones).map { $0 * $1 }
      let product = NetExpression.call("Mul", [a, b])
      guard product.size <= NetExpression.sizeLimit else {
        throw ONNXRefusal("what is done with each unit is too long", at: node)
      }
      return .units(left, product, factor: factor)
    }
    let (left, a) = try open(node, 0)
    let (right, b) = try open(node, 1)
    // The same units twice: x · sigmoid(x).
    if left === right, !(node.opType == "Add" && a.isUnit && b.isUnit) {
      return try grown(left, .call(node.opType, [a, b]), node)
    }
    let (one, other) = (try units(node, 0), try units(node, 1))
    guard node.opType == "Add" else {
      throw ONNXRefusal("it joins two parts of the network by other than a sum", at: node)
    }
    guard one.width == other.width else {
      throw ONNXRefusal("it adds up units of different numbers", at: node)
    }
    return .units(builder.make(.add, [one, other], width: one.width), .unit)
  }

  /// - Parameter isFirst: the units stand before the constant.
  private mutating func binary(
    _ node: ONNXNode, _ index: Int, _ constant: ONNXConstant, isFirst: Bool
  ) throws(ONNXRefusal) -> Value {
    if let scalar = constant.scalar {
      let (units, expression) = try open(node, index)
      let number = NetExpression.number(Double(scalar))
      return try grown(
        units, .call(node.opType, isFirst ? [expression, number] : [number, expression]), node)
    }
    if node.opType == "Mul", case .units(let units, let expression, _, let factor) = try value(node, index),
      !expression.isUnit,
      case let vector = try vector(node, 1 - index, width: units.width)
    {
      return .units(units, expression, factor: factor.map { zip($0, vector).map { $0 * $1 } } ?? vector)
    }
    let units = try units(node, index)
    let vector = try vector(node, 1 - index, width: units.width)
    let ones = [Float](repeating: 1, count: units.width)
    let zeros = [Float](repeating: 0, count: units.width)
    switch (node.opType, isFirst) {
    case ("Add", _): return .units(builder.affine(units, scale: ones, shift: vector), .unit)
    case ("Sub", true): return .units(builder.affine(units, scale: ones, shift: vector.map { -$0 }), .unit)
    case ("Sub", false): return .units(builder.affine(units, scale: ones.map { -$0 }, shift: vector), .unit)
    case ("Mul", _): return .units(builder.affine(units, scale: vector, shift: zeros), .unit)
    case ("Div", true):
      return .units(builder.affine(units, scale: vector.map { 1 / $0 }, shift: zeros), .unit)
    default:
      throw ONNXRefusal(
        "it works with a number for each unit, and a dense network has no such step", at: node)
    }
  }

  // MARK: Features

  private mutating func concat(_ node: ONNXNode) throws(ONNXRefusal) -> Value {
    let axis = node.int("axis") ?? 1
    guard node.input.count > 0, node.input.count <= 4096 * 16, axis == 1 || axis == -1 else {
      throw ONNXRefusal("it joins rows, not columns", at: node)
    }
    var columns: [ImportedColumn] = []
    var parts: [(NetNode, NetExpression)] = []
    for index in node.input.indices {
      switch try value(node, index) {
      case .features(let more): columns += more
      case .units(let units, let expression, _, nil): parts.append((units, expression))
      case .units: parts.append((try units(node, index), .unit))
      default: throw ONNXRefusal("its input \(index + 1) is not a network's", at: node)
      }
    }
    if parts.isEmpty {
      guard columns.count <= Self.widthLimit else { throw ONNXRefusal("it has too many columns", at: node) }
      return .features(columns)
    }
    if parts.count == 2, columns.isEmpty, parts[0].0 === parts[1].0, parts[0].0.width == 1 {
      let rest = NetExpression.call("Add", [parts[0].1, parts[1].1])
      if let line = rest.line, line.scale == 0 || abs(line.scale) < 1e-6, abs(line.shift - 1) < 1e-6 {
        return .pair(try close(parts[1].0, parts[1].1, at: node))
      }
    }
    if parts.count == 2, case .dense = parts[0].0.operation, parts[0].0.width == 1,
      parts[0].0.inputs.first === parts[1].0,
      case .dense(let kernel, let bias) = parts[0].0.operation, kernel == [-1], bias == [1],
      parts[0].1.isUnit, parts[1].1.isUnit
    {
      return .pair(parts[1].0)
    }
    if parts.count == 2, case .affine(let scale, let shift) = parts[0].0.operation, scale == [-1],
      shift == [1],
      parts[0].0.inputs.first === parts[1].0
    {
      return .pair(parts[1].0)
    }
    var branches: [NetNode] = []
    for index in node.input.indices { branches.append(try units(node, index)) }
    var width = 0
    for branch in branches { width += branch.width }
    guard width <= Self.widthLimit else { throw ONNXRefusal("it has too many columns", at: node) }
    return .units(builder.make(.concat, branches, width: width), .unit)
  }

  /// ai.onnx.ml's (x − offset) · scale.
  private mutating func scaler(_ node: ONNXNode) throws(ONNXRefusal) -> Value {
    let (offset, scale) = (node.floats("offset"), node.floats("scale"))
    guard case .features(var columns) = try value(node, 0) else {
      throw ONNXRefusal("it scales what is not a feature", at: node)
    }
    for index in columns.indices {
      guard let by = scale.count == 1 ? scale.first : index < scale.count ? scale[index] : 1,
        let from = offset.count == 1 ? offset.first : index < offset.count ? offset[index] : 0, by > 0,
        by.isFinite,
        columns[index].scale == 1, columns[index].offset == 0
      else { throw ONNXRefusal("its scales are not numbers above 0, a number a column", at: node) }
      columns[index].offset = Double(from)
      columns[index].scale = Double(by)
    }
    return .features(columns)
  }

  private mutating func imputer(_ node: ONNXNode) throws(ONNXRefusal) -> Value {
    let values = node.floats("imputed_value_floats")
    guard case .features(var columns) = try value(node, 0), !values.isEmpty,
      (node.float("replaced_value_float") ?? .nan).isNaN,
      columns.allSatisfy({ $0.scale == 1 && $0.offset == 0 })
    else { throw ONNXRefusal("it fills other than missing numbers of features", at: node) }
    for index in columns.indices {
      columns[index].fill = values.count == 1 ? values[0] : index < values.count ? values[index] : nil
    }
    return .features(columns)
  }

  // MARK: Where something holds

  private mutating func comparison(_ node: ONNXNode) throws(ONNXRefusal) -> Value {
    guard case .units = try value(node, 0), let bound = try? constant(node, 1).scalar else {
      return try label(node)
    }
    let (units, expression) = try open(node, 0)
    let mask = NetExpression.call(node.opType, [expression, .number(Double(bound))])
    guard mask.size <= NetExpression.sizeLimit else {
      throw ONNXRefusal("what is done with each unit is too long", at: node)
    }
    return .mask(units, mask)
  }

  private mutating func choice(_ node: ONNXNode) throws(ONNXRefusal) -> Value {
    guard case .mask(let units, let mask) = try value(node, 0) else { return try label(node) }
    var arguments = [mask]
    for index in 1...2 {
      switch try value(node, index) {
      case .constant(let constant):
        guard let scalar = constant.scalar else { return try label(node) }
        arguments.append(.number(Double(scalar)))
      case .units(let same, let expression, _, nil) where same === units: arguments.append(expression)
      default: return try label(node)
      }
    }
    return try grown(units, .call("Where", arguments), node)
  }

  // MARK: Labels

  private mutating func label(_ node: ONNXNode) throws(ONNXRefusal) -> Value {
    var classes: [String]?
    var isOfNetwork = false
    for index in node.input.indices where !node.input[index].isEmpty {
      switch try value(node, index) {
      case .constant(let constant):
        let texts = constant.texts ?? constant.integers.map { $0.map { String($0) } }
        if node.opType != "Where", let texts, texts.count > 1 { classes = texts }
      case .labels(let known):
        isOfNetwork = true
        classes = classes ?? known
      case .units, .pair, .mask: isOfNetwork = true
      case .aside: return .aside
      case .features: throw ONNXRefusal("a dense network has no such step", at: node)
      }
    }
    guard isOfNetwork else { return .aside }
    let texts = node.texts("keys_strings") + node.texts("values_strings")
    return .labels(classes: classes ?? (texts.isEmpty ? nil : texts))
  }
}

extension ONNXNode {
  private func attribute(_ name: String) -> ONNXAttribute? { attribute.first { $0.name == name } }

  func int(_ name: String) -> Int? { attribute(name).flatMap { $0.hasI ? Int($0.i) : nil } }
  func float(_ name: String) -> Float? { attribute(name).flatMap { $0.hasF ? $0.f : nil } }
  func text(_ name: String) -> String? {
    attribute(name).flatMap { $0.hasS ? String(decoding: $0.s, as: UTF8.self) : nil }
  }
  func floats(_ name: String) -> [Float] { attribute(name)?.floats ?? [] }
  func ints(_ name: String) -> [Int64] { attribute(name)?.ints ?? [] }
  func texts(_ name: String) -> [String] {
    (attribute(name)?.strings ?? []).map { String(decoding: $0, as: UTF8.self) }
  }
}
