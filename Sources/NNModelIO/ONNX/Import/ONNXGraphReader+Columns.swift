/// What stands before a network and behind it: columns that are joined, scaled and filled, and the answers' names.
extension ONNXGraphReader {
  mutating func concat(_ node: ONNXNode) throws(ONNXRefusal) -> Value {
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
  mutating func scaler(_ node: ONNXNode) throws(ONNXRefusal) -> Value {
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

  mutating func imputer(_ node: ONNXNode) throws(ONNXRefusal) -> Value {
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

  mutating func label(_ node: ONNXNode) throws(ONNXRefusal) -> Value {
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
