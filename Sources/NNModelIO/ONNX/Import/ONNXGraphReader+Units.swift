/// What is done with each unit by itself: activations, scales and shifts, spelt out as a graph has them.
extension ONNXGraphReader {
  mutating func unary(_ node: ONNXNode) throws(ONNXRefusal) -> Value {
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
  mutating func open(_ node: ONNXNode, _ index: Int) throws(ONNXRefusal) -> (NetNode, NetExpression) {
    if case .units(let units, let expression, _, nil) = try value(node, index) { return (units, expression) }
    return (try units(node, index), .unit)
  }

  mutating func grown(
    _ units: NetNode, _ expression: NetExpression, _ node: ONNXNode
  ) throws(ONNXRefusal) -> Value {
    if expression.size <= NetExpression.sizeLimit { return .units(units, expression) }
    throw ONNXRefusal("what is done with each unit is too long", at: node)
  }

  mutating func binary(_ node: ONNXNode) throws(ONNXRefusal) -> Value {
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
  mutating func binary(
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

  /// Where something holds of each unit.
  mutating func comparison(_ node: ONNXNode) throws(ONNXRefusal) -> Value {
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

  /// Two comparisons of the same units, as where a value is to lie outside of a range.
  mutating func bothMasks(_ node: ONNXNode) throws(ONNXRefusal) -> Value {
    guard case .mask(let units, let first) = try value(node, 0),
      case .mask(let same, let second) = try value(node, 1), units === same
    else { return try label(node) }
    let mask = NetExpression.call(node.opType == "Or" ? "Max" : "Min", [first, second])
    guard mask.size <= NetExpression.sizeLimit else {
      throw ONNXRefusal("what is done with each unit is too long", at: node)
    }
    return .mask(units, mask)
  }

  mutating func choice(_ node: ONNXNode) throws(ONNXRefusal) -> Value {
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
}
