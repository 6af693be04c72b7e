import CKernels

/// Σ t · ln(t / p) over the outputs, both cut to [1e-7, 1] (Kullback and Leibler 1951).
public struct KLDivergence: Loss {
  public let name = "kl_divergence"
  public init() {}
  public var kernel: LossKernel { LossKernel(CK_KL_DIVERGENCE) }
}
