/// No weight below 0.
public struct NonNegative: Constraint {
  public let name = "non_neg"
  public init() {}

  public func apply(_ tensor: ConstrainedTensor) {
    for row in 0..<tensor.rows {
      // SAFETY: as in scaleLines.
      let line = tensor.values + row * tensor.stride
      for column in 0..<tensor.columns where line[column] < 0 { line[column] = 0 }
    }
  }
}
