import CKernels

/// The mean over outputs of e²/2 where |e| ≤ δ, and δ·|e| − δ²/2 elsewhere (Huber 1964).
public struct Huber: Loss {
  public let name = "huber"
  public var delta: Float

  public init(delta: Float = 1) { self.delta = delta }

  public var kernel: LossKernel { LossKernel(CK_HUBER, delta) }

  public func check() throws(EngineError) {
    try OptionCheck(name).positive(["delta": delta])
  }
}
