import NNEngine

/// What came of a piece of a table.
public struct PieceAnswer<Value: Sendable>: Sendable {
  public var value: Value
  /// The rows that it is of, from the piece's first.
  public var rows: Int
  /// Why it is not of the rows behind those; nothing is read behind them.
  public var failure: DataError?

  public init(_ value: Value, rows: Int, failure: DataError? = nil) {
    self.value = value
    self.rows = rows
    self.failure = failure
  }
}

/// Reads a table a piece at a time, in memory that holds a few pieces, whatever the table's length. Pieces are worked on side by
/// side, and what came of them is handed on in the table's order.
///
/// A piece of a pipe ends where nothing more is there to be read at the moment, so that what waits for an answer to a row gets it before
/// it writes the next. Where a row cannot be read, what stands before it has been handed on.
///
/// - Parameters:
///   - path: a file, or `-` for standard input; it is read once.
///   - kinds: the columns that are wanted, and what they hold; others are not looked at. In a numeric one, words for yes and no are
///     1 and 0.
///   - threads: at most so many; what is handed on does not depend on it. The machine's cores if nil.
///   - shouldStop: asked between reads, from any thread; once it is true, ``DataError/stopped(source:)`` is thrown.
///   - answer: works on a piece; called from any thread.
///   - take: takes what `answer` gave; called by one thread at a time.
/// - Returns: the number of rows.
/// - Throws: ``DataError``, with the file and line where there is one.
public func readPieces<Value: Sendable>(
  path: String, options: ReadOptions, kinds: [String: ColumnKind], threads: Int? = nil,
  shouldStop: (@Sendable () -> Bool)? = nil, answer: @escaping @Sendable (Table) -> PieceAnswer<Value>,
  take: @escaping @Sendable (Value) throws(DataError) -> Void
) throws(DataError) -> Int {
  if options.decimal == options.thousands { throw .sameMarks(options.decimal) }
  let bytes = try ByteSource(path: path, shouldStop: shouldStop)
  let source = try unpacking(bytes)
  let missing = MissingCells(options.missing, style: options.style)
  let window = InputWindow(source, chunk: BlockReader.blockSize, isPrompt: true)
  try window.begin()
  let layout = try LayoutReader(window: window, options: options, missing: missing).read()
  let absent = kinds.keys.filter { !layout.names.contains($0) }.sorted(by: bytewiseLess)
  guard absent.isEmpty else {
    throw .missingColumns(source: source.name, names: absent, available: layout.names)
  }
  let plans = layout.names.map { name -> ColumnPlan in
    switch kinds[name] {
    case .numeric: .numeric
    case .categorical: .categorical
    case nil: .skip
    }
  }
  let cutter = PieceCutter(source: source.name, names: layout.names, plans: plans)
  let receiver = PieceReceiver(source: source.name, take: take)
  let scanner = BlockScanner(
    source: source.name, cells: CellScanner(separator: layout.separator, quote: options.quote),
    style: options.style, missing: missing, names: layout.names, plans: plans,
    takesTruths: plans.map { $0 == .numeric })
  window.start = layout.dataStart
  let blocks = BlockReader(
    source, quote: options.quote, size: BlockReader.blockSize, carry: window.rest, isAtEnd: window.isFinal,
    isPrompt: true)
  // What is behind the window is read once.
  bytes.keepNothingMore()
  try BlockScan(
    blocks, scanner, firstLine: layout.dataLine, threads: threads ?? coreCount, receiver: receiver
  ) { block in
    let piece = cutter.piece(of: block)
    block.piece = FinishedPiece(answer: answer(piece.table), isCutShort: piece.bad != nil, bad: piece.bad)
  }.run(blockSize: BlockReader.blockSize)
  guard receiver.rowCount > 0 else { throw .noRows(source: source.name) }
  return receiver.rowCount
}

private struct FinishedPiece<Value: Sendable>: Sendable {
  var answer: PieceAnswer<Value>
  var isCutShort: Bool
  /// The cell that cannot be read, with row and line of the piece.
  var bad: BadCell?
}

/// Makes tables of blocks.
private struct PieceCutter: Sendable {
  let source: String
  let names: [String]
  let plans: [ColumnPlan]

  /// The rows of a block, up to the first with a cell that is no number where one has to be.
  func piece(of block: Block) -> (table: Table, bad: BadCell?) {
    var rows = block.rowCount
    var bad: BadCell?
    for (column, plan) in plans.enumerated() where plan == .numeric && block.badCells[column].count > 0 {
      let values = block.values + column * block.stride
      // SAFETY: `stride` values stand for each column, and rows are fewer.
      guard let row = (0..<rows).first(where: { values[$0] == CellBits.bad }) else { continue }
      rows = row
      // Words for yes and no are among those that were noted, and may have taken all the places.
      bad =
        block.badCells[column].first.first { $0.row == row + 1 }
        ?? BadCell(row: row + 1, line: row + 1, column: names[column], text: "")
    }
    var columns: [Column] = []
    for (column, plan) in plans.enumerated() {
      let values = UnsafeBufferPointer(start: block.values + column * block.stride, count: rows)
      switch plan {
      case .numeric:
        columns.append(numbers(names[column], values, hasTruths: block.badCells[column].count > 0))
      case .categorical: columns.append(texts(names[column], values, block.dictionaries[column]))
      case .skip: break
      }
    }
    return (Table(source: source, trusted: columns, rowCount: rows), bad)
  }

  private func numbers(_ name: String, _ values: UnsafeBufferPointer<UInt32>, hasTruths: Bool) -> Column {
    var missing = 0
    // SAFETY: Float and UInt32 have one size and alignment, and every bit pattern is a value of both.
    var numbers = values.withMemoryRebound(to: Float.self) { Array($0) }
    if hasTruths {
      for row in numbers.indices { numbers[row] = CellBits.settled(numbers[row], readsTruths: true) }
    }
    for number in numbers where number.isNaN { missing += 1 }
    return Column(name: name, values: .numeric(numbers), missingCount: missing)
  }

  private func texts(
    _ name: String, _ values: UnsafeBufferPointer<UInt32>, _ dictionary: CategoryDictionary
  ) -> Column {
    var missing = 0
    let codes = values.map { value -> Int32 in
      let code = Int32(bitPattern: value)
      if code < 0 { missing += 1 }
      return max(code, -1)
    }
    let texts = (0..<dictionary.count).map { dictionary.text(of: $0) }
    return Column(name: name, values: .categorical(codes: codes, categories: texts), missingCount: missing)
  }
}

/// Hands on what came of the pieces.
///
/// `@unchecked Sendable`: ``BlockScan`` gives it one block at a time.
private final class PieceReceiver<Value: Sendable>: BlockScan.Receiver, @unchecked Sendable {
  private let source: String
  private let takeValue: @Sendable (Value) throws(DataError) -> Void
  private(set) var rowCount = 0

  init(source: String, take: @escaping @Sendable (Value) throws(DataError) -> Void) {
    self.source = source
    takeValue = take
  }

  func take(_ block: Block, line: Int) throws(DataError) {
    guard let piece = block.piece as? FinishedPiece<Value> else { return }
    block.piece = nil
    if piece.answer.rows > 0 { try takeValue(piece.answer.value) }
    if let failure = piece.answer.failure { throw failure }
    if var bad = piece.bad {
      bad.row += rowCount
      bad.line += line
      throw .badCells(source: source, column: bad.column, first: [bad], count: 1)
    }
    rowCount += piece.answer.rows
  }
}
