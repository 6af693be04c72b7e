import NNEngine

extension Catalog {
  private static let anyWidth = 1...16_777_216

  /// Layers, with Keras 3's names, defaults and formulas.
  static let layers: [LayerEntry] =
    [
      dense,
      LayerEntry(
        "activation", "an activation on its own",
        options: [
          OptionDeclaration(
            "function", aliases: ["activation"], .component(.activation), positional: true, required: true,
            "the activation")
        ],
        .layer { ActivationLayer(makeActivation($0.component("function"))) }),
      LayerEntry(
        "leaky_relu", "x above 0, negative_slope · x below; a layer's slope is 0.3, as in Keras",
        options: [
          OptionDeclaration(
            "negative_slope", aliases: ["alpha"], .number(.any), default: .number(0.3), positional: true,
            "slope below 0")
        ],
        .layer { ActivationLayer(LeakyReLU(negativeSlope: $0.float("negative_slope", or: 0.3))) }),
      LayerEntry(
        "prelu", aliases: ["p_re_lu"], "x above 0, a learned slope · x below, one slope a unit",
        options: parameterOptions("alpha", init: "zeros", "slopes"),
        .layer {
          PReLU(
            alphaInitializer: makeInitializer($0.component("alpha_init"), or: Zeros()),
            alphaRegularizer: makeRegularizer($0.component("alpha_regularizer")),
            alphaConstraint: makeConstraint($0.component("alpha_constraint")))
        }),
    ] + noises + normalizations + blocks + [
      LayerEntry(
        "input", "the number of inputs, where no data is at hand to tell",
        options: [
          OptionDeclaration(
            "width", aliases: ["shape"], .integer(anyWidth), positional: true, required: true,
            "number of inputs")
        ],
        .input),
      LayerEntry("output", "the last layer, with units, activation and loss to suit the target", .output),
    ]

  private static let blocks: [LayerEntry] = [
    LayerEntry(
      "repeat", "its block's layers several times over, each time with weights of their own",
      options: [
        OptionDeclaration(
          "count", .integer(1...100_000), positional: true, required: true, "how many times")
      ],
      example: "repeat 3 < dense 8 relu >",
      .block { Repeat(count: $0.integer("count", or: 1), layers: $1) }),
    LayerEntry(
      "residual", "what flows in plus what its block makes of it",
      example: "residual < dense 8 relu; dense 8 >", .block { Residual(layers: $1) }),
    LayerEntry(
      "parallel",
      "several blocks on the same input, their outputs side by side; an empty one gives the input",
      example: "parallel < < dense 8 relu > < dense 4 tanh > >",
      .branches { Parallel(branches: $0) }),
  ]

  private static let noises: [LayerEntry] = [
    LayerEntry(
      "dropout", "in training, sets a share of the values to 0 and scales up the rest",
      options: [rate("share of the values to drop")], .layer { Dropout(rate: $0.number("rate", or: 0)) }),
    LayerEntry(
      "alpha_dropout", "dropout that keeps mean and variance behind `selu`",
      options: [rate("share of the values to drop")], .layer { AlphaDropout(rate: $0.number("rate", or: 0)) }),
    LayerEntry(
      "gaussian_dropout", "in training, multiplies the values by draws around 1",
      options: [rate("the dropout rate with the same variance")],
      .layer { GaussianDropout(rate: $0.number("rate", or: 0)) }),
    LayerEntry(
      "noise", aliases: ["gaussian_noise"], "in training, adds draws around 0 to the values",
      options: [
        OptionDeclaration(
          "stddev", .number(.nonNegative), positional: true, required: true, "the draws' standard deviation")
      ],
      .layer { GaussianNoise(stddev: $0.number("stddev", or: 0)) }),
  ]

  private static func rate(_ help: String) -> OptionDeclaration {
    OptionDeclaration("rate", .number(.fraction), positional: true, required: true, help)
  }

  private static let normalizations: [LayerEntry] = [
    LayerEntry(
      "batchnorm", aliases: ["batch_normalization"],
      "each unit to mean 0 and variance 1 over the batch; afterwards by moving statistics",
      options: [
        OptionDeclaration(
          "momentum", .number(.unit), default: .number(0.99), "share of the moving statistics kept, a step"),
        epsilon(0.001),
      ] + affineOptions + [
        initializer("moving_mean", "zeros", "moving mean"),
        initializer("moving_variance", "ones", "moving variance"),
      ],
      .layer {
        BatchNormalization(
          momentum: $0.float("momentum", or: 0.99), epsilon: $0.float("epsilon", or: 0.001),
          affine: affine($0),
          movingMeanInitializer: makeInitializer($0.component("moving_mean_init"), or: Zeros()),
          movingVarianceInitializer: makeInitializer($0.component("moving_variance_init"), or: Ones()))
      }),
    LayerEntry(
      "layernorm", aliases: ["layer_normalization"], "each row to mean 0 and variance 1 over its values",
      options: [epsilon(0.001)] + affineOptions,
      .layer { LayerNormalization(epsilon: $0.float("epsilon", or: 0.001), affine: affine($0)) }),
    LayerEntry(
      "rmsnorm", aliases: ["rms_normalization"], "each row divided by the root of its mean square",
      options: [epsilon(1e-6)], .layer { RMSNormalization(epsilon: $0.float("epsilon", or: 1e-6)) }),
    LayerEntry(
      "unit_norm", aliases: ["unit_normalization"], "each row divided by its length",
      .layer { _ in UnitNormalization() }),
  ]

  private static func epsilon(_ value: Double) -> OptionDeclaration {
    OptionDeclaration("epsilon", .number(.positive), default: .number(value), "added to what is divided by")
  }

  private static let affineOptions =
    [
      OptionDeclaration("center", .boolean, default: .boolean(true), "add a learned beta"),
      OptionDeclaration("scale", .boolean, default: .boolean(true), "multiply by a learned gamma"),
    ] + parameterOptions("beta", init: "zeros", "betas") + parameterOptions("gamma", init: "ones", "gammas")

  private static func affine(_ arguments: BoundArguments) -> AffineParameters {
    AffineParameters(
      scale: arguments.boolean("scale"), center: arguments.boolean("center"),
      gammaInitializer: makeInitializer(arguments.component("gamma_init"), or: Ones()),
      betaInitializer: makeInitializer(arguments.component("beta_init"), or: Zeros()),
      gammaRegularizer: makeRegularizer(arguments.component("gamma_regularizer")),
      betaRegularizer: makeRegularizer(arguments.component("beta_regularizer")),
      gammaConstraint: makeConstraint(arguments.component("gamma_constraint")),
      betaConstraint: makeConstraint(arguments.component("beta_constraint")))
  }

  /// First values, penalty and constraint of one of a layer's weights.
  private static func parameterOptions(_ name: String, init value: String, _ what: String)
    -> [OptionDeclaration]
  {
    [
      initializer(name, value, what),
      OptionDeclaration(
        "\(name)_regularizer", .optional(.component(.regularizer)), default: BoundValue.none,
        "penalty on the \(what)"),
      OptionDeclaration(
        "\(name)_constraint", .optional(.component(.constraint)), default: BoundValue.none,
        "what the \(what) must fulfil after each step"),
    ]
  }

  private static func initializer(_ name: String, _ value: String, _ what: String) -> OptionDeclaration {
    OptionDeclaration(
      "\(name)_init", aliases: ["\(name)_initializer"], .component(.initializer),
      default: .component(Component(kind: .initializer, name: value)), "first values of the \(what)")
  }

  static let widths = anyWidth
}
