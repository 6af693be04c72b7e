/// Named columns of one length, as read from a file or made in memory.
public struct Table: Sendable, Equatable {
  /// Where it came from, as the user wrote it, for messages.
  public var source: String
  public var columns: [Column]
  public var rowCount: Int
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
    self.rowCount = rowCount
  }

  init(source: String, trusted columns: [Column], rowCount: Int, notices: [ReadNotice] = []) {
    self.source = source
    self.columns = columns
    self.rowCount = rowCount
    self.notices = notices
  }

  public var columnNames: [String] { columns.map(\.name) }

  /// The column of that name, if there is one.
  public subscript(name: String) -> Column? {
    columns.first { $0.name == name }
  }

  /// The table at some rows, in their order; indices that the table does not have are left out.
  public func rows(_ indices: [Int]) -> Table {
    let valid = indices.allSatisfy { $0 >= 0 && $0 < rowCount }
    let chosen = valid ? indices : indices.filter { $0 >= 0 && $0 < rowCount }
    return Table(source: source, trusted: columns.map { $0.rows(chosen) }, rowCount: chosen.count)
  }
}
