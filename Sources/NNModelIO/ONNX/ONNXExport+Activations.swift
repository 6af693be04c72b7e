import NNEngine

extension ONNXExport {
  /// An activation in ONNX's operators, by the engine's formulas.
  ///
  /// - Parameter width: the units that go in, where they are known; only those of a row as a whole need them.
  mutating func activation(
    _ activation: any Activation, _ x: String, width: Int?
  ) throws(ExportError) -> String {
    switch activation {
    case is Linear: return x
    case let relu as ReLU: return self.relu(relu, x)
    case is ReLU6: return clip(x, 0, 6)
    case let leaky as LeakyReLU:
      return builder.node("LeakyRelu", [x], [.init("alpha", float: leaky.negativeSlope)])
    case let elu as ELU: return builder.node("Elu", [x], [.init("alpha", float: elu.alpha)])
    case let celu as CELU: return builder.node("Celu", [x], [.init("alpha", float: celu.alpha)])
    case is SELU: return builder.node("Selu", [x])
    case let gelu as GELU: return self.gelu(gelu, x)
    case is SiLU: return mul(x, builder.node("Sigmoid", [x]))
    case is Mish: return mul(x, builder.node("Tanh", [builder.node("Softplus", [x])]))
    case is Softplus: return builder.node("Softplus", [x])
    case is Softsign: return builder.node("Softsign", [x])
    case let squareplus as Squareplus:
      let root = builder.node("Sqrt", [builder.node("Add", [mul(x, x), builder.float(squareplus.b)])])
      return mul(builder.node("Add", [x, root]), builder.float(0.5))
    case is SparsePlus:
      let above = builder.node("Add", [x, builder.float(1)])
      let inside = mul(mul(above, above), builder.float(0.25))
      let upper = choose("Less", x, 1, inside, x)
      return choose("LessOrEqual", x, -1, builder.float(0), upper)
    case is Sigmoid: return builder.node("Sigmoid", [x])
    case is LogSigmoid:
      return builder.node("Neg", [builder.node("Softplus", [builder.node("Neg", [x])])])
    case is HardSigmoid: return hardSigmoid(x, 1 / 6)
    case is SparseSigmoid: return hardSigmoid(x, 0.5)
    case is HardSiLU: return mul(x, hardSigmoid(x, 1 / 6))
    case is Tanh: return builder.node("Tanh", [x])
    case is HardTanh: return clip(x, -1, 1)
    case is TanhShrink: return builder.node("Sub", [x, builder.node("Tanh", [x])])
    case let shrink as SoftShrink:
      let bound = builder.float(shrink.threshold)
      let below = choose("Less", x, -shrink.threshold, builder.node("Add", [x, bound]), builder.float(0))
      return choose("Greater", x, shrink.threshold, builder.node("Sub", [x, bound]), below)
    case let shrink as HardShrink:
      let size = builder.node("Abs", [x])
      return choose("LessOrEqual", size, shrink.threshold, builder.float(0), x)
    case let threshold as Threshold:
      return choose("LessOrEqual", x, threshold.threshold, builder.float(threshold.defaultValue), x)
    case is Exponential: return builder.node("Exp", [x])
    case is Softmax: return builder.node("Softmax", [x], [.init("axis", int: -1)])
    case is LogSoftmax: return builder.node("LogSoftmax", [x], [.init("axis", int: -1)])
    case is Sparsemax: return sparsemax(x)
    case is GLU:
      let halves = builder.node("Split", [x], outputs: 2, axis: -1)
      return mul(halves[0], builder.node("Sigmoid", [halves[1]]))
    default: throw .ownFunction(activation.name)
    }
  }

  private mutating func mul(_ a: String, _ b: String) -> String { builder.node("Mul", [a, b]) }

  private mutating func clip(_ x: String, _ low: Float, _ high: Float) -> String {
    builder.node("Clip", [x, builder.float(low), builder.float(high)])
  }

  /// `then` where `value` compares so with a number, else `other`.
  private mutating func choose(
    _ comparison: String, _ value: String, _ bound: Float, _ then: String, _ other: String
  ) -> String {
    builder.node("Where", [builder.node(comparison, [value, builder.float(bound)]), then, other])
  }

  private mutating func hardSigmoid(_ x: String, _ slope: Float) -> String {
    builder.node("HardSigmoid", [x], [.init("alpha", float: slope), .init("beta", float: 0.5)])
  }

  /// With Keras's options: x above the threshold, at most the maximum, and a slope below the threshold.
  private mutating func relu(_ relu: ReLU, _ x: String) -> String {
    var y =
      relu.threshold == 0
      ? builder.node("Relu", [x]) : choose("LessOrEqual", x, relu.threshold, builder.float(0), x)
    if let most = relu.maxValue {
      y = builder.node("Min", [y, builder.float(most)])
      if relu.threshold < 0 { y = builder.node("Relu", [y]) }
    }
    guard relu.negativeSlope != 0 else { return y }
    let below = builder.node("Relu", [builder.node("Sub", [builder.float(relu.threshold), x])])
    return builder.node("Sub", [y, mul(below, builder.float(relu.negativeSlope))])
  }

  private mutating func gelu(_ gelu: GELU, _ x: String) -> String {
    let inner: String
    if gelu.approximate {
      let cube = mul(mul(mul(x, x), x), builder.float(0.044715))
      inner = builder.node(
        "Tanh", [mul(builder.node("Add", [x, cube]), builder.float(0.7978845608028654))])
    } else {
      inner = builder.node("Erf", [mul(x, builder.float(0.70710678118654752))])
    }
    return mul(mul(x, builder.float(0.5)), builder.node("Add", [inner, builder.float(1)]))
  }

  /// By the row sorted downwards and its running sums (``Sparsemax``).
  private mutating func sparsemax(_ x: String) -> String {
    let one = builder.integers(builder.constantName("axis"), [1], shape: [1])
    let axis = builder.integers(builder.constantName("axis"), [1], shape: [])
    let shape = builder.node("Shape", [x])
    let width = builder.node("Gather", [shape, one], [.init("axis", int: 0)])
    let sorted = builder.node("TopK", [x, width], outputs: 2, axis: 1)[0]
    let sums = builder.node("CumSum", [sorted, axis])
    let ones = builder.node("Add", [mul(sorted, builder.float(0)), builder.float(1)])
    let places = builder.node("CumSum", [ones, axis])
    let bound = builder.node("Div", [builder.node("Sub", [sums, builder.float(1)]), places])
    let isAbove = builder.cast(
      builder.node("Greater", [builder.node("Sub", [sorted, bound]), builder.float(0)]), to: .float)
    let count = builder.node("ReduceSum", [isAbove, one], [.init("keepdims", int: 1)])
    let total = builder.node("ReduceSum", [mul(sums, isAbove), one], [.init("keepdims", int: 1)])
    let threshold = builder.node("Div", [builder.node("Sub", [total, builder.float(1)]), count])
    return builder.node("Relu", [builder.node("Sub", [x, threshold])])
  }
}
