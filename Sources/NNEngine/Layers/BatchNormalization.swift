/// Each unit to mean 0 and variance 1 over the batch, then · gamma + beta (Ioffe and Szegedy 2015). Outside of training by the
/// moving mean and variance, which each training step moves by `1 − momentum` towards the batch's.
public struct BatchNormalization: Layer {
  public let kind = "batchnorm"
  public var momentum: Float
  public var epsilon: Float
  public var affine: AffineParameters
  public var movingMeanInitializer: any Initializer
  public var movingVarianceInitializer: any Initializer

  public init(
    momentum: Float = 0.99, epsilon: Float = 0.001, affine: AffineParameters = AffineParameters(),
    movingMeanInitializer: any Initializer = Zeros(), movingVarianceInitializer: any Initializer = Ones()
  ) {
    self.momentum = momentum
    self.epsilon = epsilon
    self.affine = affine
    self.movingMeanInitializer = movingMeanInitializer
    self.movingVarianceInitializer = movingVarianceInitializer
  }

  public func outputWidth(inputWidth: Int) throws(EngineError) -> Int {
    guard momentum >= 0, momentum <= 1 else {
      throw .invalidOption(
        owner: kind, option: "momentum", value: "\(momentum)", requirement: "a number from 0 to 1")
    }
    try checkEpsilon(epsilon, kind)
    return inputWidth
  }

  public func parameters(inputWidth: Int) -> [ParameterSpecification] {
    affine.parameters(inputWidth: inputWidth) + [
      ParameterSpecification(
        name: "moving_mean", shape: [inputWidth], initializer: movingMeanInitializer, isTrainable: false),
      ParameterSpecification(
        name: "moving_variance", shape: [inputWidth], initializer: movingVarianceInitializer,
        isTrainable: false),
    ]
  }
}

func checkEpsilon(_ epsilon: Float, _ owner: String) throws(EngineError) {
  // Without it a constant unit would become 0 / 0.
  guard epsilon > 0, epsilon.isFinite else {
    throw .invalidOption(
      owner: owner, option: "epsilon", value: "\(epsilon)", requirement: "a number above 0")
  }
}
