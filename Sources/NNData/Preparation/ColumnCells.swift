import NNEngine

/// The rows that a preparation is learned from.
enum TrainingCells {
  /// Rows of a table at hand.
  case table([Int])
  case stored(StoredRows)

  var rowCount: Int {
    switch self {
    case .table(let rows): rows.count
    case .stored(let rows): rows.count
    }
  }

  func cells(of column: Column) -> ColumnCells { ColumnCells(column: column, rows: self) }
}

/// The cells of one column in the training rows, in the rows' order.
struct ColumnCells {
  let column: Column
  let rows: TrainingCells

  /// A numeric column's numbers.
  struct Numbers {
    /// Those that are there.
    var sample: Sample
    var missing: Int
    /// Whole numbers, each one more than that of the row before, where rows that are left out count.
    var countsRows: Bool
  }

  /// - Throws: ``DataError`` where the column is not numeric or has bad cells.
  func numbers(of table: Table) throws(DataError) -> Numbers {
    let all = try NNData.numbers(of: column, table: table)
    switch rows {
    case .table(let rows):
      var sample: [Float] = []
      sample.reserveCapacity(rows.count)
      for row in rows where !all[row].isNaN { sample.append(all[row]) }
      let missing = rows.count - sample.count
      var counter = RowCounter()
      let countsRows = missing == 0 && rows.allSatisfy { counter.goesOn(row: $0, value: all[$0]) }
      return Numbers(sample: .held(sample), missing: missing, countsRows: countsRows && rows.count >= 10)
    case .stored(let rows):
      var counter = RowCounter()
      var countsRows = true
      let sample = try filledNumbers(in: rows) { row, value in
        if countsRows { countsRows = counter.goesOn(row: row, value: value) }
      }
      return Numbers(
        sample: sample, missing: rows.count - sample.count, countsRows: countsRows && rows.count >= 10)
    }
  }

  /// A stored column's numbers that are there.
  /// - Parameter look: sees every row once.
  func filledNumbers(
    in rows: StoredRows, _ look: (_ row: Int, _ value: Float) -> Void = { _, _ in }
  ) throws(DataError) -> Sample {
    var count = 0
    try rows.visit(column.name) { rows, values in
      for (row, bits) in zip(rows, values) {
        let value = Float(bitPattern: bits)
        if !value.isNaN { count += 1 }
        look(row, value)
      }
    }
    let name = column.name
    return .visited(count: count) { (body) throws(DataError) in
      var filled: [Float] = []
      try rows.visit(name) { _, values in
        filled.removeAll(keepingCapacity: true)
        for bits in values {
          let value = Float(bitPattern: bits)
          if !value.isNaN { filled.append(value) }
        }
        filled.withUnsafeBufferPointer(body)
      }
    }
  }

  /// The column as categories, with how often each stands in the rows.
  struct Categories {
    var texts: [String]
    var counts: [Int]
    var missing: Int
    fileprivate let cells: ColumnCells
    fileprivate let codes: Codes

    /// A number for each row: its category's, or `absent` where the cell is missing or the category has none; without
    /// `absent` such rows are left out.
    func sample(_ numbers: [Float?], absent: Float?) throws(DataError) -> Sample {
      func value(_ code: Int) -> Float? {
        code >= 0 && code < numbers.count ? numbers[code] ?? absent : absent
      }
      switch (cells.rows, codes) {
      case (.table(let rows), .held(let codes)):
        return .held(rows.compactMap { value(Int(codes[$0])) })
      case (.stored(let rows), .stored(let codeOf)):
        let left = numbers.enumerated().reduce(absent == nil ? missing : 0) { left, entry in
          left
            + (entry.element == nil && absent == nil && entry.offset < counts.count
              ? counts[entry.offset] : 0)
        }
        let name = cells.column.name
        return .visited(count: rows.count - left) { (body) throws(DataError) in
          var part: [Float] = []
          try rows.visit(name) { _, values in
            part.removeAll(keepingCapacity: true)
            for bits in values {
              if let value = value(codeOf(bits)) { part.append(value) }
            }
            part.withUnsafeBufferPointer(body)
          }
        }
      default: return .held([])
      }
    }
  }

  /// What makes a category's number of a row's cell.
  fileprivate enum Codes {
    case held([Int32])
    case stored((UInt32) -> Int)
  }

  /// - Throws: ``DataError`` where the column has bad cells, or more different numbers than can be categories.
  func categories(of table: Table) throws(DataError) -> Categories {
    guard column.badCellCount == 0 else { throw badCells(of: column, table: table) }
    let categorical = column.asCategorical()
    guard case .categorical(let codes, let texts) = categorical.values else {
      throw .wrongKind(source: table.source, column: column.name, found: .numeric, expected: .categorical)
    }
    var counts = [Int](repeating: 0, count: texts.count)
    var missing = 0
    func count(_ code: Int) {
      if code >= 0, code < counts.count { counts[code] += 1 } else { missing += 1 }
    }
    switch rows {
    case .table(let rows):
      for row in rows { count(Int(codes[row])) }
      return Categories(texts: texts, counts: counts, missing: missing, cells: self, codes: .held(codes))
    case .stored(let rows):
      let codes = try CellCodes(column)
      let codeOf = { @Sendable bits in codes.place(of: bits) }
      try rows.visit(column.name) { _, values in for bits in values { count(codeOf(bits)) } }
      return Categories(texts: texts, counts: counts, missing: missing, cells: self, codes: .stored(codeOf))
    }
  }
}

/// Whether numbers count the table's rows, of which some may be left out.
private struct RowCounter {
  /// What the first row's number is beyond its place.
  private var start: Double?

  mutating func goesOn(row: Int, value: Float) -> Bool {
    guard !value.isNaN else { return false }
    guard let start else {
      // Beyond 2^24 a float cannot go up by one.
      self.start = Double(value) - Double(row)
      return value.rounded(.towardZero) == value
    }
    return Double(value) - Double(row) == start
  }
}
