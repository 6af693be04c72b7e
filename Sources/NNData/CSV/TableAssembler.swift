/// Takes the rows of one file or several.
protocol TableReceiver: BlockScan.Receiver {
  /// - Parameters:
  ///   - places: the table's column for each of the file's.
  ///   - name: the file's name.
  ///   - isOneOfSeveral: whether its bad cells are to have its name.
  ///   - size: its bytes, where they are known.
  func beginFile(places: [Int], name: String, isOneOfSeveral: Bool, size: Int?)
}

/// Puts the blocks' rows together in columns, over one file or several.
///
/// `@unchecked Sendable`: ``BlockScan`` gives it one block at a time.
final class TableAssembler: TableReceiver, @unchecked Sendable {
  let builders: [ColumnBuilder]
  private(set) var rowCount = 0
  /// As many as three quarters of the memory hold.
  private let mostRows: Int
  /// The file at hand.
  private var file = File()

  private struct File {
    /// The table's column for each of the file's.
    var places: [Int] = []
    var source: String?
    var size: Int?
    /// Rows of the files before.
    var firstRow = 0
    var name = ""
    var bytes = 0
    var hasReserved = false
  }

  init(names: [String], plans: [ColumnPlan]) {
    builders = zip(names, plans).map { ColumnBuilder(name: $0, plan: $1) }
    mostRows = Int(clamping: physicalMemory()) / 4 * 3 / (4 * max(names.count, 1))
  }

  func beginFile(places: [Int], name: String, isOneOfSeveral: Bool, size: Int?) {
    file = File(
      places: places, source: isOneOfSeveral ? name : nil, size: size, firstRow: rowCount, name: name)
  }

  func take(_ block: Block, line: Int) throws(DataError) {
    file.bytes += block.consumed
    if !file.hasReserved, block.rowCount > 0 {
      file.hasReserved = true
      reserve(after: block)
    }
    for (column, place) in file.places.enumerated() {
      let isTaken = builders[place].append(
        block, column: column, row: rowCount - file.firstRow, line: line, source: file.source)
      if !isTaken {
        throw .unreadable(path: file.name, reason: "more than two thousand million categories")
      }
    }
    rowCount += block.rowCount
    // An endless stream must end in an error, not in that of the machine.
    if rowCount > mostRows {
      throw .tooManyRows(source: file.name, rows: mostRows, columns: builders.count)
    }
  }

  /// Makes room for the rows to come, by the length of those in the first block.
  private func reserve(after block: Block) {
    guard let size = file.size, block.consumed > 0, !builders.isEmpty else { return }
    let expected = Double(size) / Double(block.consumed) * Double(block.rowCount) * 1.02 + 64
    let room = Double(physicalMemory()) / Double(4 * builders.count)
    let rows = Int(min(expected, Double(size), room))
    for builder in builders { builder.reserve(rowCount + rows) }
  }
}
