import CKernels

/// An optimizer that looks at whole tensors: at their norms, rows or columns. It may use up the gradients.
public protocol TensorOptimizer: Optimizer {
  /// What holds for one of the network's parameters.
  func rule(for index: Int, of parameters: [Network.Parameter]) -> TensorRule
  /// Its products are split over threads, so tensors come one after the other; else side by side.
  var splitsItsWork: Bool { get }
  func update(_ tensor: UpdateTensor, _ step: OptimizerStep)
}

extension TensorOptimizer {
  public func rule(for index: Int, of parameters: [Network.Parameter]) -> TensorRule {
    TensorRule(weightDecay: settings.weightDecay)
  }
  public var splitsItsWork: Bool { false }
}

/// How an optimizer treats a tensor.
public struct TensorRule: Sendable {
  public var weightDecay: Double?
  /// By a rule for single weights, where the optimizer has two rules.
  public var isElementwise = false
  /// Floats of scratch; only for one that splits its work, as tensors share them.
  public var scratchCount = 0
}

/// A weight tensor of a plan, [rows × columns], with gradients and slots laid out alike. A vector is one row.
public struct UpdateTensor {
  let executor: Executor
  /// The tensor's whole run, padding included.
  let region: UpdateRegion
  let rows: Int
  let columns: Int
  let stride: Int
  let isVector: Bool
  let rule: TensorRule
  let scratch: UnsafeMutablePointer<Float>

  var kernels: ck_kernels { executor.kernels.pointee }
  var count: Int { region.count }

  /// √Σx² of something laid out as the tensor is.
  func norm(_ values: UnsafePointer<Float>) -> Float {
    Float(region.kernels.pointee.square_norm(values, stride, rows, columns).squareRoot())
  }

  /// The root of the mean square.
  func rootMeanSquare(_ values: UnsafePointer<Float>) -> Float {
    let sum = Float(region.kernels.pointee.square_norm(values, stride, rows, columns))
    return (sum / (Float(rows) * Float(columns))).squareRoot()
  }
}
