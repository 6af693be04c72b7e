import NNEngine

/// Reads CSV or TSV files into typed columns, in memory that holds the columns and a few blocks of text.
///
/// Cells are separated by commas, semicolons, tabs or bars, quoted as RFC 4180 says (line ends and doubled quotes
/// inside); LF, CRLF or CR ends a row; a byte order mark, lines with nothing but spaces, and blanks around
/// unquoted cells are skipped. A column is numeric if at least 95 % of its filled cells are numbers, and
/// the others are then its ``Column/badCells``; else it is categorical. Files packed with gzip are unpacked.
///
/// - Parameters:
///   - path: a file, or `-` for standard input.
///   - threads: at most so many; the table does not depend on it. The machine's cores if nil.
/// - Throws: ``DataError``, with the file and line where there is one.
public func readTable(
  path: String, options: ReadOptions = ReadOptions(), threads: Int? = nil
) throws(DataError) -> Table {
  try readTable(paths: [path], name: path, options: options, threads: threads)
}

/// Reads files of the same columns, one below the other; their order may differ where they have headers.
///
/// - Parameters:
///   - name: stands for all of them in messages.
///   - shouldStop: asked between blocks, from any thread; once it is true, ``DataError/stopped(source:)`` is thrown.
public func readTable(
  paths: [String], name: String, options: ReadOptions = ReadOptions(), threads: Int? = nil,
  shouldStop: (@Sendable () -> Bool)? = nil
) throws(DataError) -> Table {
  try TableReader(
    inputs: paths.map { InputFile(path: $0, shouldStop: shouldStop) }, name: paths.count == 1 ? nil : name,
    options: options,
    threads: threads
  ).read()
}

/// The same for a text in memory; `name` stands for the file in messages.
public func readTable(
  bytes: [UInt8], name: String, options: ReadOptions = ReadOptions(), threads: Int? = nil
) throws(DataError) -> Table {
  let source = try unpacking(ByteSource(bytes: bytes, name: name))
  return try TableReader(inputs: [InputFile(source)], options: options, threads: threads).read()
}

/// A file that may be read more than once, and is open only while it is read.
final class InputFile {
  private let path: String
  private let shouldStop: (@Sendable () -> Bool)?
  /// Kept open where it could not be opened again.
  private var kept: (any ByteReading)?

  init(path: String, shouldStop: (@Sendable () -> Bool)? = nil) {
    self.path = path
    self.shouldStop = shouldStop
  }

  init(_ source: any ByteReading) {
    path = source.name
    shouldStop = nil
    kept = source
  }

  /// The source at its first byte.
  func open() throws(DataError) -> any ByteReading {
    if let kept {
      try kept.rewind()
      return kept
    }
    let source = try ByteSource(path: path, shouldStop: shouldStop)
    let opened = try unpacking(source)
    if !source.canBeOpenedAgain { kept = opened }
    return opened
  }
}

struct TableReader {
  let inputs: [InputFile]
  /// The name of several files together.
  var name: String?
  let options: ReadOptions
  var threads: Int?
  /// How much text a block holds.
  var blockSize = BlockReader.blockSize

  private var style: NumberStyle { options.style }

  func read() throws(DataError) -> Table {
    if options.decimal == options.thousands { throw .sameMarks(options.decimal) }
    var layout: Layout?
    var plans: [ColumnPlan] = []
    let first = try pass(&layout, &plans) { TableAssembler(names: $0, plans: $1) }
    guard let layout else { throw .empty(source: name ?? "") }
    let source = self.name ?? first.source
    guard first.receiver.rowCount > 0 else { throw .noRows(source: source) }

    var columns = [Column?](repeating: nil, count: plans.count)
    var isAgainNeeded = false
    for (index, builder) in first.receiver.builders.enumerated() {
      switch builder.finish(isFixed: options.kind(of: builder.name) != nil, style: style) {
      case .settled(let column):
        columns[index] = column
        plans[index] = .skip
      case .readAgain(let plan):
        plans[index] = plan
        isAgainNeeded = true
      }
    }
    if isAgainNeeded {
      var layout: Layout? = layout
      let second = try pass(&layout, &plans) { TableAssembler(names: $0, plans: $1) }
      guard second.receiver.rowCount == first.receiver.rowCount else {
        throw .changedWhileReading(source: source)
      }
      for (index, builder) in second.receiver.builders.enumerated() where columns[index] == nil {
        guard case .settled(let column) = builder.finish(isFixed: true, style: style) else { continue }
        columns[index] = column
      }
    }
    return table(columns, layout, source: source, rowCount: first.receiver.rowCount)
  }

