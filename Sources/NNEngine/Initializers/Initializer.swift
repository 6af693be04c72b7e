/// Fills a parameter before training, as Keras 3's initializers of the same names.
public protocol Initializer: Sendable {
  /// The name in the catalog, as in `glorot_uniform`.
  var name: String { get }
  /// Throws if an option makes no sense.
  func check() throws(EngineError)
  /// Throws if it cannot fill this shape.
  func check(shape: [Int]) throws(EngineError)
  /// The values of a parameter of this shape, in row-major order. Element i uses the generator's i-th number, so that
  /// values do not depend on anything but the seed and the parameter's path.
  func values(shape: [Int], generator: Philox) -> [Float]
}

extension Initializer {
  public func check() throws(EngineError) {}
  public func check(shape: [Int]) throws(EngineError) {}
}

/// Fan-in and fan-out of a shape, as Keras computes them.
func fans(_ shape: [Int]) -> (in: Double, out: Double) {
  switch shape.count {
  case 0: (1, 1)
  case 1: (Double(shape[0]), Double(shape[0]))
  default: (Double(shape[0]), Double(shape[1]))
  }
}

func elementCount(_ shape: [Int]) -> Int { shape.reduce(1) { $0 &* $1 } }

/// `count` numbers of 32 random bits each.
func words(_ count: Int, _ generator: Philox, _ body: (UInt32) -> Float) -> [Float] {
  var out: [Float] = []
  out.reserveCapacity(max(count, 0))
  var block: UInt64 = 0
  while out.count < count {
    let draw = generator.block(
      UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: block >> 32), 0, 0)
    for word in [draw.0, draw.1, draw.2, draw.3] where out.count < count { out.append(body(word)) }
    block += 1
  }
  return out
}

/// Uniform on [low, high).
func uniform(_ shape: [Int], _ low: Float, _ high: Float, _ generator: Philox) -> [Float] {
  words(elementCount(shape), generator) { word in
    let unit = Float(word >> 8) * 0x1p-24
    return unit * (high - low) + low
  }
}

/// Normal around 0 with this spread.
func normal(_ shape: [Int], _ deviation: Double, _ generator: Philox) -> [Float] {
  words(elementCount(shape), generator) { word in
    Float(Normal.quantile((Double(word) + 0.5) * 0x1p-32) * deviation)
  }
}

/// Normal with this spread, cut off at two standard deviations.
func truncatedNormal(_ shape: [Int], _ deviation: Double, _ generator: Philox) -> [Float] {
  // Φ(-2) and the mass between -2 and 2.
  let below = 0.022750131948179207
  let mass = 0.9544997361036416
  return words(elementCount(shape), generator) { word in
    let unit = (Double(word) + 0.5) * 0x1p-32
    return Float(Normal.quantile(below + unit * mass) * deviation)
  }
}
