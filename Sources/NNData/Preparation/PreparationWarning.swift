/// Something about new data that the training data did not show; it has been dealt with.
public struct PreparationWarning: Sendable, Hashable, CustomStringConvertible {
  public enum Kind: Sendable, Hashable {
    /// A category that was not there in training.
    case unseenCategory(first: String)
    /// A missing cell in a column that had none in training.
    case newlyMissing
    /// A cell that no date can be read from, taken for a missing one.
    case noDate(first: String)
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
    case .noDate(let first):
      "column \(shown(column)): \(counted(count, "row")) without a date that can be read, such as \(quoted(first))"
    }
  }
}

extension [PreparationWarning] {
  /// Counts warnings of further rows in with those of the ones before: of one kind and column they add up, and the first text is
  /// the one that is shown.
  public mutating func add(_ others: [PreparationWarning]) {
    for other in others {
      if let place = firstIndex(where: { $0.column == other.column && $0.kind.isLike(other.kind) }) {
        self[place].count += other.count
      } else {
        append(other)
      }
    }
  }
}

extension PreparationWarning.Kind {
  fileprivate func isLike(_ other: Self) -> Bool {
    switch (self, other) {
    case (.unseenCategory, .unseenCategory), (.newlyMissing, .newlyMissing), (.noDate, .noDate): true
    default: false
    }
  }
}

/// What the training rows show that a user should know of before it hurts.
public enum PreparationRemark: Sendable, Hashable {
  /// The largest standard deviation among the features, as the network sees them, is more than a hundred times the
  /// smallest.
  case scales(large: Spread, small: Spread)
  /// Features with one value in every training row.
  case constant([String])
  /// Whole numbers that go up by one from row to row.
  case rowNumbers(String)
  /// No cell tells which of two numbers is the day: `1/2/2013`.
  case dayOrMonth(String)

  /// A feature and its standard deviation as the network sees it.
  public struct Spread: Sendable, Hashable {
    public var column: String
    public var deviation: Double
  }
}
