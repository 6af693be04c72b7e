@testable import NNEngine

/// Activations in double, by their formulas.
extension ReferenceNetwork {
  static func sigmoid(_ x: Double) -> Double { 1 / (1 + referenceExp(-x)) }
  static func softplus(_ x: Double) -> Double { max(x, 0) + referenceLog(1 + referenceExp(-abs(x))) }
  static func cut(_ x: Double, _ low: Double, _ high: Double) -> Double { min(max(x, low), high) }

  static func activate(_ activation: any Activation, _ z: [Double]) -> [Double] {
    switch activation {
    case is Softmax: return softmax(z)
    case is LogSoftmax: return softmax(z).map(referenceLog)
    case is Sparsemax: return sparsemax(z)
    case is GLU:
      let half = z.count / 2
      return (0..<half).map { z[$0] * sigmoid(z[half + $0]) }
    default: return z.map { activate(activation, $0) }
    }
  }

  private static func activate(_ activation: any Activation, _ x: Double) -> Double {
    switch activation {
    case let relu as ReLU:
      let threshold = Double(relu.threshold)
      var y = x > threshold ? x : 0
      if let most = relu.maxValue { y = cut(y, 0, Double(most)) }
      return y - Double(relu.negativeSlope) * max(threshold - x, 0)
    case is ReLU6: return cut(x, 0, 6)
    case let leaky as LeakyReLU: return x > 0 ? x : Double(leaky.negativeSlope) * x
    case let elu as ELU: return x > 0 ? x : Double(elu.alpha) * referenceExpm1(x)
    case let celu as CELU: return x > 0 ? x : Double(celu.alpha) * referenceExpm1(x / Double(celu.alpha))
    case is SELU: return 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * referenceExpm1(x))
    case let gelu as GELU:
      let inner =
        gelu.approximate
        ? referenceTanh(0.7978845608028654 * (x + 0.044715 * x * x * x)) : referenceErf(x / 2.0.squareRoot())
      return 0.5 * x * (1 + inner)
    case is SiLU: return x * sigmoid(x)
    case is Mish: return x * referenceTanh(softplus(x))
    case is Softplus: return softplus(x)
    case is Softsign: return x / (1 + abs(x))
    case let square as Squareplus: return (x + (x * x + Double(square.b)).squareRoot()) / 2
    case is SparsePlus: return x <= -1 ? 0 : x < 1 ? (x + 1) * (x + 1) / 4 : x
    case is Sigmoid: return sigmoid(x)
    case is LogSigmoid: return -softplus(-x)
    case is HardSigmoid: return cut(x + 3, 0, 6) / 6
    case is SparseSigmoid: return cut((x + 1) / 2, 0, 1)
    case is Tanh: return referenceTanh(x)
    case is HardTanh: return cut(x, -1, 1)
    case is TanhShrink: return x - referenceTanh(x)
    case let soft as SoftShrink:
      let threshold = Double(soft.threshold)
      return x > threshold ? x - threshold : x < -threshold ? x + threshold : 0
    case let hard as HardShrink: return abs(x) > Double(hard.threshold) ? x : 0
    case let edge as Threshold: return x > Double(edge.threshold) ? x : Double(edge.defaultValue)
    case is HardSiLU: return x * cut(x + 3, 0, 6) / 6
    case is Exponential: return referenceExp(x)
    default: return x
    }
  }

  private static func softmax(_ z: [Double]) -> [Double] {
    let top = z.max() ?? 0
    let e = z.map { referenceExp($0 - top) }
    let sum = e.reduce(0, +)
    return e.map { $0 / sum }
  }

  /// As Keras 3 has it: the sum of all running sums, and not the last.
  static func sparsemax(_ z: [Double]) -> [Double] {
    var running = 0.0
    var all = 0.0
    var above = 0.0
    for (index, value) in z.sorted(by: >).enumerated() {
      running += value
      guard value - (running - 1) / Double(index + 1) > 0 else { break }
      all += running
      above += 1
    }
    return z.map { max($0 - (all - 1) / above, 0) }
  }
}
