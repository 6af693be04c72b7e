/// How a pass over a source's rows is cut into windows.
///
/// Batches never reach over a window's end, but for the last of a pass, so a window holds whole batches.
struct Windows {
  let rowCount: Int
  /// Rows of a window, but for the last.
  let size: Int
  private let blockRows: Int
  private let seed: UInt64
  private let shuffle: Bool
  /// The blocks in the order of the pass at hand, where rows are shuffled and there are several windows.
  private var blocks: [UInt32] = []
  /// Where the block that is shorter than the others is in that order.
  private var shortPlace = 0

  init(_ source: some RowSource, batchSize: Int, seed: UInt64, shuffle: Bool) {
    rowCount = source.rowCount
    let wanted = max(source.windowRows, 1)
    size = wanted >= rowCount ? rowCount : max(wanted / batchSize, 1) * batchSize
    blockRows = max(min(source.blockRows, rowCount), 1)
    self.seed = seed
    self.shuffle = shuffle
  }

  var isOne: Bool { size >= rowCount }

  /// Draws the order of blocks for a pass (from 0).
  mutating func begin(pass: Int) {
    guard shuffle, !isOne else { return }
    let count = (rowCount + blockRows - 1) / blockRows
    blocks = (0..<count).map { UInt32(truncatingIfNeeded: $0) }
    let draws = Philox(seed: seed, purpose: "shuffle blocks")
    for place in stride(from: count - 1, to: 0, by: -1) {
      let bits = draws.pair(
        UInt64(place), UInt32(truncatingIfNeeded: pass), UInt32(truncatingIfNeeded: pass >> 32)
      ).0
      blocks.swapAt(place, Philox.below(place + 1, bits))
    }
    shortPlace = blocks.firstIndex(of: UInt32(truncatingIfNeeded: count - 1)) ?? 0
  }

  func window(of position: Int) -> Int { position / size }

  /// The places in the pass's order that a window has.
  func positions(of window: Int) -> Range<Int> {
    window * size..<min((window + 1) * size, rowCount)
  }

  /// The source's rows that are in a window, before they are shuffled among each other.
  func rows(of window: Int) -> [Range<Int>] {
    let positions = positions(of: window)
    guard shuffle, !isOne else { return [positions] }
    // Behind the short block, all others begin so many rows earlier.
    let lacking = blocks.count * blockRows - rowCount
    func start(_ place: Int) -> Int { place * blockRows - (place > shortPlace ? lacking : 0) }
    var place = min(positions.lowerBound / blockRows, blocks.count - 1)
    while place + 1 < blocks.count, start(place + 1) <= positions.lowerBound { place += 1 }
    var ranges: [Range<Int>] = []
    while place < blocks.count, start(place) < positions.upperBound {
      let first = Int(blocks[place]) * blockRows
      let end = min(first + blockRows, rowCount)
      let skipped = max(positions.lowerBound - start(place), 0)
      let taken = min(end - first, positions.upperBound - start(place))
      if first + skipped < first + taken { ranges.append(first + skipped..<first + taken) }
      place += 1
    }
    return ranges
  }
}
