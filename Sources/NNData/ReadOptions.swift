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
  /// The byte between cells. `nil` takes a tab for a `.tsv` file; else what the first rows agree in, of tab, semicolon,
  /// bar and comma.
  public var separator: UInt8?
  /// Between a number's whole part and its fraction.
  public var decimal: UInt8
  /// What may stand between groups of three digits; `nil` is nothing.
  public var thousands: UInt8?
  /// What cells that hold separators, line ends or itself doubled are quoted with; 0 where none are.
  public var quote: UInt8
  /// Lines at the file's start that are not looked at.
  public var skippedLines: Int
  /// The cells that count as missing, without the blanks around them; letter case matters. In a numeric column the empty
  /// cell always does.
  public var missing: [String]
  /// Kinds that are not to be inferred. In a numeric one every cell that is not a number is a bad cell; but where all
  /// filled cells are words for yes and no (`true`, `false`, `yes`, `no`, `t`, `f`, `y`, `n`, in any letter case) or 1 and 0,
  /// they are 1 and 0.
  public var types: [String: ColumnKind]
  /// The same for columns that need not be there, such as the target of a file to predict.
  public var hints: [String: ColumnKind]

  /// The empty cell, and the words that spreadsheets, R and pandas write for a missing value. (`None`, `-`
  /// and `?` are not among them: they are categories in some tables.)
  public static let defaultMissing = [
    "", "NA", "N/A", "n/a", "#N/A", "#NA", "#N/A N/A", "<NA>", "NaN", "nan", "-NaN", "-nan", "NULL", "null",
    "1.#QNAN", "-1.#QNAN", "1.#IND", "-1.#IND",
  ]

  public init(
    header: HeaderMode = .auto, separator: UInt8? = nil, missing: [String] = Self.defaultMissing,
    types: [String: ColumnKind] = [:], hints: [String: ColumnKind] = [:], decimal: UInt8 = 0x2E,
    thousands: UInt8? = nil, skippedLines: Int = 0, quote: UInt8 = 0x22
  ) {
    self.header = header
    self.separator = separator
    self.missing = missing
    self.types = types
    self.hints = hints
    self.decimal = decimal
    self.thousands = thousands
    self.skippedLines = skippedLines
    self.quote = quote
  }

  var style: NumberStyle { NumberStyle(decimal: decimal, thousands: thousands) }

  /// The kind that a column was given, if it was.
  func kind(of column: String) -> ColumnKind? { types[column] ?? hints[column] }
}
