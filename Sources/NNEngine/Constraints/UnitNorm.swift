/// Norms of 1.
public struct UnitNorm: Constraint {
  public let name = "unit_norm"
  public var axis: NormAxis

  public init(axis: NormAxis = .inputs) { self.axis = axis }

  public func check(shape: [Int]) throws(EngineError) { try axis.check(shape: shape, name) }

  public func apply(_ tensor: ConstrainedTensor) {
    tensor.scaleLines(axis) { norm in 1 / (normEpsilon + norm) }
  }
}
