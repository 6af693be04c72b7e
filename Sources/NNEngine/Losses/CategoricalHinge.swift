import CKernels

/// max(max((1 − t)·p) − Σ t·p + 1, 0) over the outputs, targets one-hot: how far the right output is ahead of the best other one.
public struct CategoricalHinge: Loss {
  public let name = "categorical_hinge"
  public init() {}
  public var kernel: LossKernel { LossKernel(CK_CATEGORICAL_HINGE) }
}
