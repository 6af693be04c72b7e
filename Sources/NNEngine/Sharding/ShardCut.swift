import CKernels

/// How a fit's batches are to be cut.
struct Sharding {
  let shards: Int
  let ranks: (any Ranks)?
  /// The optimizer moves each weight by itself.
  let movesEachAlone: Bool
}

/// How a batch is cut into shards, and which of them are here.
///
/// Of `n` rows, shard `s` of `S` has those from ⌊n·s/S⌋ to ⌊n·(s+1)/S⌋. What is added up over rows is added up within each shard,
/// and the shards' sums by a fixed binary tree that splits in the middle (the greater part first). A rank has as many shards as
/// every other and they are a branch of that tree, so that its sum is one number of the whole's.
final class ShardCut {
  /// Of a batch.
  let shards: Int
  /// Those here.
  let own: Range<Int>
  let ranks: (any Ranks)?
  /// Adds up over ranks what a step waits for; nil if there is one rank.
  let sum: RankSum?
  /// Rows of the batch at hand.
  private(set) var batchRows = 0
  /// The place in the batch of the first row here.
  private(set) var firstRow = 0
  /// Where the shards here begin, counted from `firstRow`, and the end of the last.
  let bounds: UnsafeMutablePointer<Int>
  private let scratch: UnsafeMutablePointer<Float>
  private let widest: Int
  /// Additions that are open at a time.
  let depth: Int

  /// - Parameter widest: the most numbers that are added up over shards at a time.
  init(shards: Int, ranks: (any Ranks)?, widest: Int, arena: Arena) {
    self.shards = shards
    let ranks = ranks.flatMap { $0.count > 1 ? $0 : nil }
    self.ranks = ranks
    sum = ranks.map { RankSum($0, on: .step) }
    let each = shards / (ranks?.count ?? 1)
    let first = each * (ranks?.rank ?? 0)
    own = first..<first + each
    bounds = UnsafeMutablePointer.allocate(capacity: each + 1)
    bounds.initialize(repeating: 0, count: each + 1)
    var depth = 0
    while 1 << depth < each { depth += 1 }
    self.depth = depth
    self.widest = widest
    scratch = arena.floats(depth * widest)
  }

  deinit { bounds.deallocate() }

  /// The ranks that shards of a batch can be dealt to, so that each has a branch of the tree: powers of two that divide them.
  static func takes(shards: Int, ranks: Int) -> Bool {
    ranks > 0 && ranks & (ranks - 1) == 0 && shards % ranks == 0
  }

  var count: Int { own.count }

  /// Rows of the batch at hand that are here.
  var rowCount: Int { bounds[own.count] }

  /// The most rows here of a batch of so many.
  static func mostRows(of batch: Int, shards: Int, ranks: Int) -> Int {
    let each = shards / max(ranks, 1)
    // In double where the product would overflow: such a batch is refused for its size.
    let (product, overflow) = batch.multipliedReportingOverflow(by: each)
    return overflow ? batch : min(batch, (product + shards - 1) / shards)
  }

  /// Cuts the next batch. - Returns: the rows of it that are here.
  func cut(_ rows: Int) -> Int {
    batchRows = rows
    firstRow = firstRow(of: rows)
    for shard in 0...own.count { bounds[shard] = rows * (own.lowerBound + shard) / shards - firstRow }
    return bounds[own.count]
  }

  /// The place of the first row here in a batch of so many.
  func firstRow(of rows: Int) -> Int { rows * own.lowerBound / shards }

  /// The rows of a shard here, counted from the first row here.
  func rows(_ shard: Int) -> Range<Int> { bounds[shard]..<bounds[shard + 1] }

  /// Adds up over the shards here what `leaf` writes for each: `count` numbers, of which a shard without rows must write zeros.
  func add(
    into sum: UnsafeMutablePointer<Float>, _ count: Int,
    _ leaf: (_ rows: Range<Int>, _ sum: UnsafeMutablePointer<Float>) -> Void
  ) {
    branch(0..<own.count, into: sum, count, scratch: scratch, apart: widest) { leaf(rows($0), $1) }
  }

  /// The same of other numbers, with room for ``depth`` times as many.
  func branch<Number: AdditiveArithmetic & BitwiseCopyable>(
    _ shards: Range<Int>, into sum: UnsafeMutablePointer<Number>, _ count: Int,
    scratch: UnsafeMutablePointer<Number>, apart: Int,
    _ leaf: (_ shard: Int, _ sum: UnsafeMutablePointer<Number>) -> Void
  ) {
    guard shards.count > 1 else { return leaf(shards.lowerBound, sum) }
    let middle = ShardCut.middle(shards)
    branch(shards.lowerBound..<middle, into: sum, count, scratch: scratch + apart, apart: apart, leaf)
    branch(middle..<shards.upperBound, into: scratch, count, scratch: scratch + apart, apart: apart, leaf)
    for index in 0..<count { sum[index] += scratch[index] }
  }

  /// Where the tree splits a branch of more than one shard.
  static func middle(_ shards: Range<Int>) -> Int { shards.lowerBound + (shards.count + 1) / 2 }
}

extension ShardCut? {
  /// The place in the batch of the first row here, as random draws are keyed by it.
  var row0: UInt32 { UInt32(truncatingIfNeeded: self?.firstRow ?? 0) }

  /// Adds up over rows what `leaf` writes for some of them: over all that are here, shard by shard where there are several.
  func add(
    rows: Int, into sum: UnsafeMutablePointer<Float>, _ count: Int,
    _ leaf: (_ rows: Range<Int>, _ sum: UnsafeMutablePointer<Float>) -> Void
  ) {
    if let self, self.count > 1 { self.add(into: sum, count, leaf) } else { leaf(0..<rows, sum) }
  }
}
