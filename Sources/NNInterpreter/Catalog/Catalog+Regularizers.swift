import NNEngine

extension Catalog {
  private static func weight(_ name: String, _ value: Double, positional: Bool = false) -> OptionDeclaration {
    OptionDeclaration(
      name, .number(.nonNegative), default: .number(value), positional: positional,
      name == "l1" ? "weight of the sum of absolute values" : "weight of the sum of squares")
  }

  /// Penalties on weights, with Keras 3's names, defaults and formulas.
  static let regularizers: [Entry<any Regularizer>] = [
    Entry("l1", "penalty l1 · Σ|w|", options: [weight("l1", 0.01, positional: true)]) {
      L1L2(l1: $0.float("l1", or: 0.01))
    },
    Entry("l2", "penalty l2 · Σw²", options: [weight("l2", 0.01, positional: true)]) {
      L1L2(l2: $0.float("l2", or: 0.01))
    },
    Entry(
      "l1l2", aliases: ["l1_l2"], "penalty l1 · Σ|w| + l2 · Σw²", options: [weight("l1", 0), weight("l2", 0)]
    ) {
      L1L2(l1: $0.float("l1", or: 0), l2: $0.float("l2", or: 0))
    },
    Entry(
      "orthogonal", aliases: ["orthogonal_regularizer"],
      "penalty on rows or columns of a kernel that are not orthogonal",
      options: [
        OptionDeclaration(
          "factor", .number(.nonNegative), default: .number(0.01), positional: true, "weight of the penalty"),
        OptionDeclaration(
          "mode", .choice(["rows", "columns"]), default: .text("rows"), "which are compared with each other"),
      ]
    ) {
      OrthogonalRegularizer(
        factor: $0.float("factor", or: 0.01), mode: $0.choice("mode", or: .rows))
    },
  ]

  static func makeRegularizer(_ component: Component?) -> (any Regularizer)? {
    component.flatMap { component in
      regularizers.first { $0.name == component.name }?.make(component.arguments)
    }
  }
}
