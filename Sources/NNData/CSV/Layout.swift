/// How a file is laid out, as its first rows tell.
struct Layout {
  var separator: UInt8
  var hasHeader: Bool
  /// The columns' names: the header's, or `column1`, `column2` …
  var names: [String]
  /// Columns whose name the header leaves empty.
  var nameless: [Int] = []
  /// Where the first data row starts in the window, and on which line.
  var dataStart: Int
  var dataLine: Int
  /// The kind that each column seems to have.
  var guesses: [ColumnPlan]
  var notices: [ReadNotice] = []
}

/// Looks at the rows at the start of a file.
struct LayoutReader {
  /// How many rows are looked at.
  static let sampleRows = 256
  /// How many lines above a header may be taken for a title.
  private static let titleRows = 20

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

    var isFilled: Bool { cells.allSatisfy { $0 == .text } }
    /// Like `Sales 2024,,,`: one cell at most says something.
    var isTitle: Bool { cells.count { $0 != .missing } <= 1 }
  }

  let window: InputWindow
  let options: ReadOptions
  let missing: MissingCells
  /// The first file's, where this is one of several.
  var given: Layout?

  /// - Throws: ``DataError`` where there is no row, or the first one cannot be read.
  func read() throws(DataError) -> Layout {
    let firstLine = try skipLines()
    let separator = given?.separator ?? options.separator ?? guessSeparator()
    guard CellScanner.canSeparate(separator) else { throw .badSeparator(separator) }
    var rows = try sample(separator: separator, firstLine: firstLine)
    guard !rows.isEmpty else { throw .empty(source: window.source.name) }
    var notices: [ReadNotice] = []
    let titles = titleCount(rows)
    if titles > 0 {
      let text = rows[0].texts.first { !$0.isEmpty } ?? ""
      notices.append(.titleLines(source: window.source.name, count: rows[titles].line - 1, text: text))
      rows.removeFirst(titles)
    }
    let first = rows[0]
    let below = rows.dropFirst().filter { $0.cells.count == first.cells.count }
    let hasHeader =
      switch options.header {
      case .present: true
      case .absent: false
      case .auto: given?.hasHeader ?? looksLikeHeader(first, below: Array(below))
      }
    let data = hasHeader ? Array(below) : [first] + below
    var layout = Layout(
      separator: separator, hasHeader: hasHeader, names: [], dataStart: first.start, dataLine: first.line,
      guesses: first.cells.indices.map { guess(data, column: $0) }, notices: notices)
    name(&layout, hasHeader ? first.texts : first.texts.map { _ in "" })
    if hasHeader {
      layout.dataStart = first.next
      layout.dataLine = first.nextLine
    }
    return layout
  }

  /// Gives columns without a name `column3`, and to later ones of the same name `name.1`, `name.2` as pandas does.
  private func name(_ layout: inout Layout, _ texts: [String]) {
    var taken = Set(texts)
    var seen: Set<String> = []
    /// The number that a name was last given: all below it are taken.
    var lastNumbers: [String: Int] = [:]
    var renamed: [ReadNotice.Renaming] = []
    for (index, text) in texts.enumerated() {
      var name = text.isEmpty ? "column\(index + 1)" : text
      if text.isEmpty, layout.hasHeader { layout.nameless.append(index) }
      if seen.contains(name) || (text.isEmpty && taken.contains(name)) {
        var number = lastNumbers[name] ?? 1
        while taken.contains("\(name).\(number)") { number += 1 }
        lastNumbers[name] = number
        if !text.isEmpty { renamed.append(ReadNotice.Renaming(from: name, to: "\(name).\(number)")) }
        name += ".\(number)"
      }
      seen.insert(name)
      taken.insert(name)
      layout.names.append(name)
    }
    if !renamed.isEmpty { layout.notices.append(.renamed(source: window.source.name, names: renamed)) }
  }

  /// How many rows at the start are no rows of the table but a title above it: such as hold one text at most or are shorter
  /// than the table, above a row of different words that is its header.
  private func titleCount(_ rows: [Row]) -> Int {
    guard options.header == .auto, given == nil, options.skippedLines == 0, rows[0].cells.contains(.text)
    else { return 0 }
    for top in 1..<max(1, min(rows.count - 1, Self.titleRows)) {
      let header = rows[top]
      let below = Array(rows.dropFirst(top + 1))
      let width = header.cells.count
      guard width > 1, header.isFilled, Set(header.texts).count == width,
        rows[..<top].allSatisfy({ $0.isTitle || $0.cells.count < width }),
        below.allSatisfy({ $0.cells.count == width })
      else { continue }
      return top
    }
    return 0
  }

  private func looksLikeHeader(_ first: Row, below: [Row]) -> Bool {
    // A word over numbers is a name, and then so are the years beside it.
    let overNumbers = first.cells.indices.contains { column in
      first.cells[column] == .text && below.contains { $0.cells[column] == .number }
        && guess(below, column: column) == .numeric
    }
    return overNumbers || (first.isFilled && Set(first.texts).count == first.texts.count)
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

  // MARK: Before the first row

  private func guessSeparator() -> UInt8 {
    var name = window.source.name.lowercased()
    if name.hasSuffix(".gz") { name.removeLast(3) }
    if name.hasSuffix(".tsv") || name.hasSuffix(".tab") { return UInt8(ascii: "\t") }
    return SeparatorGuess.separator(
      of: UnsafeBufferPointer(start: window.base + window.start, count: window.end - window.start),
      isWhole: window.isFinal, excluded: options.decimal, quote: options.quote)
  }

  /// Moves the window behind the lines that are to be skipped.
  /// - Returns: the first line that is not.
  private func skipLines() throws(DataError) -> Int {
    var line = 1
    while line <= options.skippedLines {
      var index = window.start
      while index < window.end, window.base[index] != 0x0A, window.base[index] != 0x0D { index += 1 }
      // A line feed that belongs to a CR may come with the next bytes.
      if index + 1 >= window.end, !window.isFinal {
        try window.refill(line: line)
        continue
      }
      guard index < window.end else { throw .empty(source: window.source.name) }
      let isPair = window.base[index] == 0x0D && index + 1 < window.end && window.base[index + 1] == 0x0A
      window.start = index + (isPair ? 2 : 1)
      line += 1
    }
    return line
  }

  // MARK: The first rows

  private func sample(separator: UInt8, firstLine: Int) throws(DataError) -> [Row] {
    let cells = CellScanner(separator: separator, quote: options.quote)
    var rows: [Row] = []
    var scratch: [UInt8] = []
    var line = firstLine
    var position = window.start
    let style = options.style
    while rows.count < Self.sampleRows {
      if position >= window.end {
        // Nothing but empty lines so far.
        guard rows.isEmpty, !window.isFinal else { break }
        try window.refill(line: line)
        position = window.start
        continue
      }
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
              content.isEmpty || missing.contains(content)
              ? .missing : style.number(in: content) != nil ? .number : .text
            // Texts are of use in what may be a header only, and have to be right in what most likely is.
            if rows.isEmpty { return (kind, String(validating: content, as: UTF8.self)) }
            return (kind, rows.count <= Self.titleRows ? String(decoding: content, as: UTF8.self) : "")
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
