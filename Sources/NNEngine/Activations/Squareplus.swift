import CKernels

/// (x + √(x² + b)) / 2 (Barron 2021).
public struct Squareplus: Activation {
  public let name = "squareplus"
  public var b: Float

  public init(b: Float = 4) { self.b = b }

  public var kernel: ActivationKernel { ActivationKernel(CK_SQUAREPLUS, b, needsInput: true) }

  public func check() throws(EngineError) {
    try OptionCheck(name).notNegative(["b": b])
  }
}
