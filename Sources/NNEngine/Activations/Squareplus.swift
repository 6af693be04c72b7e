import CKernels

/// (x + √(x² + b)) / 2 (Barron 2021).
public struct Squareplus: Activation {
  public let name = "squareplus"
  public var b: Float

  public init(b: Float = 4) { self.b = b }

  public var kernel: ActivationKernel { ActivationKernel(CK_SQUAREPLUS, b, needsInput: true) }

  public func check() throws(EngineError) {
    guard b >= 0, b.isFinite else {
      throw .invalidOption(owner: name, option: "b", value: "\(b)", requirement: "a number from 0 on")
    }
  }
}
