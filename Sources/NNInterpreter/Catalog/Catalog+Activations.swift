import NNEngine

extension Catalog {
  /// Activations, with Keras 3's names, defaults and formulas.
  static let activations: [Entry<any Activation>] = [
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
        negativeSlope: $0.float("negative_slope", or: 0), maxValue: $0.number("max_value").map { Float($0) },
        threshold: $0.float("threshold", or: 0))
    },
    Entry(
      "leaky_relu", "x above 0, negative_slope · x below",
      options: [
        OptionDeclaration(
          "negative_slope", .number(.any), default: .number(0.2), positional: true, "slope below 0")
      ]
    ) { LeakyReLU(negativeSlope: $0.float("negative_slope", or: 0.2)) },
    Entry(
      "elu", "x above 0, alpha · (exp(x) − 1) below",
      options: [
        OptionDeclaration("alpha", .number(.any), default: .number(1), positional: true, "scale below 0")
      ]
    ) { ELU(alpha: $0.float("alpha", or: 1)) },
    Entry(
      "gelu", "x · Φ(x), Φ the standard normal distribution",
      options: [
        OptionDeclaration(
          "approximate", .boolean, default: .boolean(false), "the tanh approximation instead of erf")
      ]
    ) { GELU(approximate: $0.boolean("approximate")) },
    Entry("sigmoid", "1 / (1 + exp(−x))") { _ in Sigmoid() },
    Entry("tanh", "hyperbolic tangent") { _ in Tanh() },
    Entry("softmax", "exp(x) / Σ exp(x) over a row") { _ in Softmax() },
  ]

  static func makeActivation(_ component: Component?) -> any Activation {
    activations.first { $0.name == component?.name }?.make(component?.arguments ?? BoundArguments())
      ?? Linear()
  }
}
