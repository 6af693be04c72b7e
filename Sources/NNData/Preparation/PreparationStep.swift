/// How numbers are scaled.
public enum ScaleKind: String, Sendable, Hashable, Codable, CaseIterable {
  /// (x − mean) / standard deviation, the population's.
  case standard
  /// (x − min) / (max − min).
  case minmax
  /// (x − median) / (third quartile − first quartile), quartiles interpolated linearly.
  case robust
}

/// How categories become numbers.
public enum EncodeKind: String, Sendable, Hashable, Codable, CaseIterable {
  /// A column for each category, 1 where it stands and 0 elsewhere.
  case onehot
  /// The category's place in the order of the categories, from 0; -1 where it is missing or unseen.
  case ordinal
}

/// What a missing cell is filled with.
public enum ImputeKind: Sendable, Hashable {
  case mean
  case median
  /// The commonest value; of equally common ones the first in order.
  case mode
  /// A number, or a category.
  case value(String)
}

/// One step of preparation, as recorded before it is learned. `columns` is `nil` for every feature that the step
/// fits: `scale` every numeric one, `encode` every categorical one, `impute` by mean or median every numeric one, by
/// mode every one, by a value those of the value's kind. A step that names a column goes before one that does not.
public enum PreparationStep: Sendable, Hashable {
  case scale(ScaleKind, columns: [String]? = nil)
  case impute(ImputeKind, indicator: Bool = false, columns: [String]? = nil)
  case encode(EncodeKind, columns: [String]? = nil)

  var columns: [String]? {
    switch self {
    case .scale(_, let columns), .impute(_, _, let columns), .encode(_, let columns): columns
    }
  }

  /// The stage's name in the language.
  var name: String {
    switch self {
    case .scale: "scale"
    case .impute: "impute"
    case .encode: "encode"
    }
  }
}

/// What the columns of a table are for.
public struct Roles: Sendable, Hashable {
  public var features: [String]
  public var targets: [String]
  public var weight: String?

  public init(features: [String], targets: [String], weight: String? = nil) {
    self.features = features
    self.targets = targets
    self.weight = weight
  }
}

/// What the targets are.
public enum TargetKind: String, Sendable, Hashable, Codable {
  case numeric
  /// One column with two classes.
  case binary
  /// One column with two classes or more.
  case multiclass
}

/// The form in which targets are wanted.
public enum TargetForm: Sendable, Hashable {
  /// [rows × 1]: the class's place among the classes, from 0.
  case classIDs
  /// [rows × classes].
  case oneHot
  /// [rows × targets]: numbers, scaled where `scale` names the target; for classes the same as `classIDs`.
  case values
}

/// Something about new data that the training data did not show; it has been dealt with.
public struct PreparationWarning: Sendable, Hashable, CustomStringConvertible {
  public enum Kind: Sendable, Hashable {
    /// A category that was not there in training.
    case unseenCategory(first: String)
    /// A missing cell in a column that had none in training.
    case newlyMissing
  }

  public var kind: Kind
  public var column: String
  /// The number of rows.
  public var count: Int

  public var description: String {
    switch kind {
    case .unseenCategory(let first):
      "column \(shown(column)): \(counted(count, "row")) with a category that was not there in training, "
        + "such as \(quoted(first))"
    case .newlyMissing:
      "column \(shown(column)): \(counted(count, "missing value")), though there were none in training"
    }
  }
}
