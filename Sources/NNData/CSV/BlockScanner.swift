#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Scans blocks, cells straight to the values of typed columns. It keeps nothing between blocks, so that several threads
/// may scan at once, and what a block gives does not depend on them.
///
/// A row that the block ends in is left to the next one; so nothing of a row counts before its end is seen.
///
/// A class, for a copy for each cell would count references to all that it holds, on one cache line for all threads.
final class BlockScanner: Sendable {
  let source: String
  let cells: CellScanner
  let style: NumberStyle
  let missing: MissingCells
  let names: [String]
  let plans: [ColumnPlan]
  /// Columns that were said to be numeric, in which words for yes and no may stand for 1 and 0.
  let takesTruths: [Bool]

  init(
    source: String, cells: CellScanner, style: NumberStyle, missing: MissingCells, names: [String],
    plans: [ColumnPlan], takesTruths: [Bool]
  ) {
    self.source = source
    self.cells = cells
    self.style = style
    self.missing = missing
    self.names = names
    self.plans = plans
    self.takesTruths = takesTruths
  }

  /// Where a scan stands in its block.
  private struct Progress {
    var row = 0
    var line = 0
    var failure: ((_ line: Int) -> DataError)?
    /// Bad cells of the row at hand, which count when its end is seen.
    var pending: [(column: Int, line: Int, content: CellToken)] = []
    var scratch: [UInt8] = []
  }

  /// Scans the whole rows of a block.
  func scan(_ block: Block) {
    block.beginScan(width: plans.count)
    if let zero = memchr(block.base, 0, block.count) {
      let end = zero - UnsafeMutableRawPointer(block.base)
      let lines = UnsafeBufferPointer(start: block.base, count: end).reduce(0) { $0 + ($1 == 0x0A ? 1 : 0) }
      block.failure = { [source] in .binary(source: source, line: $0 + lines) }
      return
    }
    var progress = Progress()
    block.consumed = scanRows(of: block, &progress)
    block.rowCount = progress.row
    block.lineEnds = progress.line
    block.failure = progress.failure
    for (column, plan) in plans.enumerated() where plan != .skip {
      // SAFETY: `stride` values stand for each column, and rows are fewer.
      let values = block.values + column * block.stride
      var unfilled = 0
      if plan == .numeric {
        for row in 0..<progress.row { unfilled &+= Float(bitPattern: values[row]).isNaN ? 1 : 0 }
      } else {
        for row in 0..<progress.row { unfilled &+= Int32(bitPattern: values[row]) < 0 ? 1 : 0 }
      }
      block.unfilled[column] = unfilled
    }
  }

  /// Gives the place behind the last whole row, or before the one in which something is wrong.
  private func scanRows(of block: Block, _ progress: inout Progress) -> Int {
    let base = UnsafePointer(block.base)
    let end = block.count
    let isFinal = block.isFinal
    let width = plans.count
    let stride = block.stride
    let values = block.values
    let separator = cells.separator
    // Where it separates cells, too, only quoted ones hold decimals; no text holds a zero.
    let point = style.decimal == separator ? 0 : style.decimal
    let isPlain = !missing.holdsNumbers
    let tables = NumberParsing.tables
    var position = 0
    // SAFETY: the block has `width * stride` values, written at `column * stride + row` with column < width and row <
    // stride, since each row took `width` bytes at least; plans has `width` entries; text is read at most at `end`.
    plans.withUnsafeBufferPointer { plans in
      guard let plans = plans.baseAddress else { return }
      rows: while position < end {
        if base[position] <= 0x20,
          let after = skipBlankLine(base, at: position, to: end, isFinal: isFinal, &progress)
        {
          if after == position { return }
          position = after
          continue rows
        }
        var cursor = position
        var column = 0
        var slot = progress.row
        var lineEnds = 0
        cells: while true {
          if isPlain, plans[column] == .numeric,
            let number = NumberParsing.plain(
              base, from: cursor, separator: separator, point: point, tables: tables)
          {
            let index = number.end
            let byte = base[index]
            if byte == separator {
              values[slot] = number.value.bitPattern
              slot &+= stride
              column &+= 1
              cursor = index &+ 1
              if column < width { continue cells }
              countCells(base, from: cursor, to: end, isFinal: isFinal, found: width, &progress)
              return
            }
            if byte == UInt8(ascii: "\n") {
              // At `end` it is the sentinel.
              guard index < end || isFinal else { return }
              values[slot] = number.value.bitPattern
              column &+= 1
              cursor = min(index &+ 1, end)
              break cells
            }
            if byte == UInt8(ascii: "\r"), index &+ 1 < end, base[index &+ 1] == UInt8(ascii: "\n") {
              values[slot] = number.value.bitPattern
              column &+= 1
              cursor = index &+ 2
              break cells
            }
          }
          let token = self.cells.cell(in: base, from: cursor, to: end, isFinal: isFinal)
          let line = progress.line + lineEnds
          if let failure = problem(of: token, from: cursor, to: end, column: column, line: line) {
            progress.failure = failure
            return
          }
          if token.ending == .needMore { return }
          guard let bits = value(of: token, in: block, column: column, line: line, &progress) else { return }
          values[slot] = bits
          lineEnds += token.lineEnds
          slot &+= stride
          column &+= 1
          cursor = token.next
          if token.ending == .record { break cells }
          if column == width {
            countCells(base, from: cursor, to: end, isFinal: isFinal, found: width, &progress)
            return
          }
        }
        guard column == width else {
          progress.failure = ragged(found: column, line: progress.line)
          return
        }
        position = cursor
        progress.row += 1
        if !progress.pending.isEmpty { commitPending(to: block, &progress) }
        progress.line += 1 + lineEnds
      }
    }
    return position
  }

