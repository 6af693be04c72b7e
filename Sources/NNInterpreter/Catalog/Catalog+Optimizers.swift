import NNEngine

extension Catalog {
  private static func number(
    _ name: String, aliases: [String] = [], _ range: NumberRange, _ value: Double, _ help: String
  ) -> OptionDeclaration {
    OptionDeclaration(name, aliases: aliases, .number(range), default: .number(value), help)
  }

  private static func flag(_ name: String, _ value: Bool, _ help: String) -> OptionDeclaration {
    OptionDeclaration(name, .boolean, default: .boolean(value), help)
  }

  private static let beta1 = number(
    "beta_1", aliases: ["beta1"], .fraction, 0.9, "decay of the first moment")
  private static let beta2 = number(
    "beta_2", aliases: ["beta2"], .fraction, 0.999, "decay of the second moment")
  private static let epsilon = number("epsilon", .positive, 1e-7, "keeps the division from one by 0")
  private static let amsgrad = flag("amsgrad", false, "divide by the largest second moment so far")
  private static let upToZero = NumberRange(-.infinity, 0)
  private static let aboveZero = NumberRange(0, 1, excludesLower: true)

  /// An optimizer with its own options, those of all, and its own rate and decay.
  private static func optimizer(
    _ name: String, aliases: [String] = [], _ summary: String, rate: Double, decay: Double? = nil,
    _ options: [OptionDeclaration], make: @escaping @Sendable (BoundArguments) -> any Optimizer
  ) -> Entry<any Optimizer> {
    let decays = OptimizerOptions.weightDecay(decay.map { .number($0) } ?? BoundValue.none)
    return Entry(
      name, aliases: aliases, summary,
      options: [OptimizerOptions.learningRate(rate)] + options + [decays] + OptimizerOptions.common,
      exclusive: OptimizerOptions.exclusive
    ) { arguments in
      var optimizer = make(arguments)
      optimizer.settings = OptimizerOptions.settings(arguments, rate: rate)
      // A component that was never bound, such as `compile`'s default, has no defaults of its own.
      if arguments.value("weight_decay") == nil { optimizer.settings.weightDecay = decay }
      return optimizer
    }
  }

