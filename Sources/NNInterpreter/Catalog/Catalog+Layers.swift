import NNEngine

/// A layer of the catalog.
struct LayerEntry: Declaration {
  /// What a layer does to the row that flows through it.
  enum Role: Sendable {
    /// Computes; the closure makes the engine's layer.
    case layer(@Sendable (BoundArguments) -> any Layer)
    /// Says how wide the network's input is.
    case input
    /// Takes its units, activation and loss from the target.
    case output
  }

  let name: String
  let aliases: [String]
  let summary: String
  let options: [OptionDeclaration]
  let role: Role
  /// The option that gives the width of the layer's output, if the layer changes it.
  let unitsOption: String?
}

extension Catalog {
  private static let anyWidth = 1...16_777_216

  private static func penalty(_ name: String, _ help: String) -> OptionDeclaration {
    OptionDeclaration(name, .number(.nonNegative), default: .number(0), help)
  }

  static let layers: [LayerEntry] = [
    LayerEntry(
      name: "dense", aliases: [], summary: "every output a weighted sum of every input, then an activation",
      options: [
        OptionDeclaration("units", .integer(anyWidth), positional: true, required: true, "number of outputs"),
        OptionDeclaration(
          "activation", .component(.activation),
          default: .component(Component(kind: .activation, name: "linear")),
          positional: true, "what is done to the sums"),
        OptionDeclaration(
          "input", aliases: ["input_dim", "input_shape"], .integer(anyWidth),
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
        penalty("bias_l1", "L1 penalty on the bias"),
        penalty("bias_l2", "L2 penalty on the bias"),
        penalty("activity_l1", "L1 penalty on the outputs, a row"),
        penalty("activity_l2", "L2 penalty on the outputs, a row"),
      ],
      role: .layer { arguments in
        Dense(
          units: arguments.integer("units", or: 1),
          activation: makeActivation(arguments.component("activation")),
          useBias: arguments.boolean("bias"),
          kernelInitializer: makeInitializer(arguments.component("init"), or: .glorotUniform),
          biasInitializer: makeInitializer(arguments.component("bias_init"), or: Zeros()),
          kernelRegularizer: L1L2(l1: arguments.float("l1", or: 0), l2: arguments.float("l2", or: 0)),
          biasRegularizer: L1L2(
            l1: arguments.float("bias_l1", or: 0), l2: arguments.float("bias_l2", or: 0)),
          activityRegularizer: L1L2(
            l1: arguments.float("activity_l1", or: 0), l2: arguments.float("activity_l2", or: 0)))
      },
      unitsOption: "units"),
    LayerEntry(
      name: "activation", aliases: [], summary: "an activation on its own",
      options: [
        OptionDeclaration(
          "function", aliases: ["activation"], .component(.activation), positional: true, required: true,
          "the activation")
      ],
      role: .layer { ActivationLayer(makeActivation($0.component("function"))) }, unitsOption: nil),
    LayerEntry(
      name: "dropout", aliases: [],
      summary: "in training, sets a share of the values to 0 and scales up the rest",
      options: [
        OptionDeclaration(
          "rate", .number(.fraction), positional: true, required: true, "share of the values to drop")
      ],
      role: .layer { Dropout(rate: $0.number("rate", or: 0)) }, unitsOption: nil),
    LayerEntry(
      name: "input", aliases: [], summary: "the number of inputs, where no data is at hand to tell",
      options: [
        OptionDeclaration(
          "width", aliases: ["shape"], .integer(anyWidth), positional: true, required: true,
          "number of inputs")
      ],
      role: .input, unitsOption: nil),
    LayerEntry(
      name: "output", aliases: [],
      summary: "the last layer, with units, activation and loss to suit the target",
      options: [], role: .output, unitsOption: nil),
  ]
}
