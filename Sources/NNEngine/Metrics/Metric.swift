import CKernels

/// A number that tells how good predictions are, with Keras 3's definitions. As in Keras's `metrics=`, sample weights do
/// not count in it.
public protocol Metric: Sendable {
  /// The name in records, as in `mae`.
  var name: String { get }
  /// Whether lower or higher is better.
  var direction: MetricDirection { get }
  /// Doubles needed to add up over batches.
  func accumulatorCount(outputWidth: Int) -> Int
  /// Adds a batch.
  func update(_ accumulator: UnsafeMutablePointer<Double>, batch: MetricBatch)
  /// The metric over all that was added.
  func result(_ accumulator: UnsafePointer<Double>, outputWidth: Int) -> Double
  /// Target columns that it can read, for a network with this many outputs.
  func targetWidth(outputWidth: Int) -> Int
}

public enum MetricDirection: Sendable {
  case minimize, maximize
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

  /// Adds one value a row: [0] their sum, [1] their count.
  func addRowValues(_ accumulator: UnsafeMutablePointer<Double>) {
    accumulator[0] += Double(kernels.pointee.lane_sum(rowValues, nil, rows))
    accumulator[1] += Double(rows)
  }

  func rowLosses(_ kind: ck_loss, _ parameter: Float = 0, of outputs: MatrixView? = nil) {
    let outputs = outputs ?? predictions
    kernels.pointee.loss(
      kind, ck_params(p0: parameter, p1: 0, p2: 0), outputs.base, outputs.stride, targets.base,
      targets.stride, nil,
      1, rows, predictions.columns, rowValues, nil, 0)
  }
}

extension Metric {
  public func accumulatorCount(outputWidth: Int) -> Int { 2 }
  public func result(_ accumulator: UnsafePointer<Double>, outputWidth: Int) -> Double {
    accumulator[1] == 0 ? 0 : accumulator[0] / accumulator[1]
  }
  public func targetWidth(outputWidth: Int) -> Int { outputWidth }
}
