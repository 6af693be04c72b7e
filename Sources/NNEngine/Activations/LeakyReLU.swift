import CKernels

/// x for x > 0, else `negativeSlope · x`. Keras's default is 0.2 as an activation and 0.3 as a layer.
public struct LeakyReLU: Activation {
  public let name = "leaky_relu"
  public var negativeSlope: Float

  public init(negativeSlope: Float = 0.2) { self.negativeSlope = negativeSlope }

  // With a positive slope the output has the input's sign.
  public var kernel: ActivationKernel {
    ActivationKernel(CK_LEAKY_RELU, negativeSlope, needsInput: negativeSlope <= 0)
  }

  public func check() throws(EngineError) {
    try OptionCheck(name).finite(["negative_slope": negativeSlope])
  }
}
