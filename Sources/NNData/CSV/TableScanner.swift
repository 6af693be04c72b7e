/// One pass over the rows of a file, cells straight to typed columns.
///
/// A row that the window ends in is scanned again from its start when more of the file is there; so nothing of
/// a row may count before its end is seen. Values are written by row and simply overwritten, bad cells are kept
/// apart until then, and a dictionary may well hold a category twice offered.
struct TableScanner {
  let source: String
  let cells: CellScanner
  let builders: [ColumnBuilder]
  let missing: MissingCells
  /// The line at the next row's start.
  private(set) var line: Int
  /// Rows scanned.
  private(set) var rowCount = 0

  private let plans: [ColumnPlan]
  /// Values of the last rows, column by column: `stage[column * stageRows + row]`.
  private let stageRows: Int
  private var stage: [UInt32]
  private var staged = 0
  private var pending: [(column: Int, cell: BadCell)] = []
  private var scratch: [UInt8] = []

  init(source: String, separator: UInt8, builders: [ColumnBuilder], missing: MissingCells, firstLine: Int) {
    self.source = source
    cells = CellScanner(separator: separator)
    self.builders = builders
    self.missing = missing
    line = firstLine
    plans = builders.map(\.plan)
    // Small enough for the second-level cache.
    stageRows = min(4096, max(16, (1 << 16) / max(builders.count, 1)))
    stage = [UInt32](repeating: 0, count: stageRows * builders.count)
  }

  /// Scans the whole rows of the window, and moves its start behind them.
  mutating func scan(_ window: InputWindow) throws(DataError) {
    var position = window.start
    defer { window.start = position }
    while true {
      let before = position
      position = try scanBlock(
        window.base, from: position, to: window.end, isFinal: window.isFinal)
      guard staged == stageRows else { break }
      flush()
      if position == before { break }
    }
  }

  /// Hands the rows that are still staged to the columns.
  mutating func flush() {
    // SAFETY: each column's part of the stage holds `stageRows` values, of which `staged` are written.
    stage.withUnsafeBufferPointer { stage in
      for (index, builder) in builders.enumerated() {
        builder.append(UnsafeBufferPointer(rebasing: stage[index * stageRows..<index * stageRows + staged]))
      }
    }
    staged = 0
  }

  /// Scans rows until the stage is full or no whole row is left; gives the position behind the last one.
  private mutating func scanBlock(
    _ base: UnsafePointer<UInt8>, from start: Int, to end: Int, isFinal: Bool
  ) throws(DataError) -> Int {
    var failure: DataError?
    var position = start
    let width = plans.count
    let stageRows = self.stageRows
    let separator = cells.separator
    let isPlain = !missing.holdsNumbers
    // Taken out of `self`, so that the loop below may write to both.
    var stage: [UInt32] = []
    swap(&stage, &self.stage)
    let tables = NumberParsing.tables
    // SAFETY: the stage has `width * stageRows` values and is written at `column * stageRows + row` with column <
    // width and row < stageRows; plans has `width` entries; text is read at most at `end`, the sentinel.
    stage.withUnsafeMutableBufferPointer { stageBuffer in
      plans.withUnsafeBufferPointer { plans in
        guard let stage = stageBuffer.baseAddress, let plans = plans.baseAddress else { return }
        rows: while staged < stageRows, position < end {
          if base[position] <= 0x20,
            let after = skipBlankLine(base, at: position, to: end, isFinal: isFinal)
          {
            if after == position { return }
            position = after
            continue rows
          }
          var cursor = position
          var column = 0
          var slot = staged
          var lineEnds = 0
          cells: while true {
            if isPlain, plans[column] == .numeric,
              let number = NumberParsing.plain(base, from: cursor, separator: separator, tables: tables)
            {
              let index = number.end
              let byte = base[index]
              if byte == separator {
                stage[slot] = number.value.bitPattern
                slot &+= stageRows
                column &+= 1
                cursor = index &+ 1
                if column < width { continue cells }
                failure = ragged(base, from: cursor, to: end, isFinal: isFinal, found: width, at: line)
                return
              }
              if byte == UInt8(ascii: "\n") {
                // At `end` it is the sentinel.
                guard index < end || isFinal else { return }
                stage[slot] = number.value.bitPattern
                column &+= 1
                cursor = min(index &+ 1, end)
                break cells
              }
              if byte == UInt8(ascii: "\r"), index &+ 1 < end, base[index &+ 1] == UInt8(ascii: "\n") {
                stage[slot] = number.value.bitPattern
                column &+= 1
                cursor = index &+ 2
                break cells
              }
            }
            let token = self.cells.cell(in: base, from: cursor, to: end, isFinal: isFinal)
            if let error = problem(of: token, from: cursor, to: end, column: column, line: line + lineEnds) {
              failure = error
              return
            }
            if token.ending == .needMore { return }
            switch value(of: token, in: base, column: column, line: line + lineEnds) {
            case .success(let bits): stage[slot] = bits
            case .failure(let error):
              failure = error
              return
            }
            lineEnds += token.lineEnds
            slot &+= stageRows
            column &+= 1
            cursor = token.next
            if token.ending == .record { break cells }
            if column == width {
              failure = ragged(base, from: cursor, to: end, isFinal: isFinal, found: width, at: line)
              return
            }
          }
          guard column == width else {
            failure = .raggedRow(source: source, line: line, found: column, expected: width)
            return
          }
          position = cursor
          staged += 1
          rowCount += 1
          line += 1 + lineEnds
          if !pending.isEmpty { commitPending() }
        }
      }
    }
    swap(&stage, &self.stage)
    pending.removeAll(keepingCapacity: true)
    if let failure { throw failure }
    return position
  }

