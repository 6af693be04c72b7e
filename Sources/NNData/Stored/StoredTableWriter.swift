/// Writes a table's cells to a file as they come from a scan, a block of rows at a time, so that memory does not grow with
/// the table.
///
/// `@unchecked Sendable`: ``BlockScan`` gives it one block at a time.
final class StoredTableWriter: TableReceiver, @unchecked Sendable {
  let builders: [ColumnBuilder]
  private(set) var tallies: [ColumnTally]
  private(set) var rowCount = 0
  /// The columns that this pass reads, by their places in the table.
  private let taken: [Int]
  private let output: AtomicFile
  private let offset: Int
  private let blockRows: Int
  private var buffer: [UInt32]
  private var file = (places: [Int](), source: String?.none, firstRow: 0, name: "")

  init(names: [String], plans: [ColumnPlan], output: AtomicFile, offset: Int, blockRows: Int) {
    builders = zip(names, plans).map { ColumnBuilder(name: $0, plan: $1) }
    tallies = names.map { _ in ColumnTally() }
    taken = plans.indices.filter { plans[$0] != .skip }
    self.output = output
    self.offset = offset
    self.blockRows = blockRows
    buffer = [UInt32](repeating: 0, count: blockRows * taken.count)
  }

  /// Where a column's cells are.
  func place(of column: Int) -> StoredColumn.Place {
    StoredColumn.Place(offset: offset, columns: taken.count, index: taken.firstIndex(of: column) ?? 0)
  }

  /// The bytes of all that was written.
  var byteCount: Int { rowCount * taken.count * 4 }

  func beginFile(places: [Int], name: String, isOneOfSeveral: Bool, size: Int?) {
    file = (places, isOneOfSeveral ? name : nil, rowCount, name)
  }

  func take(_ block: Block, line: Int) throws(DataError) {
    for (column, place) in file.places.enumerated() {
      let isTaken = builders[place].append(
        block, column: column, row: rowCount - file.firstRow, line: line, source: file.source)
      if !isTaken {
        throw .unreadable(path: file.name, reason: "more than two thousand million categories")
      }
    }
    rowCount += block.rowCount
    while let first = taken.first, builders[first].held >= blockRows { try write(blockRows) }
  }

  /// Writes the rows of the last block.
  func end() throws(DataError) {
    if let first = taken.first, builders[first].held > 0 { try write(builders[first].held) }
  }

  private func write(_ rows: Int) throws(DataError) {
    var failure: DataError?
    buffer.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      for (index, column) in taken.enumerated() {
        // SAFETY: the buffer holds `blockRows` values for each column, and `rows` is no more.
        let values = base + index * rows
        builders[column].drain(rows, into: values)
        let part = UnsafeBufferPointer(start: values, count: rows)
        switch builders[column].plan {
        case .numeric: tallies[column].add(numbers: part)
        case .categorical: tallies[column].add(codes: part)
        case .skip: break
        }
      }
      do throws(DataError) {
        try output.write(
          UnsafeRawBufferPointer(start: base, count: rows * taken.count * 4))
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
  }

  /// Changes every cell of a column that was written, and counts anew what is known of it.
  func rewrite(_ column: Int, as kind: ColumnKind, _ change: (UInt32) -> UInt32) throws(DataError) {
    tallies[column] = ColumnTally()
    let place = place(of: column)
    var values = [UInt32](repeating: 0, count: blockRows)
    var start = 0
    while start < rowCount {
      let rows = min(blockRows, rowCount - start)
      let at = offset + 4 * (start * taken.count + place.index * rows)
      var failure: DataError?
      values.withUnsafeMutableBytes { bytes in
        let part = UnsafeMutableRawBufferPointer(rebasing: bytes[..<(4 * rows)])
        do throws(DataError) {
          try output.read(at: at, into: part)
          part.withMemoryRebound(to: UInt32.self) { cells in
            for index in cells.indices { cells[index] = change(cells[index]) }
            if kind == .numeric { tallies[column].add(numbers: UnsafeBufferPointer(cells)) }
          }
          try output.overwrite(at: at, with: UnsafeRawBufferPointer(part))
        } catch {
          failure = error
        }
      }
      if let failure { throw failure }
      start += rows
    }
  }
}
