import NNEngine

extension Catalog {
  private static func alpha(_ range: NumberRange) -> OptionDeclaration {
    OptionDeclaration("alpha", .number(range), default: .number(1), positional: true, "scale below 0")
  }
  private static func edge(_ help: String) -> OptionDeclaration {
    OptionDeclaration("threshold", .number(.any), default: .number(0.5), positional: true, help)
  }

  /// Activations, with Keras 3's names, defaults and formulas.
  static let activations: [Entry<any Activation>] = rectifiers + smooth + cut + rowActivations

  private static let rectifiers: [Entry<any Activation>] = [
    Entry("linear", "x itself") { _ in Linear() },
    Entry(
      "relu", "max(x, 0)",
      options: [
        OptionDeclaration(
          "negative_slope", .number(.any), default: .number(0), positional: true, "slope below the threshold"),
        OptionDeclaration(
          "max_value", .optional(.number(.nonNegative)), default: BoundValue.none, "upper bound"),
        OptionDeclaration("threshold", .number(.any), default: .number(0), "values below it are damped"),
      ]
    ) {
      ReLU(
        negativeSlope: $0.float("negative_slope", or: 0), maxValue: $0.float("max_value"),
        threshold: $0.float("threshold", or: 0))
    },
    Entry("relu6", "max(x, 0), at most 6") { _ in ReLU6() },
    Entry(
      "leaky_relu", "x above 0, negative_slope · x below",
      options: [
        OptionDeclaration(
          "negative_slope", .number(.any), default: .number(0.2), positional: true, "slope below 0")
      ]
    ) { LeakyReLU(negativeSlope: $0.float("negative_slope", or: 0.2)) },
    Entry("elu", "x above 0, alpha · (exp(x) − 1) below", options: [alpha(.any)]) {
      ELU(alpha: $0.float("alpha", or: 1))
    },
    Entry("celu", "x above 0, alpha · (exp(x / alpha) − 1) below", options: [alpha(.positive)]) {
      CELU(alpha: $0.float("alpha", or: 1))
    },
    Entry("selu", "elu with the scales that keep mean 0 and variance 1, for `init=lecun_normal`") { _ in
      SELU()
    },
  ]

  private static let smooth: [Entry<any Activation>] = [
    Entry(
      "gelu", "x · Φ(x), Φ the standard normal distribution",
      options: [
        OptionDeclaration(
          "approximate", .boolean, default: .boolean(false), "the tanh approximation instead of erf")
      ]
    ) { GELU(approximate: $0.boolean("approximate")) },
    Entry("silu", aliases: ["swish"], "x · sigmoid(x)") { _ in SiLU() },
    Entry("mish", "x · tanh(softplus(x))") { _ in Mish() },
    Entry("softplus", "ln(1 + exp(x))") { _ in Softplus() },
    Entry("softsign", "x / (1 + |x|)") { _ in Softsign() },
    Entry(
      "squareplus", "(x + √(x² + b)) / 2",
      options: [
        OptionDeclaration("b", .number(.nonNegative), default: .number(4), positional: true, "smoothness")
      ]
    ) { Squareplus(b: $0.float("b", or: 4)) },
    Entry("sigmoid", "1 / (1 + exp(−x))") { _ in Sigmoid() },
    Entry("log_sigmoid", "ln(sigmoid(x))") { _ in LogSigmoid() },
    Entry("tanh", "hyperbolic tangent") { _ in Tanh() },
    Entry("tanh_shrink", "x − tanh(x)") { _ in TanhShrink() },
    Entry("exponential", "exp(x)") { _ in Exponential() },
  ]

  private static let cut: [Entry<any Activation>] = [
    Entry("hard_sigmoid", "x / 6 + 1/2, cut to 0 and 1") { _ in HardSigmoid() },
    Entry("hard_silu", aliases: ["hard_swish"], "x · hard_sigmoid(x)") { _ in HardSiLU() },
    Entry("hard_tanh", "x, cut to −1 and 1") { _ in HardTanh() },
    Entry("hard_shrink", "x, but 0 where |x| is up to threshold", options: [edge("largest |x| that gives 0")])
    { HardShrink(threshold: $0.float("threshold", or: 0.5)) },
    Entry(
      "soft_shrink", "x moved by threshold towards 0",
      options: [edge("how far, and largest |x| that gives 0")]
    ) { SoftShrink(threshold: $0.float("threshold", or: 0.5)) },
    Entry("sparse_plus", "0 up to −1, (x + 1)² / 4 up to 1, x above") { _ in SparsePlus() },
    Entry("sparse_sigmoid", "(x + 1) / 2, cut to 0 and 1") { _ in SparseSigmoid() },
    Entry(
      "threshold", "x above threshold, default_value up to it",
      options: [
        OptionDeclaration(
          "threshold", .number(.any), positional: true, required: true, "largest value that is replaced"),
        OptionDeclaration(
          "default_value", aliases: ["value"], .number(.any), positional: true, required: true,
          "value that stands in"),
      ]
    ) { Threshold(threshold: $0.float("threshold", or: 0), defaultValue: $0.float("default_value", or: 0)) },
  ]

  private static let rowActivations: [Entry<any Activation>] = [
    Entry("softmax", "exp(x) / Σ exp(x) over a row") { _ in Softmax() },
    Entry("log_softmax", "ln(softmax(x))") { _ in LogSoftmax() },
    Entry("sparsemax", "max(x − τ, 0), τ from the row's largest values, as Keras 3 computes it") { _ in
      Sparsemax()
    },
    Entry("glu", "a · sigmoid(b), a and b the row's halves: half as many values come out") { _ in GLU() },
  ]

  static func makeActivation(_ component: Component?) -> any Activation {
    if case .activation(let own)? = component?.own { return own }
    return activations.first { $0.name == component?.name }?.make(component?.arguments ?? BoundArguments())
      ?? Linear()
  }
}
