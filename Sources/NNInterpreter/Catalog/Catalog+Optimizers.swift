import NNEngine

extension Catalog {
  private static func learningRate(_ value: Double) -> OptionDeclaration {
    OptionDeclaration(
      "lr", aliases: ["learning_rate"], .number(.nonNegative), default: .number(value), positional: true,
      "learning rate")
  }

  /// Optimizers, with Keras 3's names, defaults and update rules.
  static let optimizers: [Entry<any Optimizer>] = [
    Entry(
      "sgd", "gradient descent, with momentum if asked",
      options: [
        learningRate(0.01),
        OptionDeclaration("momentum", .number(.unit), default: .number(0), "share of the last step kept"),
        OptionDeclaration("nesterov", .boolean, default: .boolean(false), "Nesterov's form of momentum"),
      ]
    ) {
      SGD(
        learningRate: $0.number("lr", or: 0.01), momentum: $0.number("momentum", or: 0),
        nesterov: $0.boolean("nesterov"))
    },
    Entry(
      "adam", "steps scaled by running moments of the gradient",
      options: [
        learningRate(0.001),
        OptionDeclaration(
          "beta_1", aliases: ["beta1"], .number(.fraction), default: .number(0.9), "decay of the first moment"
        ),
        OptionDeclaration(
          "beta_2", aliases: ["beta2"], .number(.fraction), default: .number(0.999),
          "decay of the second moment"),
        OptionDeclaration(
          "epsilon", .number(.positive), default: .number(1e-7), "added to the root of the second moment"),
        OptionDeclaration("amsgrad", .boolean, default: .boolean(false), "keep the largest second moment"),
      ]
    ) {
      Adam(
        learningRate: $0.number("lr", or: 0.001), beta1: $0.number("beta_1", or: 0.9),
        beta2: $0.number("beta_2", or: 0.999), epsilon: $0.number("epsilon", or: 1e-7),
        amsgrad: $0.boolean("amsgrad"))
    },
  ]

  static func makeOptimizer(_ component: Component?) -> any Optimizer {
    guard let component, let entry = optimizers.first(where: { $0.name == component.name }) else {
      return Adam()
    }
    return entry.make(component.arguments)
  }
}
