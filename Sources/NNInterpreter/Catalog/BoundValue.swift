import NNDiagnostics

/// A value after its option has decided its type.
public indirect enum BoundValue: Sendable {
  case none
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  /// In seconds.
  case duration(Double)
  case text(String)
  case component(Component)
  case list([Bound])
}

/// A value and the place it was written at.
public struct Bound: Sendable {
  public var value: BoundValue
  public var span: Span?

  public init(_ value: BoundValue, span: Span?) {
    self.value = value
    self.span = span
  }

  fileprivate mutating func forgetPlace() {
    span = nil
    switch value {
    case .component(var component):
      component.arguments.forgetPlaces()
      value = .component(component)
    case .list(var entries):
      for index in entries.indices { entries[index].forgetPlace() }
      value = .list(entries)
    default: break
    }
  }
}

/// A named thing with its options: `relu`, `adam(lr=0.01)`, `early_stopping(patience=5)`.
public struct Component: Sendable {
  public var kind: ComponentKind
  /// The name in the catalog, not the alias it may have been written with.
  public var name: String
  public var arguments: BoundArguments

  public init(kind: ComponentKind, name: String, arguments: BoundArguments = BoundArguments()) {
    self.kind = kind
    self.name = name
    self.arguments = arguments
  }
}

/// The kinds of named things that options take.
public enum ComponentKind: String, Sendable, CaseIterable {
  case activation, initializer, regularizer, constraint, loss, optimizer, schedule, metric, callback

  var expectation: String {
    switch self {
    case .activation: "an activation"
    case .initializer: "an initializer"
    case .regularizer: "a regularizer"
    case .constraint: "a constraint"
    case .loss: "a loss"
    case .optimizer: "an optimizer"
    case .schedule: "a schedule"
    case .metric: "a metric"
    case .callback: "a callback"
    }
  }
}

/// The options of one stage, layer or component after binding: each has its declared type, and those that
/// were not given have their defaults.
public struct BoundArguments: Sendable {
  private var given: [String: Bound] = [:]
  private var defaults: [String: BoundValue] = [:]

  public init() {}

  mutating func set(_ name: String, _ bound: Bound) { given[name] = bound }
  mutating func setDefault(_ name: String, _ value: BoundValue) { defaults[name] = value }

  /// Drops the places of the source that the options were written in.
  mutating func forgetPlaces() {
    for name in given.keys { given[name]?.forgetPlace() }
  }

  /// The names of all options that have a value, sorted.
  var names: [String] { Set(given.keys).union(defaults.keys).sorted() }

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
  public func float(_ name: String, or fallback: Float) -> Float {
    number(name).map { Float($0) } ?? fallback
  }

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
  /// The texts of a list, each with its place.
  public func texts(_ name: String) -> [(text: String, span: Span?)]? {
    list(name)?.compactMap { entry in
      if case .text(let text) = entry.value { (text, entry.span) } else { nil }
    }
  }
}
