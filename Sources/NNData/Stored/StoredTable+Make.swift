extension StoredTable {
  /// Rows of a block.
  static let blockRows = 4096
  static let magic = Array("nncols1\n".utf8)

  /// Where the columns of some files are kept: beside the first of them.
  public static func path(for files: [String]) -> String { (files.first ?? "") + ".nn-columns" }

  /// Opens the columns of some files that were kept, or reads the files once and keeps them.
  ///
  /// - Parameters:
  ///   - paths: files of the same columns; no standard input.
  ///   - name: stands for all of them in messages.
  ///   - shouldStop: asked between blocks; once it is true, ``DataError/stopped(source:)`` is thrown.
  /// - Throws: ``DataError`` where a file cannot be read, or the columns cannot be written.
  public static func open(
    paths: [String], name: String, options: ReadOptions = ReadOptions(), threads: Int? = nil,
    shouldStop: (@Sendable () -> Bool)? = nil
  ) throws(DataError) -> StoredTable {
    let path = path(for: paths)
    var sources: [StoredSource] = []
    for file in paths { sources.append(try StoredSource(file)) }
    let reader = TableReader(
      inputs: paths.map { InputFile(path: $0, shouldStop: shouldStop) },
      name: paths.count == 1 ? nil : name, options: options, threads: threads)
    if let kept = StoredHeader.read(path),
      try kept.header.isOf(sources, options, shouldStop: shouldStop),
      let table = try? StoredTable(kept.header, kept.file, reader, name: name)
    {
      return table
    }
    let header = try reader.store(at: path, sources: sources, shouldStop: shouldStop)
    guard let kept = StoredHeader.read(path), kept.header == header else {
      throw .unreadable(path: path, reason: "what was written there is not what is read")
    }
    return try StoredTable(kept.header, kept.file, reader, name: name)
  }
}

extension TableReader {
  /// Reads the files and writes their columns.
  fileprivate func store(
    at path: String, sources: [StoredSource], shouldStop: (@Sendable () -> Bool)?
  ) throws(DataError) -> StoredHeader {
    if options.decimal == options.thousands { throw .sameMarks(options.decimal) }
    let output = try AtomicFile(path: path)
    try output.write(StoredTable.magic)
    var offset = StoredTable.magic.count
    var layout: Layout?
    var plans: [ColumnPlan] = []
    let first = try pass(&layout, &plans) { (names, plans) throws(DataError) in
      StoredTableWriter(
        names: names, plans: plans, output: output, offset: offset, blockRows: StoredTable.blockRows)
    }
    try first.receiver.end()
    let rowCount = first.receiver.rowCount
    guard rowCount > 0 else { throw .noRows(source: name ?? first.source) }
    offset += first.receiver.byteCount
    var columns = [StoredColumn?](repeating: nil, count: plans.count)
    for (index, builder) in first.receiver.builders.enumerated() {
      let isFixed = options.kind(of: builder.name) != nil
      let plan: ColumnPlan
      (columns[index], plan) = try first.receiver.settle(index, isFixed: isFixed, style: options.style)
      plans[index] = plan
    }
    if columns.contains(where: { $0 == nil }) {
      let second = try pass(&layout, &plans) { (names, plans) throws(DataError) in
        StoredTableWriter(
          names: names, plans: plans, output: output, offset: offset, blockRows: StoredTable.blockRows)
      }
      try second.receiver.end()
      guard second.receiver.rowCount == rowCount else {
        throw .changedWhileReading(source: name ?? first.source)
      }
      offset += second.receiver.byteCount
      for index in columns.indices where columns[index] == nil {
        columns[index] = try second.receiver.settle(index, isFixed: true, style: options.style).column
      }
    }
    var hashed = sources
    for index in hashed.indices {
      hashed[index].hash = try ContentHash.ofFile(hashed[index].path, shouldStop: shouldStop)
      guard try StoredSource(hashed[index].path).stamp == sources[index].stamp else {
        throw .changedWhileReading(source: hashed[index].path)
      }
    }
    let header = StoredHeader(
      sources: hashed, options: StoredHeader.text(of: options), rowCount: rowCount,
      columns: columns.compactMap { $0 })
    try output.write(header.bytes(at: offset))
    try output.commit()
    return header
  }
}

extension StoredTableWriter {
  /// A column as this pass has read it, its cells in the file as they are to stay; or how it is to be read again.
  fileprivate func settle(
    _ index: Int, isFixed: Bool, style: NumberStyle
  ) throws(DataError) -> (column: StoredColumn?, again: ColumnPlan) {
    let builder = builders[index]
    func column(_ kind: ColumnKind, _ counts: Column, _ categories: [String] = []) -> StoredColumn {
      StoredColumn(
        name: builder.name, kind: kind, missingCount: counts.missingCount, badCells: counts.badCells,
        badCellCount: counts.badCellCount, categories: categories,
        facts: tallies[index].facts(rowCount: rowCount, kind: kind), place: place(of: index))
    }
    switch builder.plan {
    case .skip: return (nil, .skip)
    case .numeric:
      let onlyBits = tallies[index].onlyZerosAndOnes
      if builder.settlesTruths(onlyZerosAndOnes: { onlyBits }) {
        try rewrite(index, as: .numeric) {
          CellBits.settled(Float(bitPattern: $0), readsTruths: true).bitPattern
        }
      }
      if !isFixed, builder.isMostlyText(rows: rowCount) { return (nil, .categorical) }
      return (column(.numeric, builder.numeric([])), .skip)
    case .categorical:
      let counts = tallies[index].codes
      let entries: ColumnBuilder.Entries =
        isFixed ? .texts : builder.numbersOfEntries(style, counts: { counts }, rows: rowCount)
      switch entries {
      case .readAgain: return (nil, .numeric)
      case .numbers(let values, let empties):
        try rewrite(index, as: .numeric) { bits in
          let code = Int(Int32(bitPattern: bits))
          return (values.indices.contains(code) ? values[code] ?? .nan : .nan).bitPattern
        }
        let missing = Column(
          name: builder.name, values: .numeric([]), missingCount: builder.unfilled + empties)
        return (column(.numeric, missing), .skip)
      case .texts:
        let (newCodes, categories) = builder.sortedCategories()
        if newCodes.enumerated().contains(where: { $0 != Int($1) }) {
          try rewrite(index, as: .categorical) { bits in
            let code = Int(Int32(bitPattern: bits))
            return UInt32(bitPattern: newCodes.indices.contains(code) ? newCodes[code] : -1)
          }
        }
        let missing = Column(
          name: builder.name, values: .categorical(codes: [], categories: []), missingCount: builder.unfilled)
        return (column(.categorical, missing, categories), .skip)
      }
    }
  }
}
