/// What a normalization multiplies (gamma) and adds (beta), one number a unit each.
public struct AffineParameters: Sendable {
  /// Has a gamma.
  public var scale: Bool
  /// Has a beta.
  public var center: Bool
  public var gammaInitializer: any Initializer
  public var betaInitializer: any Initializer
  public var gammaRegularizer: (any Regularizer)?
  public var betaRegularizer: (any Regularizer)?
  public var gammaConstraint: (any Constraint)?
  public var betaConstraint: (any Constraint)?

  public init(
    scale: Bool = true, center: Bool = true, gammaInitializer: any Initializer = Ones(),
    betaInitializer: any Initializer = Zeros(), gammaRegularizer: (any Regularizer)? = nil,
    betaRegularizer: (any Regularizer)? = nil, gammaConstraint: (any Constraint)? = nil,
    betaConstraint: (any Constraint)? = nil
  ) {
    self.scale = scale
    self.center = center
    self.gammaInitializer = gammaInitializer
    self.betaInitializer = betaInitializer
    self.gammaRegularizer = gammaRegularizer
    self.betaRegularizer = betaRegularizer
    self.gammaConstraint = gammaConstraint
    self.betaConstraint = betaConstraint
  }

  func parameters(inputWidth: Int) -> [ParameterSpecification] {
    var list: [ParameterSpecification] = []
    if scale {
      list.append(
        ParameterSpecification(
          name: "gamma", shape: [inputWidth], initializer: gammaInitializer, regularizer: gammaRegularizer,
          constraint: gammaConstraint))
    }
    if center {
      list.append(
        ParameterSpecification(
          name: "beta", shape: [inputWidth], initializer: betaInitializer, regularizer: betaRegularizer,
          constraint: betaConstraint))
    }
    return list
  }
}
