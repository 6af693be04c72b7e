import CKernels

/// A product whose depth is a batch's rows, as a weight's gradient is: the shards' products are added up by the tree of ``ShardCut``,
/// tile by tile, so that what is added stays in a thread's cache.
final class ShardedProduct {
  private static let tileColumns = 64
  private static let tileRows = 48
  private static let tileFloats = tileRows * tileColumns

  private let executor: Executor
  private let cut: ShardCut
  /// For each task the open additions of a tile.
  private let scratch: UnsafeMutablePointer<Float>
  private let mostTasks: Int

  init(_ executor: Executor, _ cut: ShardCut, arena: Arena) {
    self.executor = executor
    self.cut = cut
    mostTasks = executor.threads == 1 ? 1 : 4 * executor.threads
    scratch = arena.floats(mostTasks * cut.depth * ShardedProduct.tileFloats)
  }

  private struct Job {
    var product: Executor.Product
    var kernels: UnsafePointer<ck_kernels>
    var bounds: UnsafePointer<Int>
    var shards: Int
    var scratch: UnsafeMutablePointer<Float>
    /// Floats from task to task.
    var apart: Int
    var across: Int
    var tiles: Int
    var tasks: Int

    func run(_ task: Int) {
      for tile in tiles * task / tasks..<tiles * (task + 1) / tasks {
        let row = tile / across * ShardedProduct.tileRows
        let column = tile % across * ShardedProduct.tileColumns
        let part = product.tile(
          row: row, rows: min(ShardedProduct.tileRows, product.rows - row), column: column,
          columns: min(ShardedProduct.tileColumns, product.columns - column))
        add(0..<shards, part, into: part.c, part.cStride, scratch: scratch + task * apart)
      }
    }

    private func add(
      _ range: Range<Int>, _ tile: Executor.Product, into sum: UnsafeMutablePointer<Float>, _ stride: Int,
      scratch: UnsafeMutablePointer<Float>
    ) {
      guard range.count > 1 else { return leaf(range.lowerBound, tile, into: sum, stride) }
      let middle = ShardCut.middle(range)
      let next = scratch + ShardedProduct.tileFloats
      add(range.lowerBound..<middle, tile, into: sum, stride, scratch: next)
      add(middle..<range.upperBound, tile, into: scratch, ShardedProduct.tileColumns, scratch: next)
      kernels.pointee.add(
        sum, stride, scratch, ShardedProduct.tileColumns, tile.rows, tile.columns)
    }

    private func leaf(
      _ shard: Int, _ tile: Executor.Product, into sum: UnsafeMutablePointer<Float>, _ stride: Int
    ) {
      let rows = bounds[shard]..<bounds[shard + 1]
      // The last group of columns need not be written whole, and what is added is.
      if rows.isEmpty || tile.columns % 16 != 0 {
        let width = (tile.columns + 15) / 16 * 16
        for row in 0..<tile.rows { (sum + row * stride).update(repeating: 0, count: width) }
      }
      guard !rows.isEmpty else { return }
      var part = tile
      part.a += rows.lowerBound * part.aColumn
      part.b += rows.lowerBound * part.bStride
      part.depth = rows.count
      part.c = sum
      part.cStride = stride
      part.run(kernels)
    }
  }

  /// `product` must be without bias and relu, and its depth the rows here.
  func run(_ product: Executor.Product) {
    let across = (product.columns + ShardedProduct.tileColumns - 1) / ShardedProduct.tileColumns
    let tiles = across * ((product.rows + ShardedProduct.tileRows - 1) / ShardedProduct.tileRows)
    let isSplit =
      executor.threads > 1 && product.rows * product.columns * product.depth >= executor.grain.product
    let tasks = isSplit ? min(mostTasks, tiles) : 1
    var job = Job(
      product: product, kernels: executor.kernels, bounds: cut.bounds, shards: cut.count, scratch: scratch,
      apart: cut.depth * ShardedProduct.tileFloats, across: across, tiles: tiles,
      tasks: tasks)
    guard isSplit else { return job.run(0) }
    withUnsafePointer(to: &job) { pointer in
      WorkerPool.shared.run(threads: executor.threads, count: tasks, context: pointer) { raw, task in
        // SAFETY: the context is the job above, which outlives the run.
        raw.assumingMemoryBound(to: Job.self).pointee.run(task)
      }
    }
  }
}
