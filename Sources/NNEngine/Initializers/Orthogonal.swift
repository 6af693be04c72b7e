/// A kernel whose rows (or columns, the fewer of them) are orthogonal and of length `gain`, uniformly distributed among all such
/// (Saxe et al. 2014): the Q of a normal matrix's QR, with the signs that make R's diagonal positive.
public struct Orthogonal: Initializer {
  public let name = "orthogonal"
  public var gain: Double

  public init(gain: Double = 1) { self.gain = gain }

  public func check() throws(EngineError) {
    try OptionCheck(name).finite(["gain": gain])
  }

  public func check(shape: [Int]) throws(EngineError) { try OptionCheck(name).kernel(shape) }

  /// Gram and Schmidt's method, twice, in double: what it leaves is orthogonal to rounding, and R's diagonal is positive.
  public func values(shape: [Int], generator: Philox) -> [Float] {
    guard shape.count == 2, elementCount(shape) > 0 else { return [] }
    let length = max(shape[0], shape[1])
    let count = min(shape[0], shape[1])
    let draws = normal([length, count], 1, generator)
    // Vector k is contiguous, so that products run along memory.
    var vectors = [Double](repeating: 0, count: length * count)
    for i in 0..<length {
      for k in 0..<count { vectors[k * length + i] = Double(draws[i * count + k]) }
    }
    vectors.withUnsafeMutableBufferPointer { all in
      for k in 0..<count {
        for _ in 0..<2 {
          for j in 0..<k { remove(all, j * length, from: k * length, length) }
        }
        let norm = dot(all, k * length, k * length, length).squareRoot()
        for i in 0..<length { all[k * length + i] /= norm }
      }
    }
    var out = [Float](repeating: 0, count: length * count)
    let isTall = shape[0] >= shape[1]
    for k in 0..<count {
      for i in 0..<length {
        out[isTall ? i * count + k : k * length + i] = Float(vectors[k * length + i] * gain)
      }
    }
    return out
  }

  private func remove(
    _ all: UnsafeMutableBufferPointer<Double>, _ j: Int, from k: Int, _ length: Int
  ) {
    let share = dot(all, j, k, length)
    for i in 0..<length { all[k + i] -= share * all[j + i] }
  }

  /// In eight lanes, which the processor's vectors take whole.
  private func dot(_ all: UnsafeMutableBufferPointer<Double>, _ a: Int, _ b: Int, _ length: Int) -> Double {
    var lanes = SIMD8<Double>(repeating: 0)
    var i = 0
    while i + 8 <= length {
      var left = SIMD8<Double>()
      var right = SIMD8<Double>()
      for lane in 0..<8 {
        left[lane] = all[a + i + lane]
        right[lane] = all[b + i + lane]
      }
      lanes += left * right
      i += 8
    }
    let four = lanes.lowHalf + lanes.highHalf
    let two = four.lowHalf + four.highHalf
    var sum = two.x + two.y
    while i < length {
      sum += all[a + i] * all[b + i]
      i += 1
    }
    return sum
  }
}
