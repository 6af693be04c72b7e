import CKernels

/// A loss as a metric: the mean over rows, without penalties.
///
/// Rows of a class that the loss ignores count 0 in it, but they count: Keras's metric divides by all rows, unless they
/// are weighted.
public struct LossMetric: Metric {
  public let loss: any Loss
  let kernel: LossKernel
  public var name: String
  public var direction: MetricDirection? { .minimize }

  public init(_ loss: any Loss, name: String? = nil) {
    self.loss = loss
    kernel = loss.kernel
    self.name = name ?? loss.name
  }

  public func update(_ accumulator: UnsafeMutablePointer<Double>, batch: MetricBatch) {
    if let logits = batch.logits, let form = kernel.form(behind: batch.outputActivation) {
      batch.rowLosses(kernel, form, of: logits)
    } else {
      batch.rowLosses(kernel, kernel.fromPredictions, of: batch.predictions)
    }
    batch.addRowValues(accumulator)
    guard let weights = batch.weights else { return }
    for row in 0..<batch.rows where kernel.ignores(row, of: batch.targets) {
      accumulator[1] -= Double(weights[row])
    }
  }

  public func targetWidth(outputWidth: Int) -> Int { loss.targetWidth(outputWidth: outputWidth) }
  public func check(outputWidth: Int) throws(EngineError) {
    try loss.check()
    try loss.check(outputWidth: outputWidth)
  }
}
