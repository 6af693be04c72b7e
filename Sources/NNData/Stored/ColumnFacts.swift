/// What is known of all rows of a column of which only the first ones are at hand.
public struct ColumnFacts: Sendable, Equatable {
  /// The most different numbers that are told apart.
  public static let mostDistinct = 10_000

  public var rowCount: Int
  /// See ``Column/isAllIntegers``.
  public var isAllIntegers: Bool
  /// A numeric column's different numbers, ascending; nil where there are more than ``mostDistinct``, and of categories.
  public var distinct: [Float]?

  public init(rowCount: Int, isAllIntegers: Bool, distinct: [Float]?) {
    self.rowCount = rowCount
    self.isAllIntegers = isAllIntegers
    self.distinct = distinct
  }
}
