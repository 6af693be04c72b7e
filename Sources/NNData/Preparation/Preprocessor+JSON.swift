/// The preparation as it stands in a saved model. Members and their order are part of the file format.
extension Preprocessor {
  public var json: JSONValue {
    .object([
      "features": .array(inputs.map(\.json)),
      "targets": .array(
        outputs.map { .object(["name": .string($0.name), "scaling": $0.scaling?.json]) }),
      "target_kind": .string(targetKind.rawValue),
      "classes": classes.map { .strings($0) },
      "weight": weight.map { .string($0) },
    ])
  }

  /// - Throws: ``JSONError/unexpectedValue(path:expected:)`` where the value is none that ``json`` gives.
  public init(json: JSONValue, path: String = "preprocessing") throws(JSONError) {
    let features = try json.need("features", path, "an array", \.array)
    var inputs: [InputColumn] = []
    for (index, feature) in features.enumerated() {
      inputs.append(try InputColumn(json: feature, path: "\(path).features[\(index)]"))
    }
    let targets = try json.need("targets", path, "an array", \.array)
    var outputs: [TargetColumn] = []
    for (index, target) in targets.enumerated() {
      let place = "\(path).targets[\(index)]"
      let name = try target.need("name", place, "a string", \.string)
      outputs.append(TargetColumn(name: name, scaling: try target.scaling(place)))
    }
    let kind = try json.need("target_kind", path, "numeric, binary or multiclass") {
      $0.string.flatMap { TargetKind(rawValue: $0) }
    }
    let classes = try json.take("classes", path, "an array of strings", \.strings)
    guard (classes == nil) == (kind == .numeric),
      classes.map({ $0.count >= 2 && outputs.count == 1 }) ?? true,
      kind != .binary || classes?.count == 2
    else { throw .unexpectedValue(path: path + ".classes", expected: "classes for one target, or none") }
    guard Set(inputs.map(\.name)).count == inputs.count else {
      throw .unexpectedValue(path: path + ".features", expected: "each column once")
    }
    self.init(
      inputs: inputs, outputs: outputs, weight: try json.take("weight", path, "a string", \.string),
      targetKind: kind, classes: classes)
  }
}

extension InputColumn {
  var json: JSONValue {
    let shared = (
      name: JSONValue.string(name), indicator: hasIndicator ? JSONValue.bool(true) : nil,
      hadMissing: hadMissing ? JSONValue.bool(true) : nil
    )
    return switch encoding {
    case .number(let fill, let scaling):
      .object([
        "name": shared.name, "kind": .string("number"), "fill": fill.map { .float($0) },
        "scaling": scaling?.json, "indicator": shared.indicator, "had_missing": shared.hadMissing,
      ])
    case .oneHot(let categories, let fill):
      .object([
        "name": shared.name, "kind": .string("onehot"), "categories": .strings(categories),
        "fill": fill.map { .string($0) }, "indicator": shared.indicator, "had_missing": shared.hadMissing,
      ])
    case .ordinal(let categories, let fill, let scaling):
      .object([
        "name": shared.name, "kind": .string("ordinal"), "categories": .strings(categories),
        "fill": fill.map { .string($0) }, "scaling": scaling?.json, "indicator": shared.indicator,
        "had_missing": shared.hadMissing,
      ])
    }
  }

  init(json: JSONValue, path: String) throws(JSONError) {
    let name = try json.need("name", path, "a string", \.string)
    let kind = try json.need("kind", path, "number, onehot or ordinal", \.string)
    let encoding: Encoding
    switch kind {
    case "number":
      encoding = .number(
        fill: try json.take("fill", path, "a number") { $0.float.flatMap { $0.isFinite ? $0 : nil } },
        scaling: try json.scaling(path))
    case "onehot":
      encoding = .oneHot(
        categories: try json.need("categories", path, "an array of strings", \.strings),
        fill: try json.take("fill", path, "a string", \.string))
    case "ordinal":
      encoding = .ordinal(
        categories: try json.need("categories", path, "an array of strings", \.strings),
        fill: try json.take("fill", path, "a string", \.string), scaling: try json.scaling(path))
    default:
      throw .unexpectedValue(path: path + ".kind", expected: "number, onehot or ordinal")
    }
    self.init(
      name: name, encoding: encoding,
      hasIndicator: try json.take("indicator", path, "true or false", \.bool) ?? false,
      hadMissing: try json.take("had_missing", path, "true or false", \.bool) ?? false)
  }
}

extension Scaling {
  var json: JSONValue {
    .object(["kind": .string(kind.rawValue), "offset": .double(offset), "scale": .double(scale)])
  }
}

extension JSONValue {
  fileprivate func scaling(_ path: String) throws(JSONError) -> Scaling? {
    guard let json = self["scaling"], !json.isNull else { return nil }
    let path = path + ".scaling"
    let kind = try json.need("kind", path, "standard, minmax or robust") {
      $0.string.flatMap { ScaleKind(rawValue: $0) }
    }
    let offset = try json.need("offset", path, "a number") { $0.double.flatMap { $0.isFinite ? $0 : nil } }
    let scale = try json.need("scale", path, "a number above 0") {
      $0.double.flatMap { $0.isFinite && $0 > 0 ? $0 : nil }
    }
    return Scaling(kind: kind, offset: offset, scale: scale)
  }

  /// The member of that name as `read` takes it.
  public func need<Value>(
    _ name: String, _ path: String, _ expected: String, _ read: (JSONValue) -> Value?
  ) throws(JSONError) -> Value {
    guard let value = self[name].flatMap(read) else {
      throw .unexpectedValue(path: path.isEmpty ? name : path + "." + name, expected: expected)
    }
    return value
  }

  /// The same where it may be absent, or null.
  public func take<Value>(
    _ name: String, _ path: String, _ expected: String, _ read: (JSONValue) -> Value?
  ) throws(JSONError) -> Value? {
    guard let member = self[name], !member.isNull else { return nil }
    guard let value = read(member) else {
      throw .unexpectedValue(path: path.isEmpty ? name : path + "." + name, expected: expected)
    }
    return value
  }
}
