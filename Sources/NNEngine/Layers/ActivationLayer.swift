/// An activation as a layer of its own.
public struct ActivationLayer: Layer {
  public let kind = "activation"
  public var activation: any Activation

  public init(_ activation: any Activation) { self.activation = activation }

  public func outputWidth(inputWidth: Int) throws(EngineError) -> Int {
    try activation.check()
    return try activation.outputWidth(inputWidth: inputWidth)
  }

  public func parameters(inputWidth: Int) -> [ParameterSpecification] { [] }
}
