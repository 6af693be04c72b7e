/// Each row divided by its length. A row of zeros stays as it is and passes no gradient.
public struct UnitNormalization: Layer {
  public let kind = "unit_norm"

  public init() {}

  public func outputWidth(inputWidth: Int) throws(EngineError) -> Int { inputWidth }

  public func parameters(inputWidth: Int) -> [ParameterSpecification] { [] }
}
