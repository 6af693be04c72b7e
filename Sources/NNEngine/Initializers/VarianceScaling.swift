/// Keeps a signal's variance from layer to layer: draws with variance `scale / n`, n being the fan-in, the fan-out or their mean
/// (Keras's VarianceScaling). A truncated normal is cut off at two standard deviations and widened so that what is left has
/// that variance.
public struct VarianceScaling: Initializer {
  public enum Mode: String, Sendable {
    case fanIn = "fan_in"
    case fanOut = "fan_out"
    case fanAverage = "fan_avg"
  }

  public enum Distribution: String, Sendable {
    case truncatedNormal = "truncated_normal"
    case normal = "untruncated_normal"
    case uniform
  }

  public let name: String
  public var scale: Double
  public var mode: Mode
  public var distribution: Distribution

  public init(
    scale: Double = 1, mode: Mode = .fanIn, distribution: Distribution = .truncatedNormal,
    name: String = "variance_scaling"
  ) {
    self.scale = scale
    self.mode = mode
    self.distribution = distribution
    self.name = name
  }

  public func check() throws(EngineError) {
    try OptionCheck(name).positive(["scale": scale])
  }

  public func values(shape: [Int], generator: Philox) -> [Float] {
    let (fanIn, fanOut) = fans(shape)
    let count: Double =
      switch mode {
      case .fanIn: fanIn
      case .fanOut: fanOut
      case .fanAverage: (fanIn + fanOut) / 2
      }
    let variance = scale / max(1, count)
    switch distribution {
    case .truncatedNormal:
      return truncatedNormal(shape, variance.squareRoot() / 0.87962566103423978, generator)
    case .normal: return normal(shape, variance.squareRoot(), generator)
    case .uniform:
      let limit = Float((3 * variance).squareRoot())
      return uniform(shape, -limit, limit, generator)
    }
  }
}

extension Initializer where Self == VarianceScaling {
  /// Uniform with variance 2 / (fan-in + fan-out) (Glorot and Bengio 2010).
  public static var glorotUniform: VarianceScaling {
    VarianceScaling(mode: .fanAverage, distribution: .uniform, name: "glorot_uniform")
  }
  /// Truncated normal with variance 2 / (fan-in + fan-out) (Glorot and Bengio 2010).
  public static var glorotNormal: VarianceScaling {
    VarianceScaling(mode: .fanAverage, name: "glorot_normal")
  }
  /// Uniform with variance 2 / fan-in (He et al. 2015).
  public static var heUniform: VarianceScaling {
    VarianceScaling(scale: 2, distribution: .uniform, name: "he_uniform")
  }
  /// Truncated normal with variance 2 / fan-in (He et al. 2015).
  public static var heNormal: VarianceScaling { VarianceScaling(scale: 2, name: "he_normal") }
  /// Uniform with variance 1 / fan-in (LeCun et al. 1998).
  public static var lecunUniform: VarianceScaling {
    VarianceScaling(distribution: .uniform, name: "lecun_uniform")
  }
  /// Truncated normal with variance 1 / fan-in (LeCun et al. 1998).
  public static var lecunNormal: VarianceScaling { VarianceScaling(name: "lecun_normal") }
}
