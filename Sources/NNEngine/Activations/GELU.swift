import CKernels

/// x · Φ(x), Φ being the standard normal distribution; or its approximation by tanh (Hendrycks and Gimpel 2016).
public struct GELU: Activation {
  public let name = "gelu"
  public var approximate: Bool

  public init(approximate: Bool = false) { self.approximate = approximate }

  public var kernel: ActivationKernel {
    ActivationKernel(approximate ? CK_GELU_TANH : CK_GELU, needsInput: true)
  }
}
