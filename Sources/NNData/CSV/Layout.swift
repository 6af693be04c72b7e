/// How a file is laid out, as its first rows tell.
struct Layout {
  var separator: UInt8
  var names: [String]
  /// Where the first data row starts in the window, and on which line.
  var dataStart: Int
  var dataLine: Int
  /// The kind that each column seems to have.
  var guesses: [ColumnPlan]
}

/// Looks at the rows at the start of a file.
struct LayoutReader {
  /// How many rows are looked at.
  static let sampleRows = 256

  private enum Cell: Equatable {
    case number, missing, text
  }

  private struct Row {
    var cells: [Cell] = []
    var texts: [String] = []
    var start: Int
    var line: Int
    /// Where the next row begins, and on which line.
    var next = 0
    var nextLine = 0

    init(start: Int, line: Int) {
      self.start = start
      self.line = line
    }
  }

  let window: InputWindow
  let options: ReadOptions
  let missing: MissingCells

  /// - Throws: ``DataError`` where there is no row, or the first one cannot be read.
  func read() throws(DataError) -> Layout {
    let separator = options.separator ?? detectSeparator()
    guard CellScanner.canSeparate(separator) else { throw .badSeparator(separator) }
    let rows = try sample(separator: separator)
    guard let first = rows.first else { throw .empty(source: window.source.name) }
    let below = rows.dropFirst().filter { $0.cells.count == first.cells.count }
    let hasHeader =
      switch options.header {
      case .present: true
      case .absent: false
      case .auto: looksLikeHeader(first, below: Array(below))
      }
    var names: [String] = []
    var seen: Set<String> = []
    for index in first.cells.indices {
      let text = hasHeader ? first.texts[index] : ""
      let name = text.isEmpty ? "column\(index + 1)" : text
      guard seen.insert(name).inserted else {
        throw .duplicateColumn(source: window.source.name, column: name)
      }
      names.append(name)
    }
    let data = hasHeader ? Array(below) : [first] + below
    var layout = Layout(
      separator: separator, names: names, dataStart: first.start, dataLine: first.line,
      guesses: names.indices.map { guess(data, column: $0) })
    if hasHeader {
      layout.dataStart = first.next
      layout.dataLine = first.nextLine
    }
    return layout
  }

  private func looksLikeHeader(_ first: Row, below: [Row]) -> Bool {
    // A word over numbers is a name, and then so are the years beside it.
    let overNumbers = first.cells.indices.contains { column in
      first.cells[column] == .text && below.contains { $0.cells[column] == .number }
        && guess(below, column: column) == .numeric
    }
    let isFilled = first.cells.allSatisfy { $0 == .text }
    return overNumbers || (isFilled && Set(first.texts).count == first.texts.count)
  }

  /// Numeric unless more than one in twenty filled cells is no number.
  private func guess(_ rows: [Row], column: Int) -> ColumnPlan {
    var numbers = 0
    var texts = 0
    for row in rows {
      switch row.cells[column] {
      case .number: numbers += 1
      case .text: texts += 1
      case .missing: break
      }
    }
    return texts * 20 > numbers + texts ? .categorical : .numeric
  }

  // MARK: The separator

  /// A tab for a `.tsv` file; else a tab or a semicolon, where each of the first lines has the same number of
  /// them outside quotes, at least one; else a comma.
  private func detectSeparator() -> UInt8 {
    let name = window.source.name.lowercased()
    if name.hasSuffix(".tsv") || name.hasSuffix(".tab") { return UInt8(ascii: "\t") }
    for candidate in [UInt8(ascii: "\t"), UInt8(ascii: ";")] {
      let counts = countPerLine(of: candidate)
      if let first = counts.first, first > 0, counts.allSatisfy({ $0 == first }) { return candidate }
    }
    return UInt8(ascii: ",")
  }

  /// How often a byte stands outside quotes in each of the first whole lines that are not empty.
  private func countPerLine(of byte: UInt8) -> [Int] {
    var counts: [Int] = []
    var count = 0
    var isQuoted = false
    var isEmpty = true
    for index in window.start..<window.end {
      let next = window.base[index]
      if next == UInt8(ascii: "\"") { isQuoted.toggle() }
      if next == UInt8(ascii: "\n") || next == UInt8(ascii: "\r"), !isQuoted {
        if !isEmpty { counts.append(count) }
        if counts.count == 32 { return counts }
        count = 0
        isEmpty = true
      } else {
        isEmpty = false
        if next == byte, !isQuoted { count += 1 }
      }
    }
    if !isEmpty, window.isFinal || counts.isEmpty { counts.append(count) }
    return counts
  }

  // MARK: The first rows

  private func sample(separator: UInt8) throws(DataError) -> [Row] {
    let cells = CellScanner(separator: separator)
    var rows: [Row] = []
    var scratch: [UInt8] = []
    var line = 1
    var position = window.start
    while rows.count < Self.sampleRows, position < window.end {
      var row = Row(start: position, line: line)
      var cursor = position
      var lineEnds = 0
      var isWhole = false
      var failure: DataError?
      while !isWhole {
        let token = cells.cell(in: window.base, from: cursor, to: window.end, isFinal: window.isFinal)
        switch token.ending {
        case .separator, .record: break
        case .needMore:
          if window.end - cursor > CellScanner.fieldLimit {
            failure = tooLong(token, line: line + lineEnds)
          }
        case .unclosedQuote: failure = .unclosedQuote(source: window.source.name, line: line + lineEnds)
        case .textAfterQuote:
          failure = .textAfterQuote(
            source: window.source.name, line: line + lineEnds, column: "column\(row.cells.count + 1)")
        }
        if failure == nil, token.end - token.start > CellScanner.fieldLimit {
          failure = tooLong(token, line: line + lineEnds)
        }
        if failure != nil || token.ending == .needMore { break }
        let isBlank =
          row.cells.isEmpty && token.ending == .record && !token.isQuoted && token.start == token.end
        if !isBlank {
          let (kind, text) = withContent(of: token, in: window.base, scratch: &scratch) {
            (content) -> (Cell, String?) in
            let kind: Cell =
              missing.contains(content) ? .missing : parseCell(content) != nil ? .number : .text
            // Texts are of use in the first row only.
            return (kind, rows.isEmpty ? String(validating: content, as: UTF8.self) : "")
          }
          guard let text else {
            throw .invalidUTF8(
              source: window.source.name, line: line + lineEnds, column: "column\(row.cells.count + 1)")
          }
          row.cells.append(kind)
          row.texts.append(text)
        }
        lineEnds += token.lineEnds
        cursor = token.next
        isWhole = token.ending == .record
      }
      guard isWhole else {
        // What is wrong in a later row is told by the scan itself, which knows the columns' names.
        guard rows.isEmpty else { break }
        if let failure { throw failure }
        try window.refill(line: line)
        position = window.start
        continue
      }
      position = cursor
      line += 1 + lineEnds
      row.next = position
      row.nextLine = line
      if !row.cells.isEmpty { rows.append(row) }
      if rows.isEmpty { window.start = position }
    }
    return rows
  }

  private func tooLong(_ token: CellToken, line: Int) -> DataError {
    .fieldTooLong(
      source: window.source.name, line: line, limit: CellScanner.fieldLimit,
      quotedFrom: token.isQuoted ? line : nil)
  }
}
