/// Scales that keep a signal's variance from layer to layer. The uniform ones draw from ±√(3·scale), the normal ones
/// from a normal distribution cut off at two standard deviations, widened so that what is left has variance `scale`
/// (Keras's VarianceScaling).
private func scaledUniform(_ shape: [Int], _ scale: Double, _ generator: Philox) -> [Float] {
  let limit = Float((3 * scale).squareRoot())
  return uniform(shape, -limit, limit, generator)
}

private func scaledNormal(_ shape: [Int], _ scale: Double, _ generator: Philox) -> [Float] {
  truncatedNormal(shape, scale.squareRoot() / 0.87962566103423978, generator)
}

/// Uniform with variance 2 / (fan-in + fan-out) (Glorot and Bengio 2010).
public struct GlorotUniform: Initializer {
  public let name = "glorot_uniform"
  public init() {}
  public func values(shape: [Int], generator: Philox) -> [Float] {
    let scale = 1 / max(1, (fans(shape).in + fans(shape).out) / 2)
    return scaledUniform(shape, scale, generator)
  }
}

/// Truncated normal with variance 2 / (fan-in + fan-out) (Glorot and Bengio 2010).
public struct GlorotNormal: Initializer {
  public let name = "glorot_normal"
  public init() {}
  public func values(shape: [Int], generator: Philox) -> [Float] {
    let scale = 1 / max(1, (fans(shape).in + fans(shape).out) / 2)
    return scaledNormal(shape, scale, generator)
  }
}

/// Uniform with variance 2 / fan-in (He et al. 2015).
public struct HeUniform: Initializer {
  public let name = "he_uniform"
  public init() {}
  public func values(shape: [Int], generator: Philox) -> [Float] {
    let scale = 2 / max(1, fans(shape).in)
    return scaledUniform(shape, scale, generator)
  }
}

/// Truncated normal with variance 2 / fan-in (He et al. 2015).
public struct HeNormal: Initializer {
  public let name = "he_normal"
  public init() {}
  public func values(shape: [Int], generator: Philox) -> [Float] {
    let scale = 2 / max(1, fans(shape).in)
    return scaledNormal(shape, scale, generator)
  }
}

/// Uniform with variance 1 / fan-in (LeCun et al. 1998).
public struct LecunUniform: Initializer {
  public let name = "lecun_uniform"
  public init() {}
  public func values(shape: [Int], generator: Philox) -> [Float] {
    let scale = 1 / max(1, fans(shape).in)
    return scaledUniform(shape, scale, generator)
  }
}

/// Truncated normal with variance 1 / fan-in (LeCun et al. 1998).
public struct LecunNormal: Initializer {
  public let name = "lecun_normal"
  public init() {}
  public func values(shape: [Int], generator: Philox) -> [Float] {
    let scale = 1 / max(1, fans(shape).in)
    return scaledNormal(shape, scale, generator)
  }
}
