/// Whether the first row holds the columns' names.
public enum HeaderMode: String, Sendable, Hashable, Codable {
  /// It is a header if none of its cells is a number, and either the column below one of its cells holds
  /// numbers, or its cells are all filled and all different.
  case auto
  case present
  /// The columns are named `column1`, `column2` …
  case absent
}

/// How ``readTable(path:options:)`` reads.
public struct ReadOptions: Sendable, Hashable {
  public var header: HeaderMode
  /// The byte between cells. `nil` takes a tab for a `.tsv` file; else a tab or a semicolon, where each of
  /// the first lines has the same number of them; else a comma.
  public var separator: UInt8?
  /// The cells that count as missing, without the blanks around them; letter case matters.
  public var missing: [String]
  /// Kinds that are not to be inferred. In a numeric one every cell that is not a number is a bad cell.
  public var types: [String: ColumnKind]
  /// The same for columns that need not be there, such as the target of a file to predict.
  public var hints: [String: ColumnKind]

  /// The empty cell, and the words that spreadsheets, R and pandas write for a missing value. (`None`, `-`
  /// and `?` are not among them: they are categories in some tables.)
  public static let defaultMissing = [
    "", "NA", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "NULL", "null",
  ]

  public init(
    header: HeaderMode = .auto, separator: UInt8? = nil, missing: [String] = Self.defaultMissing,
    types: [String: ColumnKind] = [:], hints: [String: ColumnKind] = [:]
  ) {
    self.header = header
    self.separator = separator
    self.missing = missing
    self.types = types
    self.hints = hints
  }

  /// The kind that a column was given, if it was.
  func kind(of column: String) -> ColumnKind? { types[column] ?? hints[column] }
}
