/// One option of a stage, a layer or a component, declared once and read by the binder, the checker, help and
/// did-you-mean.
public struct OptionDeclaration: Sendable {
  /// The name as written in the reference.
  public let name: String
  /// Other accepted names, Keras's among them.
  public let aliases: [String]
  public let type: OptionType
  /// What holds when the option is not given; nil if that is for the stage to decide, or if it is required.
  public let defaultValue: BoundValue?
  /// One line of help, without a full stop.
  public let help: String
  /// May be given without its name, in the order of declaration.
  public let isPositional: Bool
  public let isRequired: Bool
  /// Takes every remaining positional value; its value is a list.
  public let isVariadic: Bool

  public init(
    _ name: String, aliases: [String] = [], _ type: OptionType, default defaultValue: BoundValue? = nil,
    positional: Bool = false, required: Bool = false, variadic: Bool = false, _ help: String
  ) {
    self.name = name
    self.aliases = aliases
    self.type = type
    self.defaultValue = defaultValue
    self.help = help
    isPositional = positional
    isRequired = required
    isVariadic = variadic
  }

  func isNamed(_ text: String) -> Bool { name == text || aliases.contains(text) }
}

/// What values an option takes.
public indirect enum OptionType: Sendable {
  case integer(ClosedRange<Int>)
  case number(NumberRange)
  case boolean
  /// `30s`, `5m`, `2h`; a bare number counts as seconds.
  case duration
  /// Any word or string; the payload says what it stands for, as in `a column's name`.
  case text(String)
  case choice([String])
  /// A name, or a call of it with options: `adam`, `adam(lr=0.01)`.
  case component(ComponentKind)
  /// A share of the rows (`20%`, below 1) or a number of rows (a whole number above 1).
  case share
  case list(OptionType)
  /// A list with at least one entry.
  case someOf(OptionType)
  /// The type, or `none`.
  case optional(OptionType)
  /// The first type that fits.
  case either(OptionType, OptionType)
  /// Any constant, for `print`.
  case anything

  private static let practicallyUnbounded = 1_000_000_000

  /// What the type takes, for messages: `a whole number from 1 up`.
  public var expectation: String {
    switch self {
    case .integer(let range):
      // An upper bound that nobody meets is not worth saying.
      if range.upperBound >= Self.practicallyUnbounded {
        range.lowerBound == Int.min ? "a whole number" : "a whole number from \(range.lowerBound) up"
      } else {
        "a whole number from \(range.lowerBound) to \(range.upperBound)"
      }
    case .number(let range): range.expectation
    case .boolean: "`true` or `false`"
    case .duration: "a time such as `30s`, `5m` or `2h`"
    case .text(let what): what
    case .choice(let names): Self.alternatives(names.map { "`\($0)`" })
    case .component(let kind): kind.expectation
    case .share: "a share such as `20%`, or a number of rows above 1"
    case .list(let type), .someOf(let type): "a list, each entry \(type.expectation)"
    case .optional(let type): "\(type.expectation), or `none`"
    // The same words in capitals go without saying.
    case .either(.choice(let first), .choice(let second)) where second.map({ $0.lowercased() }) == first:
      OptionType.choice(first).expectation
    case .either(let first, let second): "\(first.expectation), or \(second.expectation)"
    case .anything: "a value"
    }
  }

  /// The kind of component that it takes, one or several of; nil if it takes none.
  var componentKind: ComponentKind? {
    switch self {
    case .component(let kind): kind
    case .list(let type), .someOf(let type), .optional(let type): type.componentKind
    case .either(let first, let second): first.componentKind ?? second.componentKind
    default: nil
    }
  }

  var isList: Bool {
    switch self {
    case .list, .someOf: true
    case .optional(let type): type.isList
    default: false
    }
  }

  static func alternatives(_ names: [String]) -> String {
    guard let last = names.last else { return "nothing" }
    return names.count == 1 ? last : names.dropLast().joined(separator: ", ") + " or " + last
  }
}

/// An interval of real numbers, for checking and for messages.
public struct NumberRange: Sendable {
  let lower: Double
  let upper: Double
  let excludesLower: Bool
  let excludesUpper: Bool

  public static let any = NumberRange(-.infinity, .infinity)
  public static let nonNegative = NumberRange(0, .infinity)
  public static let positive = NumberRange(0, .infinity, excludesLower: true)
  /// [0, 1)
  public static let fraction = NumberRange(0, 1, excludesUpper: true)
  /// [0, 1]
  public static let unit = NumberRange(0, 1)

  public init(_ lower: Double, _ upper: Double, excludesLower: Bool = false, excludesUpper: Bool = false) {
    self.lower = lower
    self.upper = upper
    self.excludesLower = excludesLower
    self.excludesUpper = excludesUpper
  }

  public func contains(_ value: Double) -> Bool {
    guard value.isFinite else { return false }
    return (excludesLower ? value > lower : value >= lower)
      && (excludesUpper ? value < upper : value <= upper)
  }

  var expectation: String {
    let low = describeNumber(lower)
    let high = describeNumber(upper)
    switch (lower.isFinite, upper.isFinite) {
    case (false, false): return "a number"
    case (true, false): return excludesLower ? "a number above \(low)" : "a number from \(low) up"
    case (false, true): return excludesUpper ? "a number below \(high)" : "a number up to \(high)"
    case (true, true):
      switch (excludesLower, excludesUpper) {
      case (false, false): return "a number from \(low) to \(high)"
      case (false, true): return "a number from \(low) up, below \(high)"
      case (true, false): return "a number above \(low), up to \(high)"
      case (true, true): return "a number above \(low) and below \(high)"
      }
    }
  }
}

/// A number as a person writes it: `2` rather than `2.0`.
public func describeNumber(_ value: Double) -> String {
  if value == value.rounded(), abs(value) < 1e15 { return String(Int(value)) }
  return "\(value)"
}