  /// Optimizers, with Keras 3's names, defaults and update rules.
  static let optimizers: [Entry<any Optimizer>] = [
    optimizer(
      "sgd", "gradient descent, with momentum if asked", rate: 0.01,
      [
        number("momentum", .unit, 0, "share of the last step kept"),
        flag("nesterov", false, "Nesterov's form of momentum"),
      ]
    ) { SGD(momentum: $0.number("momentum", or: 0), nesterov: $0.boolean("nesterov")) },
    optimizer(
      "rmsprop", "steps scaled by the running size of the gradient", rate: 0.001,
      [
        number("rho", .unit, 0.9, "decay of the mean square"),
        number("momentum", .unit, 0, "share of the last step kept"), epsilon,
        flag("centered", false, "take the mean gradient off first"),
      ]
    ) {
      RMSprop(
        rho: $0.number("rho", or: 0.9), momentum: $0.number("momentum", or: 0),
        epsilon: $0.number("epsilon", or: 1e-7), centered: $0.boolean("centered"))
    },
    optimizer(
      "adam", "steps scaled by running moments of the gradient", rate: 0.001,
      [beta1, beta2, epsilon, amsgrad]
    ) {
      Adam(
        beta1: $0.number("beta_1", or: 0.9), beta2: $0.number("beta_2", or: 0.999),
        epsilon: $0.number("epsilon", or: 1e-7), amsgrad: $0.boolean("amsgrad"))
    },
    optimizer(
      "adamw", aliases: ["adam_w"], "adam with weight decay", rate: 0.001, decay: 0.004,
      [beta1, beta2, epsilon, amsgrad]
    ) {
      AdamW(
        beta1: $0.number("beta_1", or: 0.9), beta2: $0.number("beta_2", or: 0.999),
        epsilon: $0.number("epsilon", or: 1e-7), amsgrad: $0.boolean("amsgrad"))
    },
    optimizer(
      "nadam", "adam with Nesterov's momentum", rate: 0.001, [beta1, beta2, epsilon]
    ) {
      Nadam(
        beta1: $0.number("beta_1", or: 0.9), beta2: $0.number("beta_2", or: 0.999),
        epsilon: $0.number("epsilon", or: 1e-7))
    },
    optimizer(
      "adamax", "adam with the largest gradient for the second moment", rate: 0.001, [beta1, beta2, epsilon]
    ) {
      Adamax(
        beta1: $0.number("beta_1", or: 0.9), beta2: $0.number("beta_2", or: 0.999),
        epsilon: $0.number("epsilon", or: 1e-7))
    },
    optimizer(
      "adagrad", "steps scaled by the sum of all squared gradients", rate: 0.001,
      [number("initial_accumulator_value", .nonNegative, 0.1, "where the sum starts"), epsilon]
    ) {
      Adagrad(
        initialAccumulatorValue: $0.number("initial_accumulator_value", or: 0.1),
        epsilon: $0.number("epsilon", or: 1e-7))
    },
    optimizer(
      "adadelta", "steps scaled by the running sizes of steps and gradients", rate: 0.001,
      [number("rho", .unit, 0.95, "decay of both means"), epsilon]
    ) { Adadelta(rho: $0.number("rho", or: 0.95), epsilon: $0.number("epsilon", or: 1e-7)) },
    optimizer(
      "ftrl", "follow the regularized leader, for sparse weights", rate: 0.001,
      [
        number("learning_rate_power", upToZero, -0.5, "how the rate falls with the sum of squares"),
        number("initial_accumulator_value", .nonNegative, 0.1, "where the sum starts"),
        number(
          "l1_regularization_strength", aliases: ["l1"], .nonNegative, 0, "L1 penalty; makes weights 0"),
        number("l2_regularization_strength", aliases: ["l2"], .nonNegative, 0, "L2 penalty"),
        number(
          "l2_shrinkage_regularization_strength", aliases: ["l2_shrinkage"], .nonNegative, 0,
          "L2 penalty on the size of the gradient alone"),
        number("beta", .nonNegative, 0, "added to the root of the sum of squares"),
      ]
    ) {
      Ftrl(
        learningRatePower: $0.number("learning_rate_power", or: -0.5),
        initialAccumulatorValue: $0.number("initial_accumulator_value", or: 0.1),
        l1: $0.number("l1_regularization_strength", or: 0),
        l2: $0.number("l2_regularization_strength", or: 0),
        l2Shrinkage: $0.number("l2_shrinkage_regularization_strength", or: 0),
        beta: $0.number("beta", or: 0))
    },
    optimizer(
      "lion", "steps of one size along the sign of the momentum", rate: 0.001,
      [
        number("beta_1", aliases: ["beta1"], aboveZero, 0.9, "share of the momentum in the direction"),
        number("beta_2", aliases: ["beta2"], .unit, 0.99, "decay of the momentum"),
      ]
    ) { Lion(beta1: $0.number("beta_1", or: 0.9), beta2: $0.number("beta_2", or: 0.99)) },
    optimizer(
      "lamb", "adam with steps as large as each tensor's weights", rate: 0.001, [beta1, beta2, epsilon]
    ) {
      Lamb(
        beta1: $0.number("beta_1", or: 0.9), beta2: $0.number("beta_2", or: 0.999),
        epsilon: $0.number("epsilon", or: 1e-7))
    },
    optimizer(
      "adafactor", "second moments from rows and columns alone", rate: 0.001,
      [
        number("beta_2_decay", upToZero, -0.8, "exponent of the second moment's decay"),
        number("epsilon_1", .positive, 1e-30, "added to the squared gradient"),
        number("epsilon_2", .nonNegative, 1e-3, "least size of the weights that scales the step"),
        number("clip_threshold", .positive, 1, "largest root mean square of a step"),
        flag("relative_step", true, "without effect, as in Keras: the rate is at most 1 / √step either way"),
      ]
    ) {
      Adafactor(
        beta2Decay: $0.number("beta_2_decay", or: -0.8), epsilon1: $0.number("epsilon_1", or: 1e-30),
        epsilon2: $0.number("epsilon_2", or: 1e-3), clipThreshold: $0.number("clip_threshold", or: 1),
        relativeStep: $0.boolean("relative_step"))
    },
    optimizer(
      "muon", "orthogonal steps for kernels, adamw for the rest", rate: 0.001, decay: 0.004, muonOptions,
      make: makeMuon),
    optimizer(
      "schedule_free_adamw", aliases: ["schedulefreeadamw", "schedule_free_adam_w"],
      "adamw on an average of its own path, which needs no schedule", rate: 0.0025,
      [
        number("beta_1", aliases: ["beta1"], aboveZero, 0.9, "share of the average in the weights"), beta2,
        number("epsilon", .positive, 1e-8, "keeps the division from one by 0"),
        OptionDeclaration(
          "warmup_steps", .integer(0...Int.max), default: .integer(0), "steps over which the rate rises"),
      ]
    ) {
      ScheduleFreeAdamW(
        beta1: $0.number("beta_1", or: 0.9), beta2: $0.number("beta_2", or: 0.999),
        epsilon: $0.number("epsilon", or: 1e-8), warmupSteps: $0.integer("warmup_steps", or: 0))
    },
  ]

