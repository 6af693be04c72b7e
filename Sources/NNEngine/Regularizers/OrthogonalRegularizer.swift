/// `factor / 2 · Σ|cos|` over all ordered pairs of a kernel's rows (or columns), divided by the number of pairs; it is 0 where
/// they are orthogonal (Keras's OrthogonalRegularizer).
public struct OrthogonalRegularizer: Regularizer {
  public enum Mode: String, Sendable {
    case rows, columns
  }

  public let name = "orthogonal"
  public var factor: Float
  public var mode: Mode

  public init(factor: Float = 0.01, mode: Mode = .rows) {
    self.factor = factor
    self.mode = mode
  }

  public var isZero: Bool { factor == 0 }

  public func check() throws(EngineError) {
    try OptionCheck(name).notNegative(["factor": factor])
  }

  public func check(shape: [Int]) throws(EngineError) {
    try OptionCheck(name).kernel(shape)
    let lines = mode == .rows ? shape[0] : shape[1]
    guard lines > 1 else {
      throw OptionCheck(name).refuse(mode.rawValue, lines, "at least 2, for it compares them with each other")
    }
  }

  /// A normalized line and one of gradients for each, and the lines' norms.
  public func scratchCount(rows: Int, columns: Int) -> Int { 2 * rows * columns + max(rows, columns) }

  public func penalty(_ tensor: RegularizedTensor) -> Float {
    let lines = Lines(tensor, mode)
    lines.normalize()
    var sum = 0.0
    for i in 0..<lines.count {
      for j in 0..<i { sum += Double(abs(lines.cosine(i, j))) }
    }
    // Each pair stands twice in Keras's product, which its 0.5 takes back.
    return factor * Float(sum / lines.pairs)
  }

  /// With u = w / |w|: d|uᵢ·uⱼ| by uᵢ is sign(uᵢ·uⱼ)·uⱼ, and d by w is (d by u − (d by u · u)·u) / |w|.
  public func addGradient(_ tensor: RegularizedTensor) {
    let lines = Lines(tensor, mode)
    lines.normalize()
    lines.clearGradients()
    let weight = factor / Float(lines.pairs)
    for i in 0..<lines.count {
      for j in 0..<i {
        let cosine = lines.cosine(i, j)
        if cosine == 0 { continue }
        let signed = cosine > 0 ? weight : -weight
        lines.add(signed, of: j, toGradientOf: i)
        lines.add(signed, of: i, toGradientOf: j)
      }
    }
    lines.addToTensor()
  }

  /// The rows or columns of a tensor.
  private struct Lines {
    let count: Int
    let length: Int
    let pairs: Double
    private let values: UnsafeMutablePointer<Float>
    private let gradients: UnsafeMutablePointer<Float>
    private let along: Int
    private let across: Int
    // SAFETY: the tensor's scratch holds two floats an element, then one a line.
    private let unit: UnsafeMutablePointer<Float>
    private let slope: UnsafeMutablePointer<Float>
    private let inverse: UnsafeMutablePointer<Float>

    init(_ tensor: RegularizedTensor, _ mode: Mode) {
      count = mode == .rows ? tensor.rows : tensor.columns
      length = mode == .rows ? tensor.columns : tensor.rows
      along = mode == .rows ? 1 : tensor.stride
      across = mode == .rows ? tensor.stride : 1
      pairs = Double(count) * Double(count - 1) / 2
      values = tensor.values
      gradients = tensor.gradients
      unit = tensor.scratch
      slope = tensor.scratch + count * length
      inverse = slope + count * length
    }

    /// Keras's `normalize`: w · min(1 / √Σw², 1e7).
    func normalize() {
      for i in 0..<count {
        var sum: Float = 0
        for k in 0..<length {
          let w = values[i * across + k * along]
          sum += w * w
        }
        let scale = 1 / sum.squareRoot()
        inverse[i] = scale > 1e7 ? 1e7 : scale
        for k in 0..<length { unit[i * length + k] = values[i * across + k * along] * inverse[i] }
      }
    }

    func cosine(_ i: Int, _ j: Int) -> Float { dot(unit + i * length, unit + j * length) }

    func clearGradients() { slope.update(repeating: 0, count: count * length) }

    func add(_ factor: Float, of j: Int, toGradientOf i: Int) {
      for k in 0..<length { slope[i * length + k] += factor * unit[j * length + k] }
    }

    func addToTensor() {
      for i in 0..<count {
        let through = dot(slope + i * length, unit + i * length)
        for k in 0..<length {
          let at = i * length + k
          gradients[i * across + k * along] += (slope[at] - through * unit[at]) * inverse[i]
        }
      }
    }

    private func dot(_ a: UnsafeMutablePointer<Float>, _ b: UnsafeMutablePointer<Float>) -> Float {
      var sum: Float = 0
      for k in 0..<length { sum += a[k] * b[k] }
      return sum
    }
  }
}