  /// The table without columns that a separator at each row's end has made.
  func table(_ columns: [Column?], _ layout: Layout, source: String, rowCount: Int) -> Table {
    var notices = layout.notices
    var dropped: Set<Int> = []
    var named: [String] = []
    for place in layout.nameless {
      if columns[place]?.missingCount == rowCount, dropped.count + 1 < columns.count,
        options.kind(of: layout.names[place]) == nil
      {
        dropped.insert(place)
        notices.append(.emptyColumn(source: source, place: place + 1))
      } else {
        named.append(layout.names[place])
      }
    }
    if !named.isEmpty { notices.append(.nameless(source: source, names: named)) }
    let kept = columns.enumerated().compactMap { dropped.contains($0) ? nil : $1 }
    for column in kept where options.kind(of: column.name) == nil {
      guard case .categorical(_, let categories) = column.values,
        let spelling = OtherSpelling(of: categories),
        let text = categories.first(where: { parseFloat($0) == nil })
      else { continue }
      notices.append(.otherSpelling(source: source, column: column.name, text: text, spelling: spelling))
    }
    return Table(source: source, trusted: kept, rowCount: rowCount, notices: notices)
  }

  /// Scans all files from their start.
  ///
  /// - Parameters:
  ///   - layout: the first file's, once it is known.
  ///   - plans: the same; guessed where there are none.
  ///   - make: makes what takes the rows, from the columns' names and plans.
  func pass<Receiver: TableReceiver>(
    _ layout: inout Layout?, _ plans: inout [ColumnPlan],
    make: ([String], [ColumnPlan]) throws(DataError) -> Receiver
  ) throws(DataError) -> (receiver: Receiver, source: String) {
    let missing = MissingCells(options.missing, style: style)
    var receiver: Receiver?
    var firstSource = ""
    for input in inputs {
      let source = try input.open()
      let window = InputWindow(source, chunk: max(blockSize, 16))
      try window.begin()
      var reader = LayoutReader(window: window, options: options, missing: missing)
      if receiver != nil { reader.given = layout }
      let found = try reader.read()
      if receiver == nil {
        firstSource = source.name
        if layout == nil {
          layout = found
          plans = try firstPlans(found, source: source.name)
        }
        receiver = try make(found.names, plans)
      }
      guard let receiver, let first = layout else { continue }
      let places = try places(of: found, in: first, source: source.name, firstSource: firstSource)
      receiver.beginFile(
        places: places, name: source.name, isOneOfSeveral: inputs.count > 1, size: source.size)
      let scanner = BlockScanner(
        source: source.name, cells: CellScanner(separator: first.separator, quote: options.quote),
        style: style, missing: missing,
        names: found.names, plans: places.map { plans[$0] },
        takesTruths: found.names.map { options.kind(of: $0) == .numeric })
      window.start = found.dataStart
      let blocks = BlockReader(
        source, quote: options.quote, size: blockSize, carry: window.rest, isAtEnd: window.isFinal)
      // Waking threads takes longer than a small file.
      let isSmall = (source.size ?? .max) < 2 * blockSize && blockSize == BlockReader.blockSize
      try BlockScan(
        blocks, scanner, firstLine: found.dataLine, threads: isSmall ? 1 : threads ?? coreCount,
        receiver: receiver
      ).run(blockSize: min(blockSize, max(source.size ?? blockSize, 16)))
    }
    guard let receiver else { throw .empty(source: name ?? "") }
    return (receiver, firstSource)
  }

  private func firstPlans(_ layout: Layout, source: String) throws(DataError) -> [ColumnPlan] {
    for name in options.types.keys.sorted(by: bytewiseLess) where !layout.names.contains(name) {
      throw .unknownColumn(source: self.name ?? source, column: name, available: layout.names)
    }
    var plans = layout.guesses
    for (index, name) in layout.names.enumerated() {
      switch options.kind(of: name) {
      case .numeric: plans[index] = .numeric
      case .categorical: plans[index] = .categorical
      case nil: break
      }
    }
    return plans
  }

  /// The table's column for each of a file's: by name if there are names, else by place.
  private func places(
    of layout: Layout, in first: Layout, source: String, firstSource: String
  ) throws(DataError) -> [Int] {
    if layout.names == first.names { return Array(layout.names.indices) }
    var placeOf: [String: Int] = [:]
    for (place, name) in first.names.enumerated() { placeOf[name] = place }
    let extra = layout.names.filter { placeOf[$0] == nil }
    let missing = first.names.filter { !layout.names.contains($0) }
    guard extra.isEmpty, missing.isEmpty else {
      throw .otherColumns(source: source, first: firstSource, missing: missing, extra: extra)
    }
    return layout.names.compactMap { placeOf[$0] }
  }
}