  private static let muonOptions: [OptionDeclaration] = [
    number("adam_beta_1", .fraction, 0.9, "decay of adamw's first moment"),
    number("adam_beta_2", .fraction, 0.999, "decay of adamw's second moment"),
    OptionDeclaration(
      "adam_weight_decay", .optional(.number(.nonNegative)), default: .number(0.004),
      "weight decay of what adamw moves"),
    epsilon,
    OptionDeclaration(
      "exclude_layers", aliases: ["exclude"],
      .list(.text("part of a weight's path, such as `layers.2`, or `output`")),
      "kernels that adamw moves too: `layers.N` with N from 0, or `output` for the last"),
    flag("exclude_embeddings", true, "without effect, as there are no embeddings"),
    number("muon_a", .any, 3.4445, "first coefficient of the iteration"),
    number("muon_b", .any, -4.7750, "second coefficient of the iteration"),
    number("muon_c", .any, 2.0315, "third coefficient of the iteration"),
    number("adam_lr_ratio", .nonNegative, 1, "rate of adamw, as a share of the rate"),
    number("momentum", .unit, 0.95, "share of the last step kept"),
    OptionDeclaration("ns_steps", .integer(0...1000), default: .integer(5), "rounds of the iteration"),
    flag("nesterov", true, "Nesterov's form of momentum"),
    OptionDeclaration(
      "rms_rate", .optional(.number(.nonNegative)), default: .number(0.2),
      "size of a step for a rate of 1; none for an orthogonal one"),
  ]

  @Sendable private static func makeMuon(_ arguments: BoundArguments) -> any Optimizer {
    var muon = Muon()
    muon.adamBeta1 = arguments.number("adam_beta_1", or: 0.9)
    muon.adamBeta2 = arguments.number("adam_beta_2", or: 0.999)
    if arguments.value("adam_weight_decay") != nil {
      muon.adamWeightDecay = arguments.number("adam_weight_decay")
    }
    muon.epsilon = arguments.number("epsilon", or: 1e-7)
    muon.excludeLayers = (arguments.texts("exclude_layers") ?? []).map(\.text)
    muon.a = arguments.number("muon_a", or: 3.4445)
    muon.b = arguments.number("muon_b", or: -4.7750)
    muon.c = arguments.number("muon_c", or: 2.0315)
    muon.adamLearningRateRatio = arguments.number("adam_lr_ratio", or: 1)
    muon.momentum = arguments.number("momentum", or: 0.95)
    muon.newtonSchulzSteps = arguments.integer("ns_steps", or: 5)
    if arguments.value("nesterov") != nil { muon.nesterov = arguments.boolean("nesterov") }
    if arguments.value("rms_rate") != nil { muon.rmsRate = arguments.number("rms_rate") }
    return muon
  }

  static func makeOptimizer(_ component: Component?) -> any Optimizer {
    guard let component, let entry = optimizers.first(where: { $0.name == component.name }) else {
      return Adam()
    }
    return entry.make(component.arguments)
  }
}