  // MARK: Rows that are none

  /// What is wrong with a cell, if anything is.
  private func problem(
    of token: CellToken, from start: Int, to end: Int, column: Int, line: Int
  ) -> ((Int) -> DataError)? {
    let isOpen = token.ending == .needMore || token.ending == .unclosedQuote
    let length = isOpen ? end - start : token.end - token.start
    let source = source
    switch token.ending {
    case .unclosedQuote where length <= CellScanner.fieldLimit:
      return { .unclosedQuote(source: source, line: $0 + line) }
    case .textAfterQuote:
      let name = names[column]
      return { .textAfterQuote(source: source, line: $0 + line, column: name) }
    case .unclosedQuote, .separator, .record, .needMore:
      guard length > CellScanner.fieldLimit else { return nil }
      return {
        .fieldTooLong(
          source: source, line: $0 + line, limit: CellScanner.fieldLimit,
          quotedFrom: token.isQuoted ? $0 + line : nil)
      }
    }
  }

  /// The position behind a line without anything but spaces, `nil` if this is none, or `position` where the block ends in
  /// it.
  private func skipBlankLine(
    _ base: UnsafePointer<UInt8>, at position: Int, to end: Int, isFinal: Bool, _ progress: inout Progress
  ) -> Int? {
    var index = position
    while cells.isBlank(base[index]) { index += 1 }
    guard base[index] == UInt8(ascii: "\n") || base[index] == UInt8(ascii: "\r") else { return nil }
    var token = CellToken(start: position, end: index, next: index, ending: .needMore)
    cells.close(&token, in: base, at: index, to: end, isFinal: isFinal)
    guard token.ending == .record else { return position }
    progress.line += 1
    return token.next
  }

  /// Counts the cells of a row that has more than it should, unless the block ends in it.
  private func countCells(
    _ base: UnsafePointer<UInt8>, from start: Int, to end: Int, isFinal: Bool, found: Int,
    _ progress: inout Progress
  ) {
    var cursor = start
    var count = found
    while true {
      let token = cells.cell(in: base, from: cursor, to: end, isFinal: isFinal)
      count += 1
      switch token.ending {
      case .separator: cursor = token.next
      case .needMore: return
      default:
        progress.failure = ragged(found: count, line: progress.line)
        return
      }
    }
  }

  private func ragged(found: Int, line: Int) -> (Int) -> DataError {
    let source = source
    let expected = plans.count
    return { .raggedRow(source: source, line: $0 + line, found: found, expected: expected) }
  }

  // MARK: Cells

  /// The bits that stand for a cell, by the slow and general way; `nil` where something is wrong.
  private func value(
    of token: CellToken, in block: Block, column: Int, line: Int, _ progress: inout Progress
  ) -> UInt32? {
    let plan = plans[column]
    if plan == .skip { return 0 }
    var isNew = false
    // Taken out of `progress`, which stays free.
    var scratch: [UInt8] = []
    swap(&scratch, &progress.scratch)
    defer { swap(&scratch, &progress.scratch) }
    return withContent(of: token, in: UnsafePointer(block.base), scratch: &scratch) { content -> UInt32? in
      if missing.contains(content) {
        return plan == .numeric ? CellBits.missing : UInt32(bitPattern: -1)
      }
      if plan == .numeric {
        if content.isEmpty { return CellBits.missing }
        if let value = style.number(in: content) { return value.bitPattern }
        progress.pending.append((column, line, token))
        if takesTruths[column], let truth = Truth(content) { return CellBits.truth(truth.isTrue) }
        return CellBits.bad
      }
      guard let code = block.dictionaries[column].code(for: content, isNew: &isNew) else {
        let source = source
        progress.failure = { _ in
          .unreadable(path: source, reason: "more than two thousand million categories")
        }
        return nil
      }
      if isNew, String(validating: content, as: UTF8.self) == nil {
        progress.failure = invalid(column, line)
        return nil
      }
      return UInt32(bitPattern: code)
    }
  }

  private func invalid(_ column: Int, _ line: Int) -> (Int) -> DataError {
    let source = source
    let name = names[column]
    return { .invalidUTF8(source: source, line: $0 + line, column: name) }
  }

  private func commitPending(to block: Block, _ progress: inout Progress) {
    var scratch: [UInt8] = []
    for (column, line, token) in progress.pending {
      block.badCells[column].count += 1
      withContent(of: token, in: UnsafePointer(block.base), scratch: &scratch) { content in
        if takesTruths[column], Truth(content) != nil { block.badCells[column].truths += 1 }
        let isKept = block.badCells[column].first.count < Column.keptBadCells
        // What is no text is an error wherever it stands: how many cells were kept before it depends on where the block begins.
        guard isKept || content.contains(where: { $0 >= 0x80 }) else { return }
        guard let text = String(validating: content, as: UTF8.self) else {
          progress.failure = progress.failure ?? invalid(column, line)
          return
        }
        guard isKept else { return }
        block.badCells[column].first.append(
          BadCell(row: progress.row, line: line, column: names[column], text: text))
      }
    }
    progress.pending.removeAll(keepingCapacity: true)
  }
}
