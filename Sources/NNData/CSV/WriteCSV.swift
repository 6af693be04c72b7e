/// One column of what is written.
public enum OutputColumn: Sendable {
  /// Numbers, each as the shortest text that reads back as the same float32; NaN as an empty cell.
  case numbers(name: String, [Float])
  case texts(name: String, [String])

  public var name: String {
    switch self {
    case .numbers(let name, _), .texts(let name, _): name
    }
  }

  public var count: Int {
    switch self {
    case .numbers(_, let values): values.count
    case .texts(_, let values): values.count
    }
  }
}

/// Where a table is written to.
public enum CSVDestination {
  /// A file, which appears whole or not at all.
  case file(path: String)
  /// An open descriptor, such as standard output, with its name for messages.
  case descriptor(Int32, name: String)
  /// Whoever takes the bytes, in blocks of whole rows, with its name for messages.
  case sink(name: String, ([UInt8]) throws(DataError) -> Void)
}

/// Writes a header and the rows of some columns of one length, by RFC 4180 with LF as the line end.
///
/// - Throws: ``DataError/unequalColumns(source:column:found:expected:)``, and what is wrong with the file.
public func writeCSV(_ columns: [OutputColumn], to destination: CSVDestination) throws(DataError) {
  let writer = try CSVWriter(destination)
  try writer.write(columns)
  try writer.end()
}

/// The same of rows that come some at a time. A file is there once ``end()`` has been called.
public final class CSVWriter {
  private let name: String
  private let file: AtomicFile?
  private let put: ([UInt8]) throws(DataError) -> Void
  private var hasHeader = false

  public init(_ destination: CSVDestination) throws(DataError) {
    switch destination {
    case .file(let path):
      let file = try AtomicFile(path: path)
      self.file = file
      name = path
      put = { (bytes) throws(DataError) in try file.write(bytes) }
    case .descriptor(let descriptor, let name):
      file = nil
      self.name = name
      put = { (bytes) throws(DataError) in try writeAll(bytes, to: descriptor, path: name) }
    case .sink(let name, let take):
      file = nil
      self.name = name
      put = take
    }
  }

  /// Writes rows, and before the first ones the header. The columns are those of the rows before.
  public func write(_ columns: [OutputColumn]) throws(DataError) {
    let rowCount = columns.first?.count ?? 0
    for column in columns where column.count != rowCount {
      throw .unequalColumns(source: name, column: column.name, found: column.count, expected: rowCount)
    }
    var bytes = hasHeader ? [] : csvHeader(columns)
    hasHeader = true
    let rowsAtOnce = max(1, (1 << 16) / (12 * max(columns.count, 1)))
    var start = 0
    repeat {
      let end = min(start + rowsAtOnce, rowCount)
      appendRows(columns, start..<end, to: &bytes)
      try put(bytes)
      bytes.removeAll(keepingCapacity: true)
      start = end
    } while start < rowCount
  }

  /// Makes a file what was written.
  public func end() throws(DataError) { try file?.commit() }
}

/// The line with the columns' names.
public func csvHeader(_ columns: [OutputColumn]) -> [UInt8] {
  var bytes: [UInt8] = []
  for (index, column) in columns.enumerated() {
    if index > 0 { bytes.append(UInt8(ascii: ",")) }
    appendCell(column.name, to: &bytes, isAlone: columns.count == 1)
  }
  bytes.append(UInt8(ascii: "\n"))
  return bytes
}

/// The lines of the rows, without the one above them; columns of one length.
public func csvRows(_ columns: [OutputColumn]) -> [UInt8] {
  var bytes: [UInt8] = []
  let rowCount = columns.map(\.count).min() ?? 0
  bytes.reserveCapacity(rowCount * columns.count * 12)
  appendRows(columns, 0..<rowCount, to: &bytes)
  return bytes
}

private func appendRows(_ columns: [OutputColumn], _ rows: Range<Int>, to bytes: inout [UInt8]) {
  for row in rows {
    for (index, column) in columns.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      switch column {
      case .numbers(_, let values):
        if !values[row].isNaN {
          appendShortest(values[row], to: &bytes)
        } else if columns.count == 1 {
          // A line with nothing on it would not be a row.
          bytes.append(contentsOf: [0x22, 0x22])
        }
      case .texts(_, let values):
        appendCell(values[row], to: &bytes, isAlone: columns.count == 1)
      }
    }
    bytes.append(UInt8(ascii: "\n"))
  }
}

/// As ``shortestText(_:)`` has it, without a text for each number.
private func appendShortest(_ number: Float, to bytes: inout [UInt8]) {
  guard number != number.rounded(.towardZero) else {
    bytes.append(contentsOf: shortestText(number).utf8)
    return
  }
  // What has a fraction ends in a digit of it.
  var text = number.description
  text.withUTF8 { bytes.append(contentsOf: $0) }
}

/// Quotes where the cell would not read back as itself without.
private func appendCell(_ text: String, to bytes: inout [UInt8], isAlone: Bool) {
  let utf8 = text.utf8
  let needsQuotes =
    utf8.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }
    || utf8.first == 0x20 || utf8.first == 0x09 || utf8.last == 0x20 || utf8.last == 0x09
    || (isAlone && utf8.isEmpty)
  guard needsQuotes else {
    bytes.append(contentsOf: utf8)
    return
  }
  bytes.append(0x22)
  for byte in utf8 {
    if byte == 0x22 { bytes.append(0x22) }
    bytes.append(byte)
  }
  bytes.append(0x22)
}
