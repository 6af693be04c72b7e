import CKernels

/// A number that tells how good predictions are, with Keras 3's definitions. As in Keras's `metrics=`, sample weights do
/// not count in it; in a ``WeightedMetric`` they do.
public protocol Metric: Sendable {
  /// The name in records, as in `mae`.
  var name: String { get }
  /// Whether lower or higher is better; nil if neither is, or nobody can say: such a metric cannot be monitored without a
  /// mode.
  var direction: MetricDirection? { get }
  /// Doubles needed to add up over batches.
  func accumulatorCount(outputWidth: Int) -> Int
  /// Adds a batch.
  func update(_ accumulator: UnsafeMutablePointer<Double>, batch: MetricBatch)
  /// The metric over all that was added.
  func result(_ accumulator: UnsafePointer<Double>, outputWidth: Int) -> Double
  /// Target columns that it can read, for a network with this many outputs.
  func targetWidth(outputWidth: Int) -> Int
  /// Throws if an option makes no sense, or none for a network with this many outputs.
  func check(outputWidth: Int) throws(EngineError)
}

public enum MetricDirection: Sendable {
  case minimize, maximize
}

extension Metric {
  public func accumulatorCount(outputWidth: Int) -> Int { 2 }
  public func result(_ accumulator: UnsafePointer<Double>, outputWidth: Int) -> Double {
    accumulator[1] == 0 ? 0 : accumulator[0] / accumulator[1]
  }
  public func targetWidth(outputWidth: Int) -> Int { outputWidth }
  public func check(outputWidth: Int) throws(EngineError) {}
}

/// Predictions of some rows with their targets.
public struct MetricBatch {
  let kernels: UnsafePointer<ck_kernels>
  let rows: Int
  let predictions: MatrixView
  /// What went into the output's activation, if the plan keeps it.
  let logits: MatrixView?
  let outputActivation: ck_activation
  let targets: MatrixView
  /// Room for one float a row.
  let rowValues: UnsafeMutablePointer<Float>
  /// Room for the outputs of one row, padded.
  let scratch: UnsafeMutablePointer<Float>
  /// The data's weight for each row, if it has some.
  let rowWeights: UnsafePointer<Float>?
  /// The weights that count in this metric.
  private(set) var weights: UnsafePointer<Float>? = nil

  /// Some of the rows.
  func rows(_ rows: Range<Int>) -> MetricBatch {
    let first = rows.lowerBound
    return MetricBatch(
      kernels: kernels, rows: rows.count, predictions: predictions.rows(from: first),
      logits: logits?.rows(from: first), outputActivation: outputActivation,
      targets: targets.rows(from: first),
      rowValues: rowValues, scratch: scratch, rowWeights: rowWeights.map { $0 + first })
  }

  /// The same rows, their weights counting.
  var weighted: MetricBatch {
    var batch = self
    batch.weights = rowWeights
    return batch
  }

  /// What a row counts.
  @inline(__always)
  func weight(_ row: Int) -> Double { weights.map { Double($0[row]) } ?? 1 }

  /// Adds one value a row: [0] their sum, [1] their count, weighted if the rows are.
  func addRowValues(_ accumulator: UnsafeMutablePointer<Double>) {
    accumulator[0] += Double(kernels.pointee.lane_sum(rowValues, weights, rows))
    accumulator[1] += weights.map { Double(kernels.pointee.lane_sum($0, nil, rows)) } ?? Double(rows)
  }

  func rowLosses(_ kind: ck_loss) { rowLosses(LossKernel(kind), kind, of: predictions) }

  func rowLosses(_ kernel: LossKernel, _ form: ck_loss, of outputs: MatrixView) {
    kernel.run(kernels, form, outputs: outputs, targets: targets, rows: rows, values: rowValues)
  }
}
