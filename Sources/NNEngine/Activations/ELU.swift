import CKernels

/// x for x > 0, else `alpha · (eˣ − 1)`.
public struct ELU: Activation {
  public let name = "elu"
  public var alpha: Float

  public init(alpha: Float = 1) { self.alpha = alpha }

  public var kernel: ActivationKernel { ActivationKernel(CK_ELU, alpha) }

  public func check() throws(EngineError) {
    guard alpha.isFinite, alpha >= 0 else {
      throw .invalidOption(owner: name, option: "alpha", value: "\(alpha)", requirement: "a number from 0 on")
    }
  }
}
