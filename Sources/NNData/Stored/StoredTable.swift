/// A table whose cells lie in a file of columns, and are read a block of rows at a time.
public final class StoredTable: Sendable {
  public let rowCount: Int
  /// The first rows, with what is known of all: names, kinds, categories, counts.
  public let excerpt: Table
  /// Tells this table from others: its files' contents, and how they were read.
  public let fingerprint: String
  private let file: StoredFile
  private let columns: [String: StoredColumn]

  /// The most rows of the excerpt.
  private static let excerptRows = 1000

  init(_ header: StoredHeader, _ file: StoredFile, _ reader: TableReader, name: String) throws(DataError) {
    rowCount = header.rowCount
    self.file = file
    var byName: [String: StoredColumn] = [:]
    for column in header.columns { byName[column.name] = column }
    columns = byName
    fingerprint =
      header.sources.map { String($0.hash, radix: 16) }.joined(separator: " ") + " " + header.options
    var first: [Column] = []
    let count = min(Self.excerptRows, header.rowCount)
    for column in header.columns {
      first.append(
        column.excerpt(Array(try Self.cells(column, block: 0, header.rowCount, file).prefix(count))))
    }
    let layout = try reader.layout()
    guard layout.names == header.columns.map(\.name) else {
      throw .changedWhileReading(source: header.sources.first?.path ?? name)
    }
    excerpt = reader.table(first, layout, source: name, rowCount: header.rowCount).excerpt(
      rows: count, of: header.rowCount)
  }

  var blockRows: Int { Self.blockRows }
  var blockCount: Int { (rowCount + blockRows - 1) / blockRows }

  func rows(of block: Int) -> Range<Int> { block * blockRows..<min((block + 1) * blockRows, rowCount) }

  /// The cells of a column in a block of rows: a float's bits each, or a category's number.
  ///
  /// - Throws: ``DataError`` where the file cannot be read, or is damaged.
  func cells(_ name: String, block: Int) throws(DataError) -> [UInt32] {
    guard let column = columns[name] else {
      throw .unknownColumn(source: excerpt.source, column: name, available: excerpt.columnNames)
    }
    return try Self.cells(column, block: block, rowCount, file)
  }

  private static func cells(
    _ column: StoredColumn, block: Int, _ rowCount: Int, _ file: StoredFile
  ) throws(DataError) -> [UInt32] {
    let start = block * blockRows
    let rows = min(blockRows, rowCount - start)
    guard rows > 0 else { return [] }
    var cells = [UInt32](repeating: 0, count: rows)
    let place = column.place.offset + 4 * (start * column.place.columns + column.place.index * rows)
    var failure: DataError?
    cells.withUnsafeMutableBytes { buffer in
      do throws(DataError) { try file.read(at: place, into: buffer) } catch { failure = error }
    }
    if let failure { throw failure }
    if column.kind == .categorical {
      let end = Int32(clamping: column.categories.count)
      guard cells.allSatisfy({ Int32(bitPattern: $0) < end && Int32(bitPattern: $0) >= -1 }) else {
        throw .unreadable(path: file.path, reason: "it is damaged; remove it, and it is made anew")
      }
    }
    return cells
  }

  /// Some rows as a table of some columns.
  ///
  /// - Parameter places: for each block, in this order, the rows within it.
  func table(
    _ places: [(block: Int, rows: [Int])], columns names: [String]
  ) throws(DataError) -> Table {
    let count = places.reduce(0) { $0 + $1.rows.count }
    var result: [Column] = []
    for name in names {
      guard let column = columns[name] else {
        throw .missingColumns(source: excerpt.source, names: [name], available: excerpt.columnNames)
      }
      var bits: [UInt32] = []
      bits.reserveCapacity(count)
      for (block, rows) in places {
        let cells = try Self.cells(column, block: block, rowCount, file)
        if rows.count == cells.count {
          bits.append(contentsOf: cells)
        } else {
          for row in rows { bits.append(cells[row]) }
        }
      }
      var part = column.excerpt(bits)
      part.facts = nil
      part.missingCount = bits.count {
        column.kind == .numeric ? Float(bitPattern: $0).isNaN : Int32(bitPattern: $0) < 0
      }
      result.append(part)
    }
    return Table(source: excerpt.source, trusted: result, rowCount: count)
  }
}

extension TableReader {
  /// How the first file is laid out.
  fileprivate func layout() throws(DataError) -> Layout {
    guard let input = inputs.first else { throw .empty(source: name ?? "") }
    let window = InputWindow(try input.open(), chunk: max(blockSize, 16))
    try window.begin()
    return try LayoutReader(
      window: window, options: options, missing: MissingCells(options.missing, style: options.style)
    ).read()
  }
}

extension Table {
  fileprivate func excerpt(rows: Int, of all: Int) -> Table {
    var table = self
    table.rowCount = rows
    table.allRows = all
    return table
  }
}
