/// A JSON value. Numbers keep their spelling, so that a 64-bit seed and a float32 come back exactly; objects keep
/// their order, so that what is written is the same every time.
public enum JSONValue: Sendable, Hashable {
  case null
  case bool(Bool)
  /// By JSON's grammar for numbers.
  case number(String)
  case string(String)
  case array([JSONValue])
  case object([Member])

  public struct Member: Sendable, Hashable {
    public var name: String
    public var value: JSONValue

    public init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }
}

// MARK: Making values

extension JSONValue {
  public static func integer(_ value: Int) -> JSONValue { .number(String(value)) }

  public static func integer(_ value: UInt64) -> JSONValue { .number(String(value)) }

  /// The shortest spelling that reads back as the same float32; what is not finite, which JSON lacks, becomes the
  /// string `nan`, `inf` or `-inf`.
  public static func float(_ value: Float) -> JSONValue {
    value.isFinite ? .number(trimmed("\(value)")) : .string(notFinite(Double(value)))
  }

  /// The same for a double.
  public static func double(_ value: Double) -> JSONValue {
    value.isFinite ? .number(trimmed("\(value)")) : .string(notFinite(value))
  }

  public static func strings(_ values: [String]) -> JSONValue { .array(values.map { .string($0) }) }

  /// The members that have a value.
  public static func object(_ members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
    .object(members.compactMap { name, value in value.map { Member(name, $0) } })
  }

  private static func notFinite(_ value: Double) -> String {
    value.isNaN ? "nan" : value < 0 ? "-inf" : "inf"
  }

  private static func trimmed(_ text: String) -> String {
    text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}

// MARK: Taking values apart

extension JSONValue {
  /// The member of that name; `nil` where there is none, or this is no object.
  public subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  public var isNull: Bool { self == .null }

  public var bool: Bool? {
    guard case .bool(let value) = self else { return nil }
    return value
  }

  public var string: String? {
    guard case .string(let value) = self else { return nil }
    return value
  }

  public var array: [JSONValue]? {
    guard case .array(let values) = self else { return nil }
    return values
  }

  public var members: [Member]? {
    guard case .object(let members) = self else { return nil }
    return members
  }

  /// The number if it is a whole one in range, without a fraction or an exponent.
  public var int: Int? {
    guard case .number(let text) = self else { return nil }
    return Int(text)
  }

  public var uint64: UInt64? {
    guard case .number(let text) = self else { return nil }
    return UInt64(text)
  }

  /// The number, or one of the strings that stand for what JSON lacks.
  public var double: Double? {
    switch self {
    case .number(let text): Double(text).flatMap { $0.isFinite ? $0 : nil }
    case .string("nan"): .nan
    case .string("inf"): .infinity
    case .string("-inf"): -.infinity
    default: nil
    }
  }

  public var float: Float? {
    switch self {
    case .number(let text): Float(text).flatMap { $0.isFinite ? $0 : nil }
    default: double.map { Float($0) }
    }
  }

  /// The texts of an array of strings.
  public var strings: [String]? {
    guard let array else { return nil }
    let texts = array.compactMap(\.string)
    return texts.count == array.count ? texts : nil
  }
}
