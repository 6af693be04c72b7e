/// x + f(x), f being layers that keep the width (He et al. 2016).
public struct Residual: Layer {
  public let kind = "residual"
  public var layers: [any Layer]

  public init(layers: [any Layer]) { self.layers = layers }

  public func outputWidth(inputWidth: Int) throws(EngineError) -> Int {
    let width = try layers.outputWidth(inputWidth: inputWidth)
    guard width == inputWidth else { throw .residualWidth(input: inputWidth, output: width) }
    return width
  }

  public func parameters(inputWidth: Int) -> [ParameterSpecification] {
    layers.parameters(inputWidth: inputWidth, path: "layers")
  }
}
