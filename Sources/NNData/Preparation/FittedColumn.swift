/// x ↦ (x − offset) / scale, worked in double and rounded once.
public struct Scaling: Sendable, Hashable {
  public var kind: ScaleKind
  public var offset: Double
  /// Never 0.
  public var scale: Double

  public init(kind: ScaleKind, offset: Double, scale: Double) {
    self.kind = kind
    self.offset = offset
    self.scale = scale
  }

  @inline(__always)
  public func apply(_ value: Float) -> Float { Float((Double(value) - offset) / scale) }

  @inline(__always)
  public func undo(_ value: Float) -> Float { Float(Double(value) * scale + offset) }
}

/// What was learned of one feature column.
public struct InputColumn: Sendable, Hashable {
  public enum Encoding: Sendable, Hashable {
    /// One column of numbers.
    case number(fill: Float?, scaling: Scaling?)
    /// A column for each category; a missing or unseen one is all zeros.
    case oneHot(categories: [String], fill: String?)
    /// One column of places in the order; -1 for a missing or unseen one.
    case ordinal(categories: [String], fill: String?, scaling: Scaling?)
  }

  public var name: String
  public var encoding: Encoding
  /// Whether a further column tells with 1 which cells were missing.
  public var hasIndicator: Bool
  /// Whether cells were missing in training.
  public var hadMissing: Bool

  public init(name: String, encoding: Encoding, hasIndicator: Bool = false, hadMissing: Bool = false) {
    self.name = name
    self.encoding = encoding
    self.hasIndicator = hasIndicator
    self.hadMissing = hadMissing
  }

  public var kind: ColumnKind {
    if case .number = encoding { return .numeric }
    return .categorical
  }

  /// How many columns of the matrix it becomes.
  public var width: Int {
    let indicator = hasIndicator ? 1 : 0
    return switch encoding {
    case .number, .ordinal: 1 + indicator
    case .oneHot(let categories, _): categories.count + indicator
    }
  }

  /// Their names: `age`, `cut=Ideal`, and `age_missing` for an indicator.
  public var featureNames: [String] {
    let indicator = hasIndicator ? [name + "_missing"] : []
    return switch encoding {
    case .number, .ordinal: [name] + indicator
    case .oneHot(let categories, _): categories.map { name + "=" + $0 } + indicator
    }
  }
}

/// What was learned of one target column.
public struct TargetColumn: Sendable, Hashable {
  public var name: String
  /// In units of the file, and how the network sees them; numeric targets only.
  public var scaling: Scaling?

  public init(name: String, scaling: Scaling? = nil) {
    self.name = name
    self.scaling = scaling
  }
}
