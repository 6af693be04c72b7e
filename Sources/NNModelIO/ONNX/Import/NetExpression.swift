import NNData

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What is done with each unit by itself, as a graph spells it: an activation is often a dozen operators.
///
/// Which of the catalog's activations it is, is told by its values at some points and not by its spelling, since every
/// exporter has its own. Only this choice is made of these numbers; no weight is.
indirect enum NetExpression {
  case unit
  case number(Double)
  case call(String, [NetExpression], alpha: Double = 0, beta: Double = 0)

  /// An expression that is written out again and again grows fast.
  static let sizeLimit = 300

  var size: Int {
    switch self {
    case .unit, .number: 1
    case .call(_, let arguments, _, _): arguments.reduce(1) { $0 + $1.size }
    }
  }

  var isUnit: Bool { if case .unit = self { true } else { false } }

  func value(at x: Double) -> Double {
    switch self {
    case .unit: return x
    case .number(let number): return number
    case .call(let name, let arguments, let alpha, let beta):
      let a = arguments.first?.value(at: x) ?? .nan
      let b = arguments.count > 1 ? arguments[1].value(at: x) : .nan
      switch name {
      case "Add": return a + b
      case "Sub": return a - b
      case "Mul": return a * b
      case "Div": return a / b
      case "Pow": return pow(a, b)
      case "Max": return max(a, b)
      case "Min": return min(a, b)
      case "Greater": return a > b ? 1 : 0
      case "GreaterOrEqual": return a >= b ? 1 : 0
      case "Less": return a < b ? 1 : 0
      case "LessOrEqual": return a <= b ? 1 : 0
      case "Where": return a != 0 ? b : arguments.count > 2 ? arguments[2].value(at: x) : .nan
      case "Neg": return -a
      case "Abs": return abs(a)
      case "Sign": return a > 0 ? 1 : a < 0 ? -1 : a
      case "Exp": return exp(a)
      case "Log": return log(a)
      case "Sqrt": return a.squareRoot()
      case "Reciprocal": return 1 / a
      case "Erf": return erf(a)
      case "Erfc": return erfc(a)
      case "Tanh": return tanh(a)
      case "Sigmoid": return 1 / (1 + exp(-a))
      case "Softplus": return max(a, 0) + log1p(exp(-abs(a)))
      case "Softsign": return a / (1 + abs(a))
      case "Relu": return max(a, 0)
      case "LeakyRelu": return a > 0 ? a : alpha * a
      case "Elu": return a > 0 ? a : alpha * expm1(a)
      case "Celu": return a > 0 ? a : alpha * expm1(a / alpha)
      case "Selu": return a > 0 ? beta * a : beta * alpha * expm1(a)
      case "HardSigmoid": return min(max(alpha * a + beta, 0), 1)
      case "ThresholdedRelu": return a > alpha ? a : 0
      case "Clip": return min(max(a, alpha), beta)
      case "HardSwish": return a * min(max(a / 6 + 0.5, 0), 1)
      case "Mish": return a * tanh(max(a, 0) + log1p(exp(-abs(a))))
      case "Swish": return a / (1 + exp(-alpha * a))
      case "Gelu": return 0.5 * a * (1 + erf(a * 0.5.squareRoot()))
      case "GeluTanh": return 0.5 * a * (1 + tanh(0.7978845608028654 * (a + 0.044715 * a * a * a)))
      case "Shrink": return a < -alpha ? a + beta : a > alpha ? a - beta : 0
      default: return .nan
      }
    }
  }

  // MARK: Which it is

  private static let points: [Double] = [
    -30, -8, -5.5, -3.2, -2.7, -2, -1.3, -1, -0.8, -0.45, -0.2, -0.05, 0, 0.05, 0.15, 0.4, 0.6, 0.9, 1, 1.5,
    2.2, 2.9,
    3.3, 5, 5.9, 6.4, 9, 25,
  ]

  /// Scale and shift, if it is only these.
  var line: (scale: Float, shift: Float)? {
    let shift = value(at: 0)
    let scale = value(at: 1) - shift
    guard scale.isFinite, shift.isFinite else { return nil }
    return isLike { scale * $0 + shift } ? (Float(scale), Float(shift)) : nil
  }

  /// - Parameter edge: where it may jump, so that it is looked at there, too.
  private func isLike(edge: Double? = nil, _ other: (Double) -> Double) -> Bool {
    let near = edge.map { edge in [edge, -edge].flatMap { [$0 * 0.999, $0, $0 * 1.001] } } ?? []
    return (Self.points + near).allSatisfy { x in
      let (mine, others) = (value(at: x), other(x))
      return abs(mine - others) <= 2e-6 * max(1, abs(others))
    }
  }

  /// The numbers in it, from the least magnitude.
  private var numbers: [Double] {
    var found: Set<Double> = []
    func collect(_ expression: NetExpression) {
      switch expression {
      case .unit: break
      case .number(let number): found.insert(number)
      case .call(_, let arguments, _, _): arguments.forEach(collect)
      }
    }
    collect(self)
    return found.sorted { (abs($0), $0) < (abs($1), $1) }
  }

  /// What jumps or bends at a number that is written in it, as exporters write out shrinking and thresholds.
  private var edged: (name: String, options: [String: Double])? {
    for edge in numbers where edge.isFinite {
      if edge > 0, isLike(edge: edge, { abs($0) > edge ? $0 : 0 }) {
        return ("hard_shrink", ["threshold": edge])
      }
      if edge > 0, isLike(edge: edge, { $0 > edge ? $0 - edge : $0 < -edge ? $0 + edge : 0 }) {
        return ("soft_shrink", ["threshold": edge])
      }
      let below = value(at: edge - max(1, abs(edge)))
      if below.isFinite, isLike(edge: edge, { $0 > edge ? $0 : below }) {
        return ("threshold", ["threshold": edge, "default_value": below])
      }
    }
    return nil
  }

  /// The activation of the catalog that it is.
  var activation: CallRecord? {
    func call(_ name: String, _ options: [String: Double] = [:]) -> CallRecord {
      CallRecord(name: name, options: options.mapValues { .number(Double(Float($0))) })
    }
    func spelt(_ name: String, _ alpha: Double = 0, _ beta: Double = 0) -> (Double) -> Double {
      let expression = NetExpression.call(name, [.unit], alpha: alpha, beta: beta)
      return { expression.value(at: $0) }
    }
    func clip(_ x: Double, _ low: Double, _ high: Double) -> Double { min(max(x, low), high) }
    // The numbers that options would have, read off where they show.
    let slope = -value(at: -1)
    let floor = -value(at: -60)
    let top = value(at: 1e4)
    let edge = value(at: -1e4)
    let selu = (alpha: 1.6732632423543772, scale: 1.0507009873554805)
    let candidates: [(CallRecord, (Double) -> Double)] = [
      (call("relu"), spelt("Relu")), (call("sigmoid"), spelt("Sigmoid")), (call("tanh"), spelt("Tanh")),
      (call("relu6"), { clip($0, 0, 6) }), (call("gelu"), spelt("Gelu")),
      (CallRecord(name: "gelu", options: ["approximate": .bool(true)]), spelt("GeluTanh")),
      (call("silu"), spelt("Swish", 1)), (call("mish"), spelt("Mish")), (call("softplus"), spelt("Softplus")),
      (call("softsign"), spelt("Softsign")), (call("exponential"), spelt("Exp")),
      (call("selu"), spelt("Selu", selu.alpha, selu.scale)), (call("hard_silu"), spelt("HardSwish")),
      (call("hard_sigmoid"), spelt("HardSigmoid", 1 / 6.0, 0.5)),
      (call("sparse_sigmoid"), spelt("HardSigmoid", 0.5, 0.5)),
      (call("hard_tanh"), { clip($0, -1, 1) }), (call("tanh_shrink"), { $0 - tanh($0) }),
      (call("log_sigmoid"), { -(max(-$0, 0) + log1p(exp(-abs($0)))) }),
      (call("squareplus"), { ($0 + ($0 * $0 + 4).squareRoot()) / 2 }),
      (call("sparse_plus"), { $0 <= -1 ? 0 : $0 < 1 ? ($0 + 1) * ($0 + 1) / 4 : $0 }),
      (call("leaky_relu", ["negative_slope": slope]), spelt("LeakyRelu", slope)),
      (call("elu", ["alpha": floor]), spelt("Elu", floor)),
      (call("celu", ["alpha": floor]), spelt("Celu", floor)),
      (call("relu", ["max_value": top]), { clip($0, 0, top) }),
    ]
    for (record, function) in candidates where isLike(function) {
      if record.name == "celu" || record.name == "elu", !(floor > 0) { continue }
      if record.name == "relu", !(top > 0) { continue }
      return record
    }
    if let edged { return call(edged.name, edged.options) }
    guard case .call(let name, let arguments, let alpha, let beta) = self, arguments.first?.isUnit == true
    else { return nil }
    // Those of a jump or an edge that no fixed point shows.
    switch name {
    case "ThresholdedRelu": return call("threshold", ["threshold": alpha, "default_value": 0])
    case "Shrink" where beta == 0 && alpha >= 0: return call("hard_shrink", ["threshold": alpha])
    case "Shrink" where beta == alpha && alpha >= 0: return call("soft_shrink", ["threshold": alpha])
    case "Clip" where edge == 0 && top > 0: return call("relu", ["max_value": top])
    default: return nil
    }
  }
}
