/// `activation(x · kernel + bias)`, the kernel of shape [in, units]. An activation that halves a row, as GLU does, gives units / 2
/// outputs.
public struct Dense: Layer {
  public let kind = "dense"
  public var units: Int
  public var activation: any Activation
  public var useBias: Bool
  public var kernelInitializer: any Initializer
  public var biasInitializer: any Initializer
  public var kernelRegularizer: (any Regularizer)?
  public var biasRegularizer: (any Regularizer)?
  /// Of the layer's output, divided by the rows of the batch, as Keras divides it.
  public var activityRegularizer: (any Regularizer)?
  public var kernelConstraint: (any Constraint)?
  public var biasConstraint: (any Constraint)?

  public init(
    units: Int, activation: any Activation = Linear(), useBias: Bool = true,
    kernelInitializer: any Initializer = .glorotUniform, biasInitializer: any Initializer = Zeros(),
    kernelRegularizer: (any Regularizer)? = nil, biasRegularizer: (any Regularizer)? = nil,
    activityRegularizer: (any Regularizer)? = nil, kernelConstraint: (any Constraint)? = nil,
    biasConstraint: (any Constraint)? = nil
  ) {
    self.units = units
    self.activation = activation
    self.useBias = useBias
    self.kernelInitializer = kernelInitializer
    self.biasInitializer = biasInitializer
    self.kernelRegularizer = kernelRegularizer
    self.biasRegularizer = biasRegularizer
    self.activityRegularizer = activityRegularizer
    self.kernelConstraint = kernelConstraint
    self.biasConstraint = biasConstraint
  }

  public func outputWidth(inputWidth: Int) throws(EngineError) -> Int {
    try OptionCheck(kind).whole("units", units, from: 1)
    // Sizes in floats and bytes, padding and a few copies included, stay far from overflow below this.
    guard units < 1 << 31, inputWidth < 1 << 31, units * inputWidth < 1 << 36 else {
      throw .tooLarge(
        what:
          "a kernel of \(inputWidth) × \(units), \(memoryText(floats: Double(inputWidth) * Double(units))),")
    }
    try activation.check()
    try activityRegularizer?.check()
    guard activityRegularizer == nil || activityRegularizer is L1L2 else {
      throw OptionCheck(kind).refuse(
        "activity_regularizer", activityRegularizer?.name ?? "", "l1, l2 or l1l2")
    }
    return try activation.outputWidth(inputWidth: units)
  }

  public func parameters(inputWidth: Int) -> [ParameterSpecification] {
    var list = [
      ParameterSpecification(
        name: "kernel", shape: [inputWidth, units], initializer: kernelInitializer,
        regularizer: kernelRegularizer, constraint: kernelConstraint)
    ]
    if useBias {
      list.append(
        ParameterSpecification(
          name: "bias", shape: [units], initializer: biasInitializer, regularizer: biasRegularizer,
          constraint: biasConstraint))
    }
    return list
  }
}
