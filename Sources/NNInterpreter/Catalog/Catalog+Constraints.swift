import NNEngine

extension Catalog {
  private static let axis = OptionDeclaration(
    "axis", .list(.integer(0...1)), default: .list([Bound(.integer(0), span: nil)]),
    "over what a norm is taken: 0 the weights into a unit, 1 those out of an input, [0, 1] all")

  private static func normAxis(_ arguments: BoundArguments) -> NormAxis {
    let axes = Set(arguments.integers("axis") ?? [])
    return axes.count == 2 ? .all : axes == [1] ? .outputs : .inputs
  }

  /// What weights are made to fulfil after each step, with Keras 3's names, defaults and formulas.
  static let constraints: [Entry<any Constraint>] = [
    Entry(
      "max_norm", "norms at most max_value",
      options: [
        OptionDeclaration(
          "max_value", .number(.nonNegative), default: .number(2), positional: true, "the largest norm"),
        axis,
      ]
    ) { MaxNorm(maxValue: $0.float("max_value", or: 2), axis: normAxis($0)) },
    Entry("non_neg", aliases: ["nonneg"], "no weight below 0") { _ in NonNegative() },
    Entry("unit_norm", "norms of 1", options: [axis]) { UnitNorm(axis: normAxis($0)) },
    Entry(
      "min_max_norm", "norms from min_value to max_value",
      options: [
        OptionDeclaration(
          "min_value", .number(.nonNegative), default: .number(0), positional: true, "the smallest norm"),
        OptionDeclaration(
          "max_value", .number(.nonNegative), default: .number(1), positional: true, "the largest norm"),
        OptionDeclaration("rate", .number(.unit), default: .number(1), "how much of the way, a step"),
        axis,
      ]
    ) {
      MinMaxNorm(
        minValue: $0.float("min_value", or: 0), maxValue: $0.float("max_value", or: 1),
        rate: $0.float("rate", or: 1), axis: normAxis($0))
    },
  ]

  static func makeConstraint(_ component: Component?) -> (any Constraint)? {
    component.flatMap { component in
      constraints.first { $0.name == component.name }?.make(component.arguments)
    }
  }
}
