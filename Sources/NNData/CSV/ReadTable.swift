/// Reads a CSV or TSV file into typed columns, in memory that holds the columns and a megabyte of text.
///
/// Cells are separated by commas, semicolons or tabs, quoted as RFC 4180 says (line ends and doubled quotes
/// inside); LF, CRLF or CR ends a row; a byte order mark, lines with nothing but spaces, and blanks around
/// unquoted cells are skipped. A column is numeric if at least 95 % of its filled cells are numbers, and
/// the others are then its ``Column/badCells``; else it is categorical.
///
/// - Parameter path: a file, or `-` for standard input.
/// - Throws: ``DataError``, with the file and line where there is one.
public func readTable(path: String, options: ReadOptions = ReadOptions()) throws(DataError) -> Table {
  try TableReader(source: try ByteSource(path: path), options: options).read()
}

/// The same for a text in memory; `name` stands for the file in messages.
public func readTable(
  bytes: [UInt8], name: String, options: ReadOptions = ReadOptions()
) throws(DataError) -> Table {
  try TableReader(source: ByteSource(bytes: bytes, name: name), options: options).read()
}

struct TableReader {
  let source: ByteSource
  let options: ReadOptions
  let missing: MissingCells
  let window: InputWindow

  init(source: ByteSource, options: ReadOptions, chunk: Int = InputWindow.chunk) {
    self.source = source
    self.options = options
    missing = MissingCells(options.missing)
    window = InputWindow(source, chunk: chunk)
  }

  func read() throws(DataError) -> Table {
    try window.begin()
    let layout = try LayoutReader(window: window, options: options, missing: missing).read()
    for name in options.types.keys.sorted(by: bytewiseLess) where !layout.names.contains(name) {
      throw .unknownColumn(source: source.name, column: name, available: layout.names)
    }
    var plans = layout.guesses
    for (index, name) in layout.names.enumerated() {
      switch options.kind(of: name) {
      case .numeric: plans[index] = .numeric
      case .categorical: plans[index] = .categorical
      case nil: break
      }
    }
    let dataOffset = window.offset + layout.dataStart
    window.start = layout.dataStart
    let first = try pass(plans: plans, layout: layout)
    guard first.rowCount > 0 else { throw .noRows(source: source.name) }

    var columns = [Column?](repeating: nil, count: plans.count)
    var isAgainNeeded = false
    for (index, builder) in first.builders.enumerated() {
      switch builder.finish(isFixed: options.kind(of: builder.name) != nil) {
      case .settled(let column):
        columns[index] = column
        plans[index] = .skip
      case .readAgain(let plan):
        plans[index] = plan
        isAgainNeeded = true
      }
    }
    if isAgainNeeded {
      try window.restart(at: dataOffset)
      let second = try pass(plans: plans, layout: layout)
      guard second.rowCount == first.rowCount else { throw .changedWhileReading(source: source.name) }
      for (index, builder) in second.builders.enumerated() where columns[index] == nil {
        guard case .settled(let column) = builder.finish(isFixed: true) else { continue }
        columns[index] = column
      }
    }
    return Table(source: source.name, trusted: columns.compactMap { $0 }, rowCount: first.rowCount)
  }

  /// Scans from the window's start to the file's end.
  private func pass(
    plans: [ColumnPlan], layout: Layout
  ) throws(DataError) -> (builders: [ColumnBuilder], rowCount: Int) {
    let builders = zip(layout.names, plans).map { ColumnBuilder(name: $0, plan: $1) }
    var scanner = TableScanner(
      source: source.name, separator: layout.separator, builders: builders, missing: missing,
      firstLine: layout.dataLine)
    let firstStart = window.start
    try scanner.scan(window)
    if let size = source.size, !window.isFinal || scanner.rowCount > 0 {
      // Rows to come, by the length of those in the first window.
      let scanned = max(window.start - firstStart, 1)
      let expected = Double(size) / Double(scanned) * Double(scanner.rowCount) * 1.02 + 64
      let room = Double(physicalMemory()) / Double(4 * builders.count)
      let rows = Int(min(expected, Double(size), room))
      for builder in builders { builder.reserve(rows) }
    }
    while !window.isFinal {
      try window.refill(line: scanner.line)
      try scanner.scan(window)
    }
    scanner.flush()
    return (builders, scanner.rowCount)
  }
}
