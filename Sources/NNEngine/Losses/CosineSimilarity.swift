import CKernels

/// −Σ t̂·p̂, targets and predictions divided by their norms: −1 where they point the same way, 1 where they are opposed.
///
/// A norm below 1e-7 counts as that.
public struct CosineSimilarity: Loss {
  public let name = "cosine_similarity"
  public init() {}
  public var kernel: LossKernel { LossKernel(CK_COSINE_SIMILARITY) }
}
