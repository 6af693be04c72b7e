/// Some of a stored table's rows, in the table's order.
public struct StoredRows: Sendable {
  public let table: StoredTable
  private let split: StoredSplit?
  private let part: StoredSplit.Part
  /// Columns that must be filled in a row.
  private var filled: [String] = []
  /// The chosen rows before each block, and of all.
  private var starts: [Int]
  /// Which of the chosen rows these are.
  private var slice: Range<Int>

  /// All rows of a table, or a part of them.
  public init(_ table: StoredTable, part: StoredSplit.Part = .training, of split: StoredSplit? = nil) {
    self.table = table
    self.split = split
    self.part = part
    starts = [0]
    for block in 0..<table.blockCount {
      starts.append(
        starts[block] + (split.map { $0.counts[block][Int(part.rawValue)] } ?? table.rows(of: block).count))
    }
    slice = 0..<(starts.last ?? 0)
  }

  public var count: Int { slice.count }

  /// Tells these rows from others.
  public var fingerprint: String {
    let parts = split.map { "\($0.description) \(part)" } ?? ""
    return "\(table.fingerprint) \(parts) \(slice) \(filled)"
  }

  /// Those of them, counted from 0, that are in a range.
  public func dropping(allBut range: Range<Int>) -> StoredRows {
    var rows = self
    rows.slice = slice.lowerBound + range.lowerBound..<slice.lowerBound + range.upperBound
    return rows
  }

  /// The rows in which some columns have a value. Throws where the table cannot be read.
  public func filled(in names: [String]) throws(DataError) -> StoredRows {
    let hollow = names.filter { (table.excerpt[$0]?.missingCount ?? 0) > 0 }
    guard !hollow.isEmpty else { return self }
    // Places count before the slice is cut; what is left of it begins where its first row is.
    var rows = self
    rows.filled = filled + hollow
    var before = 0
    var within = 0
    var starts = [0]
    for block in 0..<table.blockCount {
      let chosen = try places(inBlock: block)
      let kept = try rows.keeping(chosen, block: block)
      starts.append(starts[block] + kept.count)
      for (index, row) in chosen.enumerated() where kept.contains(row) {
        let position = self.starts[block] + index
        if position < slice.lowerBound { before += 1 } else if position < slice.upperBound { within += 1 }
      }
    }
    rows.starts = starts
    rows.slice = before..<before + within
    return rows
  }

  private func keeping(_ places: [Int], block: Int) throws(DataError) -> [Int] {
    var places = places
    for name in filled {
      let cells = try table.cells(name, block: block)
      let isNumeric = table.excerpt[name]?.kind == .numeric
      places.removeAll { isNumeric ? Float(bitPattern: cells[$0]).isNaN : Int32(bitPattern: cells[$0]) < 0 }
    }
    return places
  }

  /// The chosen rows of a block, counted from its first one, whatever the slice.
  private func places(inBlock block: Int) throws(DataError) -> [Int] {
    var places: [Int]
    if let split {
      places = try split.parts(of: block).enumerated().compactMap { $1 == part ? $0 : nil }
    } else {
      places = Array(0..<table.rows(of: block).count)
    }
    return filled.isEmpty ? places : try keeping(places, block: block)
  }

  /// The blocks that hold some of these rows, with the rows within them.
  private func blocks(_ range: Range<Int>) throws(DataError) -> [(block: Int, rows: [Int])] {
    guard !range.isEmpty else { return [] }
    let range = slice.lowerBound + range.lowerBound..<slice.lowerBound + range.upperBound
    // The last block that begins at or before the first row.
    var low = 0
    var high = starts.count - 1
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= range.lowerBound { low = middle } else { high = middle }
    }
    var found: [(block: Int, rows: [Int])] = []
    var block = low
    while block < table.blockCount, starts[block] < range.upperBound {
      if starts[block + 1] > range.lowerBound {
        let places = try places(inBlock: block)
        let first = max(range.lowerBound - starts[block], 0)
        let end = min(range.upperBound - starts[block], places.count)
        if first < end { found.append((block, Array(places[first..<end]))) }
      }
      block += 1
    }
    return found
  }

  /// Rows of these, one range behind the other, as a table of some columns.
  ///
  /// - Throws: ``DataError`` where the file of columns cannot be read.
  public func table(_ ranges: [Range<Int>], columns: [String]) throws(DataError) -> Table {
    var places: [(block: Int, rows: [Int])] = []
    for range in ranges { places += try blocks(range) }
    return try table.table(places, columns: columns)
  }

  /// Goes through a column's cells in these rows, some at a time: the rows' places in the table, and a float's bits or a
  /// category's number for each.
  func visit(
    _ column: String, _ body: (_ rows: [Int], _ cells: [UInt32]) -> Void
  ) throws(DataError) {
    var start = 0
    while start < count {
      let end = min(start + 16 * table.blockRows, count)
      for (block, places) in try blocks(start..<end) {
        let cells = try table.cells(column, block: block)
        let first = table.rows(of: block).lowerBound
        body(
          places.map { $0 + first }, places.count == cells.count ? cells : places.map { cells[$0] })
      }
      start = end
    }
  }
}
