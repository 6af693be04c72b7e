import CKernels

/// What a step adds up over its rows besides gradients: the loss, penalties on activities, the metrics' sums.
struct ShardedSums {
  let cut: ShardCut
  private let loss: LossPlan
  private let targets: MatrixView
  private let weights: UnsafeMutablePointer<Float>?
  private let values: UnsafeMutablePointer<Float>
  private let gradient: MatrixView?
  private let metrics: Accumulators?
  /// The batch's own sums of metrics, and those of branches of the tree.
  private let doubles: Doubles

  /// Memory that lies as long as the step does.
  private final class Doubles {
    let base: UnsafeMutablePointer<Double>

    init(_ count: Int) {
      base = UnsafeMutablePointer.allocate(capacity: max(count, 1))
      base.initialize(repeating: 0, count: max(count, 1))
    }

    deinit { base.deallocate() }
  }

  init(
    _ cut: ShardCut, loss: LossPlan, targets: MatrixView, weights: UnsafeMutablePointer<Float>?,
    values: UnsafeMutablePointer<Float>, gradient: MatrixView?, metrics: Accumulators?
  ) {
    self.cut = cut
    self.loss = loss
    self.targets = targets
    self.weights = weights
    self.values = values
    self.gradient = gradient
    self.metrics = metrics
    doubles = Doubles((1 + cut.depth) * (metrics?.count ?? 0))
  }

  /// Fills the rows' losses and the gradient by the outputs.
  ///
  /// - Returns: the share that the shards here have in the batch's loss, with penalties on activities.
  func loss(_ plan: NetworkPlan) -> Float {
    let divisor = divisor()
    let scale = divisor == 0 ? 0 : 1 / divisor
    var sum: Float = 0
    // A loss that looks at the rows beside a row looks at those of its shard.
    cut.add(into: &sum, 1) { rows, sum in
      let first = rows.lowerBound
      loss.run(
        targets: targets, weights: weights, in: rows, scale: scale, values: values, gradient: gradient)
      let total = plan.executor.kernels.pointee.lane_sum(
        values + first, weights.map { UnsafePointer($0 + first) }, rows.count)
      sum.pointee = (divisor == 0 ? 0 : total / divisor) + plan.activityPenalty(rows, of: cut.batchRows)
    }
    return sum
  }

  /// What the sum of the batch's losses is divided by.
  private func divisor() -> Float {
    guard loss.kernel.ignoresClass else { return Float(cut.batchRows) }
    // Whole numbers add up exactly in any order.
    var counted = Double(loss.kernel.countedRows(targets, rows: cut.rowCount))
    cut.sum?.add(&counted, 1)
    return Float(counted)
  }

  /// Adds the batch to the metrics' sums.
  func measure(_ batch: MetricBatch) {
    guard let metrics, metrics.count > 0 else { return }
    let count = metrics.count
    let sum = doubles.base
    cut.branch(0..<cut.count, into: sum, count, scratch: sum + count, apart: count) { shard, sum in
      sum.update(repeating: 0, count: count)
      let rows = cut.rows(shard)
      if !rows.isEmpty { metrics.update(sum, batch.rows(rows)) }
    }
    cut.sum?.add(sum, count)
    metrics.add(sum)
  }
}
