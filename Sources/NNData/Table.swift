/// Named columns of one length, as read from a file or made in memory.
public struct Table: Sendable, Equatable {
  /// Where it came from, as the user wrote it, for messages.
  public var source: String
  public var columns: [Column] { didSet { index = ColumnIndex(columns) } }
  private var index: ColumnIndex
  public var rowCount: Int
  /// The rows of the whole table, where only its first ones are at hand.
  public var allRows: Int?
  /// Where rows stood before some were left out, for messages; two tables are the same wherever theirs did.
  private var origin = RowOrigin()
  /// What was odd about the file.
  public var notices: [ReadNotice] = []

  /// - Throws: ``DataError/unequalColumns(source:column:found:expected:)`` where the columns differ in length,
  ///   ``DataError/duplicateColumn(source:column:)`` where two have one name.
  public init(source: String, columns: [Column]) throws(DataError) {
    let rowCount = columns.first?.count ?? 0
    var names: Set<String> = []
    for column in columns {
      guard column.count == rowCount else {
        throw .unequalColumns(source: source, column: column.name, found: column.count, expected: rowCount)
      }
      guard names.insert(column.name).inserted else {
        throw .duplicateColumn(source: source, column: column.name)
      }
    }
    self.source = source
    self.columns = columns
    index = ColumnIndex(columns)
    self.rowCount = rowCount
  }

  init(source: String, trusted columns: [Column], rowCount: Int, notices: [ReadNotice] = []) {
    self.source = source
    self.columns = columns
    index = ColumnIndex(columns)
    self.rowCount = rowCount
    self.notices = notices
  }

  public var columnNames: [String] { columns.map(\.name) }

  /// The column of that name, if there is one.
  public subscript(name: String) -> Column? {
    index.places[name].map { columns[$0] }
  }

  /// The table at some rows, in their order; indices that the table does not have are left out.
  public func rows(_ indices: [Int]) -> Table {
    let valid = indices.allSatisfy { $0 >= 0 && $0 < rowCount }
    let chosen = valid ? indices : indices.filter { $0 >= 0 && $0 < rowCount }
    var table = Table(source: source, trusted: columns.map { $0.rows(chosen) }, rowCount: chosen.count)
    table.origin.rows = chosen.map(fileRow)
    return table
  }

  /// The row, from 0, of the table as it was read.
  public func fileRow(_ row: Int) -> Int {
    guard let rows = origin.rows, rows.indices.contains(row) else { return row }
    return rows[row]
  }

  /// The rows, of those given or of all, that have a value in each of the columns; `nil` for all rows of the table.
  public func rows(_ rows: [Int]?, filledIn names: [String]) -> [Int]? {
    let hollow = columns.filter { names.contains($0.name) && $0.missingCount > 0 }
    if hollow.isEmpty { return rows }
    return (rows ?? Array(0..<rowCount)).filter { row in
      hollow.allSatisfy { column in
        switch column.values {
        case .numeric(let numbers): row >= numbers.count || !numbers[row].isNaN
        case .categorical(let codes, _): row >= codes.count || codes[row] >= 0
        }
      }
    }
  }
}

/// Where a table's columns stand, by their names: some tables have tens of thousands. It follows from the columns, so that
/// two tables are the same without it.
private struct ColumnIndex: Sendable, Equatable {
  let places: [String: Int]

  init(_ columns: [Column]) {
    places = Dictionary(columns.enumerated().map { ($0.element.name, $0.offset) }) { first, _ in first }
  }

  static func == (one: ColumnIndex, other: ColumnIndex) -> Bool { true }
}

/// The rows of a table that others are of; nil for all of them.
private struct RowOrigin: Sendable, Equatable {
  var rows: [Int]?

  static func == (one: RowOrigin, other: RowOrigin) -> Bool { true }
}
