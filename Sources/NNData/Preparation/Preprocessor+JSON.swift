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
      "class_weights": classWeights.map { .array($0.map { .double($0) }) },
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
    let weights = try json.take("class_weights", path, "a number from 0 up for each class") {
      $0.numbers.flatMap { numbers in
        numbers.count == classes?.count && numbers.allSatisfy { $0 >= 0 && $0.isFinite } ? numbers : nil
      }
    }
    self.init(
      inputs: inputs, outputs: outputs, weight: try json.take("weight", path, "a string", \.string),
      targetKind: kind, classes: classes, classWeights: weights)
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
    case .oneHot(let categories, let rare, let fill):
      .object([
        "name": shared.name, "kind": .string("onehot"), "categories": .strings(categories),
        "rare": rare.isEmpty ? nil : .strings(rare), "fill": fill.map { .string($0) },
        "indicator": shared.indicator, "had_missing": shared.hadMissing,
      ])
    case .ordinal(let categories, let fill, let scaling):
      .object([
        "name": shared.name, "kind": .string("ordinal"), "categories": .strings(categories),
        "fill": fill.map { .string($0) }, "scaling": scaling?.json, "indicator": shared.indicator,
        "had_missing": shared.hadMissing,
      ])
    case .hash(let buckets, let fill):
      .object([
        "name": shared.name, "kind": .string("hash"), "hash": .string(Self.hashName),
        "buckets": .integer(buckets), "fill": fill.map { .string($0) }, "indicator": shared.indicator,
        "had_missing": shared.hadMissing,
      ])
    case .date(let encoding, let fill):
      .object([
        "name": shared.name, "kind": .string("date"), "day_first": .bool(encoding.isDayFirst),
        "parts": .array(encoding.parts.map(\.json)), "fill": fill.map { .string($0) },
        "indicator": shared.indicator, "had_missing": shared.hadMissing,
      ])
    }
  }

  /// Of the only hash there is.
  private static let hashName = "fnv1a"
  /// The most buckets that a model may ask for.
  public static let mostBuckets = 1_000_000

  init(json: JSONValue, path: String) throws(JSONError) {
    let name = try json.need("name", path, "a string", \.string)
    let kind = try json.need("kind", path, "number, onehot, ordinal, hash or date", \.string)
    let encoding: Encoding
    switch kind {
    case "number":
      encoding = .number(
        fill: try json.take("fill", path, "a number") { $0.float.flatMap { $0.isFinite ? $0 : nil } },
        scaling: try json.scaling(path))
    case "onehot":
      encoding = .oneHot(
        categories: try json.need("categories", path, "an array of strings", \.strings),
        rare: try json.take("rare", path, "an array of strings", \.strings) ?? [],
        fill: try json.take("fill", path, "a string", \.string))
    case "ordinal":
      encoding = .ordinal(
        categories: try json.need("categories", path, "an array of strings", \.strings),
        fill: try json.take("fill", path, "a string", \.string), scaling: try json.scaling(path))
    case "hash":
      _ = try json.need("hash", path, Self.hashName) { $0.string == Self.hashName ? Self.hashName : nil }
      encoding = .hash(
        buckets: try json.need("buckets", path, "a whole number from 1 to \(Self.mostBuckets)") {
          $0.int.flatMap { (1...Self.mostBuckets).contains($0) ? $0 : nil }
        }, fill: try json.take("fill", path, "a string", \.string))
    case "date":
      var parts: [DateEncoding.Part] = []
      for (index, part) in try json.need("parts", path, "an array", \.array).enumerated() {
        parts.append(try DateEncoding.Part(json: part, path: "\(path).parts[\(index)]"))
      }
      encoding = .date(
        DateEncoding(
          isDayFirst: try json.need("day_first", path, "true or false", \.bool), parts: parts),
        fill: try json.take("fill", path, "a string", \.string))
    default:
      throw .unexpectedValue(path: path + ".kind", expected: "number, onehot, ordinal, hash or date")
    }
    self.init(
      name: name, encoding: encoding,
      hasIndicator: try json.take("indicator", path, "true or false", \.bool) ?? false,
      hadMissing: try json.take("had_missing", path, "true or false", \.bool) ?? false)
  }
}

extension DateEncoding.Part {
  fileprivate var json: JSONValue {
    switch form {
    case .number(let mean, let scaling):
      .object(["part": .string(part.rawValue), "mean": .float(mean), "scaling": scaling?.json])
    case .cyclic: .object(["part": .string(part.rawValue), "cyclic": .bool(true)])
    }
  }

  fileprivate init(json: JSONValue, path: String) throws(JSONError) {
    part = try json.need("part", path, "a part of a date") { $0.string.flatMap { DatePart(rawValue: $0) } }
    let isCyclic = try json.take("cyclic", path, "true or false", \.bool) ?? false
    guard !isCyclic || part.period != nil else {
      throw .unexpectedValue(path: path + ".cyclic", expected: "a part that comes round")
    }
    form =
      isCyclic
      ? .cyclic
      : .number(
        mean: try json.need("mean", path, "a number") { $0.float.flatMap { $0.isFinite ? $0 : nil } },
        scaling: try json.scaling(path))
  }
}

extension Scaling {
  fileprivate var json: JSONValue {
    knots.isEmpty
      ? .object(["kind": .string(kind.rawValue), "offset": .double(offset), "scale": .double(scale)])
      : .object(["kind": .string(kind.rawValue), "knots": .array(knots.map { .float($0) })])
  }
}

extension JSONValue {
  fileprivate func scaling(_ path: String) throws(JSONError) -> Scaling? {
    guard let json = self["scaling"], !json.isNull else { return nil }
    let path = path + ".scaling"
    let kind = try json.need("kind", path, "standard, minmax, robust or quantile") {
      $0.string.flatMap { ScaleKind(rawValue: $0) }
    }
    if kind == .quantile {
      let knots = try json.need("knots", path, "two ascending numbers or more") {
        $0.numbers.map { $0.map { Float($0) } }.flatMap { knots in
          knots.count >= 2 && knots.allSatisfy(\.isFinite)
            && zip(knots, knots.dropFirst()).allSatisfy { $0 <= $1 }
            ? knots : nil
        }
      }
      return Scaling(kind: kind, offset: 0, scale: 1, knots: knots)
    }
    let offset = try json.need("offset", path, "a number") { $0.double.flatMap { $0.isFinite ? $0 : nil } }
    let scale = try json.need("scale", path, "a number above 0") {
      $0.double.flatMap { $0.isFinite && $0 > 0 ? $0 : nil }
    }
    return Scaling(kind: kind, offset: offset, scale: scale)
  }

  /// The numbers of an array of numbers.
  fileprivate var numbers: [Double]? {
    guard let array else { return nil }
    let numbers = array.compactMap(\.double)
    return numbers.count == array.count ? numbers : nil
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
