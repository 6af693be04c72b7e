import NNData

/// The value of an option, as the catalog of the language knows it.
public indirect enum OptionValue: Sendable, Hashable {
  case none
  case bool(Bool)
  case number(Double)
  case string(String)
  case list([OptionValue])
  /// `adam(lr=0.01)`.
  case call(CallRecord)
}

/// A named thing with options: a loss, an optimizer, a metric.
public struct CallRecord: Sendable, Hashable {
  public var name: String
  public var options: [String: OptionValue]

  public init(name: String, options: [String: OptionValue] = [:]) {
    self.name = name
    self.options = options
  }
}

/// A layer as it stands in a model block, under its catalog name; so that this module needs to know no layer.
public struct LayerRecord: Sendable, Hashable {
  public var name: String
  public var options: [String: OptionValue]
  /// The layers of its block, for one that has a block.
  public var layers: [LayerRecord]?
  /// The blocks of a `parallel`.
  public var branches: [[LayerRecord]]?

  public init(
    name: String, options: [String: OptionValue] = [:], layers: [LayerRecord]? = nil,
    branches: [[LayerRecord]]? = nil
  ) {
    self.name = name
    self.options = options
    self.layers = layers
    self.branches = branches
  }
}

// MARK: JSON

extension OptionValue {
  /// Numbers, texts, booleans and lists as themselves; a call is an object.
  public var json: JSONValue {
    switch self {
    case .none: .null
    case .bool(let value): .bool(value)
    // A number that JSON lacks must not come back as a text.
    case .number(let value): value.isFinite ? .double(value) : .object(["number": .double(value)])
    case .string(let value): .string(value)
    case .list(let values): .array(values.map(\.json))
    case .call(let record): record.json
    }
  }

  public init(json: JSONValue, path: String) throws(JSONError) {
    switch json {
    case .null: self = .none
    case .bool(let value): self = .bool(value)
    case .string(let value): self = .string(value)
    case .number:
      guard let value = json.double else { throw .unexpectedValue(path: path, expected: "a number in range") }
      self = .number(value)
    case .array(let values):
      var list: [OptionValue] = []
      for (index, value) in values.enumerated() {
        list.append(try OptionValue(json: value, path: "\(path)[\(index)]"))
      }
      self = .list(list)
    case .object:
      if let number = json["number"]?.double, json["name"] == nil {
        self = .number(number)
      } else {
        self = .call(try CallRecord(json: json, path: path))
      }
    }
  }
}

extension CallRecord {
  public var json: JSONValue {
    .object(["name": .string(name), "options": optionsJSON(options)])
  }

  public init(json: JSONValue, path: String) throws(JSONError) {
    self.init(
      name: try json.need("name", path, "a string", \.string), options: try readOptions(json, path))
  }
}

extension LayerRecord {
  public var json: JSONValue {
    .object([
      "name": .string(name), "options": optionsJSON(options),
      "layers": layers.map { .array($0.map(\.json)) },
      "branches": branches.map { .array($0.map { .array($0.map(\.json)) }) },
    ])
  }

  public init(json: JSONValue, path: String) throws(JSONError) {
    var layers: [LayerRecord]?
    if let values = try json.take("layers", path, "an array", \.array) {
      layers = try Self.list(values, path: path + ".layers")
    }
    var branches: [[LayerRecord]]?
    if let values = try json.take("branches", path, "an array", \.array) {
      var lists: [[LayerRecord]] = []
      for (index, value) in values.enumerated() {
        let place = "\(path).branches[\(index)]"
        guard let list = value.array else { throw .unexpectedValue(path: place, expected: "an array") }
        lists.append(try Self.list(list, path: place))
      }
      branches = lists
    }
    self.init(
      name: try json.need("name", path, "a string", \.string), options: try readOptions(json, path),
      layers: layers, branches: branches)
  }

  static func list(_ values: [JSONValue], path: String) throws(JSONError) -> [LayerRecord] {
    var records: [LayerRecord] = []
    for (index, value) in values.enumerated() {
      records.append(try LayerRecord(json: value, path: "\(path)[\(index)]"))
    }
    return records
  }
}

/// Sorted by name, so that the same options give the same text.
private func optionsJSON(_ options: [String: OptionValue]) -> JSONValue? {
  guard !options.isEmpty else { return nil }
  let sorted = options.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
  return .object(sorted.map { JSONValue.Member($0.key, $0.value.json) })
}

func readOptions(_ json: JSONValue, _ path: String) throws(JSONError) -> [String: OptionValue] {
  guard let members = try json.take("options", path, "an object", \.members) else { return [:] }
  var options: [String: OptionValue] = [:]
  for member in members {
    options[member.name] = try OptionValue(json: member.value, path: "\(path).options.\(member.name)")
  }
  return options
}
