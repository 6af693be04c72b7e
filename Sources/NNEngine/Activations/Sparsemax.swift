import CKernels

/// max(x − τ, 0), τ the same for all of a row's units (Martins and Astudillo 2016), in Keras 3's version.
///
/// With the row sorted downwards and its running sums, the k first units lie above τ. The paper's τ is (the k-th running sum − 1) / k, so
/// that the outputs add up to 1. Keras 3 takes the sum of the first k running sums in its place; so does this, and the outputs
/// then add up to less where k > 1.
public struct Sparsemax: Activation {
  public let name = "sparsemax"
  public init() {}
  public var kernel: ActivationKernel { ActivationKernel(CK_SPARSEMAX, needsInput: true) }
}
