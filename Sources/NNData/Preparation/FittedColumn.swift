/// What was learned of one feature column.
public struct InputColumn: Sendable, Hashable {
  public enum Encoding: Sendable, Hashable {
    /// One column of numbers.
    case number(fill: Float?, scaling: Scaling?)
    /// A column for each category, and one more for those that are `rare`, if there are such; a missing category is all
    /// zeros, an unseen one counts as rare where there is a column for them.
    case oneHot(categories: [String], rare: [String], fill: String?)
    /// One column of places in the order; -1 for a missing or unseen one.
    case ordinal(categories: [String], fill: String?, scaling: Scaling?)
    /// A column for each bucket; a missing text is all zeros.
    case hash(buckets: Int, fill: String?)
    /// The parts of a date.
    case date(DateEncoding, fill: String?)
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
    case .oneHot(let categories, let rare, _): categories.count + (rare.isEmpty ? 0 : 1) + indicator
    case .hash(let buckets, _): buckets + indicator
    case .date(let encoding, _): encoding.width + indicator
    }
  }

  /// Their names: `age`, `cut=Ideal`, `cut=(rare)`, `name#0`, `sold.year`, and `age_missing` for an indicator.
  public var featureNames: [String] {
    let indicator = hasIndicator ? [name + "_missing"] : []
    return switch encoding {
    case .number, .ordinal: [name] + indicator
    case .oneHot(let categories, let rare, _):
      categories.map { name + "=" + $0 } + (rare.isEmpty ? [] : [name + "=(rare)"]) + indicator
    case .hash(let buckets, _): (0..<max(buckets, 0)).map { "\(name)#\($0)" } + indicator
    case .date(let encoding, _): encoding.columnNames.map { name + "." + $0 } + indicator
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
