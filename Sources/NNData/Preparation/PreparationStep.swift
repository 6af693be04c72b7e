/// How numbers are scaled.
public enum ScaleKind: String, Sendable, Hashable, Codable, CaseIterable {
  /// (x − mean) / standard deviation, the population's.
  case standard
  /// (x − min) / (max − min).
  case minmax
  /// (x − median) / (third quartile − first quartile), quartiles interpolated linearly.
  case robust
  /// The share of the training values below x, from 0 to 1 (scikit-learn's `QuantileTransformer`); features only.
  case quantile
}

/// How texts become numbers.
public enum Encode: Sendable, Hashable {
  /// A column for each category, 1 where it stands and 0 elsewhere.
  case onehot(Folding = Folding())
  /// The category's place in the order, from 0; -1 where it is missing or unseen. Without an order of its own, that of
  /// categories: as numbers, or else by their bytes.
  case ordinal(order: [String]? = nil)
  /// A column for each bucket, 1 in the one that the text's hash says and 0 elsewhere.
  case hash(buckets: Int)
  /// The parts of a date or a time.
  case date(DateRequest = DateRequest())

  /// The kind's name in the language.
  public var name: String {
    switch self {
    case .onehot: "onehot"
    case .ordinal: "ordinal"
    case .hash: "hash"
    case .date: "date"
    }
  }

  public static let names = ["onehot", "ordinal", "hash", "date"]
}

/// Which categories share one column because they are too rare for one of their own, as scikit-learn's `OneHotEncoder`
/// has it: those that stand in fewer training rows than `minFrequency`, and all but the commonest where there are more
/// than `maxCategories`, which counts the shared column, too.
public struct Folding: Sendable, Hashable {
  /// Rows, or a share of the training rows.
  public var minFrequency: Share?
  public var maxCategories: Int?

  public init(minFrequency: Share? = nil, maxCategories: Int? = nil) {
    self.minFrequency = minFrequency
    self.maxCategories = maxCategories
  }
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
/// fits: `scale` every numeric one, `encode` every categorical one, `encode date` those that hold dates, `impute` by mean
/// or median every numeric one, by mode every one, by a value those of the value's kind. A step that names a column goes
/// before one that does not.
public enum PreparationStep: Sendable, Hashable {
  case scale(ScaleKind, columns: [String]? = nil)
  case impute(ImputeKind, indicator: Bool = false, columns: [String]? = nil)
  case encode(Encode, columns: [String]? = nil)
  /// Rows of a class weigh n / (classes · its rows) in the training loss.
  case balance

  public var columns: [String]? {
    switch self {
    case .scale(_, let columns), .impute(_, _, let columns), .encode(_, let columns): columns
    case .balance: nil
    }
  }

  /// The stage's name in the language; `encode date`, which looks for its columns itself, may stand beside another
  /// `encode` for every column.
  public var name: String {
    switch self {
    case .scale: "scale"
    case .impute: "impute"
    case .encode(.date, columns: nil): "encode date"
    case .encode: "encode"
    case .balance: "balance"
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
