import NNEngine

extension Catalog {
  private static func penalty(_ name: String, _ help: String) -> OptionDeclaration {
    OptionDeclaration(name, .number(.nonNegative), default: .number(0), help)
  }

  private static func regularizer(_ name: String, aliases: [String] = [], _ help: String) -> OptionDeclaration
  {
    OptionDeclaration(
      name, aliases: aliases, .optional(.component(.regularizer)), default: BoundValue.none, help)
  }

  private static func constraint(_ name: String, aliases: [String] = [], _ help: String) -> OptionDeclaration
  {
    OptionDeclaration(
      name, aliases: aliases, .optional(.component(.constraint)), default: BoundValue.none, help)
  }

  static let dense = LayerEntry(
    "dense", "every output a weighted sum of every input, then an activation",
    options: [
      OptionDeclaration("units", .integer(widths), positional: true, required: true, "number of outputs"),
      OptionDeclaration(
        "activation", .component(.activation),
        default: .component(Component(kind: .activation, name: "linear")),
        positional: true, "what is done to the sums"),
      OptionDeclaration(
        "input", aliases: ["input_dim", "input_shape"], .integer(widths),
        "number of inputs, where no data is at hand to tell"),
      OptionDeclaration(
        "init", aliases: ["kernel_initializer"], .component(.initializer),
        default: .component(Component(kind: .initializer, name: "glorot_uniform")),
        "the kernel's first values"),
      OptionDeclaration(
        "bias_init", aliases: ["bias_initializer"], .component(.initializer),
        default: .component(Component(kind: .initializer, name: "zeros")), "the bias's first values"),
      OptionDeclaration("bias", aliases: ["use_bias"], .boolean, default: .boolean(true), "add a bias"),
      penalty("l1", "L1 penalty on the kernel"),
      penalty("l2", "L2 penalty on the kernel"),
      regularizer("regularizer", aliases: ["kernel_regularizer"], "penalty on the kernel, by name"),
      penalty("bias_l1", "L1 penalty on the bias"),
      penalty("bias_l2", "L2 penalty on the bias"),
      regularizer("bias_regularizer", "penalty on the bias, by name"),
      penalty("activity_l1", "L1 penalty on the outputs, a row"),
      penalty("activity_l2", "L2 penalty on the outputs, a row"),
      regularizer("activity_regularizer", "penalty on the outputs, a row, by name: l1, l2 or l1l2"),
      constraint(
        "constraint", aliases: ["kernel_constraint"], "what the kernel must fulfil after each step"),
      constraint("bias_constraint", "what the bias must fulfil after each step"),
    ],
    unitsOption: "units",
    exclusive: [
      ["l1", "regularizer"], ["l2", "regularizer"], ["bias_l1", "bias_regularizer"],
      ["bias_l2", "bias_regularizer"], ["activity_l1", "activity_regularizer"],
      ["activity_l2", "activity_regularizer"],
    ],
    .layer { arguments in
      Dense(
        units: arguments.integer("units", or: 1),
        activation: makeActivation(arguments.component("activation")),
        useBias: arguments.boolean("bias"),
        kernelInitializer: makeInitializer(arguments.component("init"), or: .glorotUniform),
        biasInitializer: makeInitializer(arguments.component("bias_init"), or: Zeros()),
        kernelRegularizer: makePenalty(arguments, ""), biasRegularizer: makePenalty(arguments, "bias_"),
        activityRegularizer: makePenalty(arguments, "activity_"),
        kernelConstraint: makeConstraint(arguments.component("constraint")),
        biasConstraint: makeConstraint(arguments.component("bias_constraint")))
    })

  /// `l1=` and `l2=`, or the penalty named instead.
  private static func makePenalty(_ arguments: BoundArguments, _ prefix: String) -> any Regularizer {
    makeRegularizer(arguments.component(prefix + "regularizer"))
      ?? L1L2(l1: arguments.float(prefix + "l1", or: 0), l2: arguments.float(prefix + "l2", or: 0))
  }
}
