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
    try OptionCheck(kind).share(["momentum": momentum])
    try OptionCheck(kind).positive(["epsilon": epsilon])
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