  /// What is wrong with a cell, if anything is.
  private func problem(
    of token: CellToken, from start: Int, to end: Int, column: Int, line: Int
  ) -> DataError? {
    let length = token.ending == .needMore ? end - start : token.end - token.start
    switch token.ending {
    case .unclosedQuote:
      return .unclosedQuote(source: source, line: line)
    case .textAfterQuote:
      return .textAfterQuote(source: source, line: line, column: builders[column].name)
    case .separator, .record, .needMore:
      guard length > CellScanner.fieldLimit else { return nil }
      return .fieldTooLong(
        source: source, line: line, limit: CellScanner.fieldLimit, quotedFrom: token.isQuoted ? line : nil)
    }
  }

  /// The position behind a line without anything but spaces, `nil` if this is none, or `position` where the
  /// window ends in it.
  private mutating func skipBlankLine(
    _ base: UnsafePointer<UInt8>, at position: Int, to end: Int, isFinal: Bool
  ) -> Int? {
    var index = position
    while cells.isBlank(base[index]) { index += 1 }
    guard base[index] == UInt8(ascii: "\n") || base[index] == UInt8(ascii: "\r") else { return nil }
    var token = CellToken(start: position, end: index, next: index, ending: .needMore)
    cells.close(&token, in: base, at: index, to: end, isFinal: isFinal)
    guard token.ending == .record else { return position }
    line += 1
    return token.next
  }

  /// Counts the cells of a row that has more than it should; `nil` where the window ends in it.
  private func ragged(
    _ base: UnsafePointer<UInt8>, from start: Int, to end: Int, isFinal: Bool, found: Int, at line: Int
  ) -> DataError? {
    var cursor = start
    var count = found
    while true {
      let token = cells.cell(in: base, from: cursor, to: end, isFinal: isFinal)
      count += 1
      switch token.ending {
      case .separator: cursor = token.next
      case .needMore: return nil
      default: return .raggedRow(source: source, line: line, found: count, expected: plans.count)
      }
    }
  }

  /// The bits that stand for a cell, by the slow and general way.
  private mutating func value(
    of token: CellToken, in base: UnsafePointer<UInt8>, column: Int, line: Int
  ) -> Result<UInt32, DataError> {
    let plan = plans[column]
    if plan == .skip { return .success(0) }
    let builder = builders[column]
    var bad: BadCell?
    let row = rowCount + 1
    // Taken out of `self`, which the closure reads.
    var scratch: [UInt8] = []
    swap(&scratch, &self.scratch)
    defer { swap(&scratch, &self.scratch) }
    let result = withContent(of: token, in: base, scratch: &scratch) { content -> Result<UInt32, DataError> in
      if missing.contains(content) {
        return .success(plan == .numeric ? Float.nan.bitPattern : UInt32(bitPattern: -1))
      }
      if plan == .numeric {
        if let value = parseCell(content) { return .success(value.bitPattern) }
        guard let text = String(validating: content, as: UTF8.self) else {
          return .failure(.invalidUTF8(source: source, line: line, column: builder.name))
        }
        bad = BadCell(row: row, line: line, column: builder.name, text: text)
        return .success(Float.nan.bitPattern)
      }
      guard let (code, isNew) = builder.dictionary.code(for: content) else {
        return .failure(.unreadable(path: source, reason: "more than two thousand million categories"))
      }
      if isNew, String(validating: content, as: UTF8.self) == nil {
        return .failure(.invalidUTF8(source: source, line: line, column: builder.name))
      }
      return .success(UInt32(bitPattern: code))
    }
    if let bad { pending.append((column, bad)) }
    return result
  }

  private mutating func commitPending() {
    for bad in pending { builders[bad.column].note(bad.cell) }
    pending.removeAll(keepingCapacity: true)
  }
}
