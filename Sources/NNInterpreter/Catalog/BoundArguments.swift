import NNDiagnostics

/// The options of one stage, layer or component after binding: each has its declared type, and those that
/// were not given have their defaults.
public struct BoundArguments: Sendable {
  private var given: [String: Bound] = [:]
  private var defaults: [String: BoundValue] = [:]

  public init() {}

  mutating func set(_ name: String, _ bound: Bound) { given[name] = bound }
  mutating func setDefault(_ name: String, _ value: BoundValue) { defaults[name] = value }

  /// The names of all options that have a value, sorted.
  var names: [String] { Set(given.keys).union(defaults.keys).sorted() }

  /// No option was given: all have their defaults.
  var isPlain: Bool { given.isEmpty }
  public func isGiven(_ name: String) -> Bool { given[name] != nil }
  /// Given, and not as `none`.
  func isSet(_ name: String) -> Bool {
    switch given[name]?.value {
    case nil, .some(.none): false
    default: true
    }
  }
  /// Where the option's value was written.
  public func span(_ name: String) -> Span? { given[name]?.span }
  public func value(_ name: String) -> BoundValue? { given[name]?.value ?? defaults[name] }

  // The binder has checked the types, so the fallbacks below stand for options that have no value at all.

  public func integer(_ name: String) -> Int? {
    if case .integer(let value)? = value(name) { value } else { nil }
  }
  public func integer(_ name: String, or fallback: Int) -> Int { integer(name) ?? fallback }

  public func number(_ name: String) -> Double? {
    switch value(name) {
    case .number(let value)?, .duration(let value)?: value
    case .integer(let value)?: Double(value)
    default: nil
    }
  }
  public func number(_ name: String, or fallback: Double) -> Double { number(name) ?? fallback }
  public func float(_ name: String) -> Float? { number(name).map { Float($0) } }
  public func float(_ name: String, or fallback: Float) -> Float { float(name) ?? fallback }

  public func boolean(_ name: String) -> Bool {
    if case .boolean(let value)? = value(name) { value } else { false }
  }
  public func text(_ name: String) -> String? {
    if case .text(let value)? = value(name) { value } else { nil }
  }
  public func component(_ name: String) -> Component? {
    if case .component(let value)? = value(name) { value } else { nil }
  }
  public func list(_ name: String) -> [Bound]? {
    if case .list(let value)? = value(name) { value } else { nil }
  }
  /// One of several names that the engine has values for.
  func choice<Value: RawRepresentable<String>>(_ name: String, or fallback: Value) -> Value {
    text(name).flatMap { Value(rawValue: $0) } ?? fallback
  }

  // The entries of lists.

  /// The texts of a list, each with its place.
  public func texts(_ name: String) -> [(text: String, span: Span?)]? {
    entries(name) { if case .text(let text) = $0 { text } else { nil } }?.map { ($0.value, $0.span) }
  }
  public func integers(_ name: String) -> [Int]? {
    entries(name) { if case .integer(let integer) = $0 { integer } else { nil } }?.map(\.value)
  }
  public func numbers(_ name: String) -> [Double]? {
    entries(name) { if case .number(let number) = $0 { number } else { nil } }?.map(\.value)
  }
  public func floats(_ name: String) -> [Float]? { numbers(name)?.map { Float($0) } }
  /// The components of a list, each with its place.
  func components(_ name: String) -> [(component: Component, span: Span?)] {
    let entries = entries(name) { if case .component(let component) = $0 { component } else { nil } }
    return (entries ?? []).map { ($0.value, $0.span) }
  }

  private func entries<Value>(
    _ name: String, _ read: (BoundValue) -> Value?
  ) -> [(value: Value, span: Span?)]? {
    list(name)?.compactMap { entry in read(entry.value).map { (value: $0, span: entry.span) } }
  }
}
