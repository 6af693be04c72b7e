/// Puts the blocks' rows together in columns, over one file or several.
///
/// `@unchecked Sendable`: ``BlockScan`` gives it one block at a time.
final class TableAssembler: BlockScan.Receiver, @unchecked Sendable {
  let builders: [ColumnBuilder]
  private(set) var rowCount = 0
  /// The file at hand.
  private var file = File()

  private struct File {
    /// The table's column for each of the file's.
    var places: [Int] = []
    var source: String?
    var size: Int?
    /// Rows of the files before.
    var firstRow = 0
    var bytes = 0
    var hasReserved = false
  }

  init(names: [String], plans: [ColumnPlan]) {
    builders = zip(names, plans).map { ColumnBuilder(name: $0, plan: $1) }
  }

  /// - Parameters:
  ///   - source: the file's name for its bad cells, where there are several files.
  ///   - size: its bytes, where they are known.
  func beginFile(places: [Int], source: String?, size: Int?) {
    file = File(places: places, source: source, size: size, firstRow: rowCount)
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
        throw .unreadable(
          path: file.source ?? "the file", reason: "more than two thousand million categories")
      }
    }
    rowCount += block.rowCount
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
