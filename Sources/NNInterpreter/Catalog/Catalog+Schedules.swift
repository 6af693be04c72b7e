import NNEngine

extension Catalog {
  private static let initial = OptionDeclaration(
    "initial_learning_rate", aliases: ["initial", "lr"], .number(.nonNegative), positional: true,
    required: true,
    "rate of the first step")

  private static func steps(_ name: String, aliases: [String], _ help: String) -> OptionDeclaration {
    OptionDeclaration(
      name, aliases: aliases, .integer(1...Int.max), positional: true, required: true, help)
  }

  private static let decaySteps = steps("decay_steps", aliases: ["steps"], "number of steps it takes")
  private static let decayRate = OptionDeclaration(
    "decay_rate", aliases: ["rate"], .number(.nonNegative), positional: true, required: true,
    "strength of the decay over `decay_steps`")
  private static let staircase = OptionDeclaration(
    "staircase", .boolean, default: .boolean(false), "change only every `decay_steps`")

  private static func number(_ name: String, _ range: NumberRange, _ value: Double, _ help: String)
    -> OptionDeclaration
  {
    OptionDeclaration(name, .number(range), default: .number(value), help)
  }

  /// Schedules of the learning rate, with Keras 3's names, defaults and formulas. They count steps, not epochs.
  static let schedules: [Entry<any LearningRateSchedule>] = [
    Entry(
      "exponential", aliases: ["exponential_decay"], "initial · decay_rate^(step / decay_steps)",
      options: [initial, decaySteps, decayRate, staircase]
    ) {
      ExponentialDecay(
        initialLearningRate: $0.number("initial_learning_rate", or: 0),
        decaySteps: $0.integer("decay_steps", or: 1), decayRate: $0.number("decay_rate", or: 1),
        staircase: $0.boolean("staircase"))
    },
    Entry(
      "piecewise", aliases: ["piecewise_constant", "piecewise_constant_decay"],
      "one rate up to each boundary, and one for the rest",
      options: [
        OptionDeclaration(
          "boundaries", .someOf(.integer(0...Int.max)), positional: true, required: true,
          "last steps of the rates but the last, ascending"),
        OptionDeclaration(
          "values", .someOf(.number(.nonNegative)), positional: true, required: true,
          "rates, one more than boundaries"),
      ]
    ) {
      PiecewiseConstantDecay(
        boundaries: $0.integers("boundaries") ?? [], values: $0.numbers("values") ?? [])
    },
    Entry(
      "polynomial", aliases: ["polynomial_decay"],
      "(initial − end) · (1 − step / decay_steps)^power + end",
      options: [
        initial, decaySteps, number("end_learning_rate", .nonNegative, 0.0001, "rate of the last steps"),
        number("power", .nonNegative, 1, "1 for a line"),
        OptionDeclaration(
          "cycle", .boolean, default: .boolean(false), "start again instead of staying at the end"),
      ]
    ) {
      PolynomialDecay(
        initialLearningRate: $0.number("initial_learning_rate", or: 0),
        decaySteps: $0.integer("decay_steps", or: 1),
        endLearningRate: $0.number("end_learning_rate", or: 0.0001), power: $0.number("power", or: 1),
        cycle: $0.boolean("cycle"))
    },
    Entry(
      "inverse_time", aliases: ["inverse_time_decay"], "initial / (1 + decay_rate · step / decay_steps)",
      options: [initial, decaySteps, decayRate, staircase]
    ) {
      InverseTimeDecay(
        initialLearningRate: $0.number("initial_learning_rate", or: 0),
        decaySteps: $0.integer("decay_steps", or: 1), decayRate: $0.number("decay_rate", or: 1),
        staircase: $0.boolean("staircase"))
    },
    Entry(
      "cosine", aliases: ["cosine_decay"], "half a cosine down to alpha · initial, after a warmup if asked",
      options: [
        initial, decaySteps,
        number("alpha", .nonNegative, 0, "end, as a share of where it begins to fall"),
        OptionDeclaration(
          "warmup_target", .optional(.number(.nonNegative)), default: BoundValue.none,
          "rate to rise to first, in a line"),
        OptionDeclaration(
          "warmup_steps", .integer(0...Int.max), default: .integer(0), "steps of that rise"),
      ]
    ) {
      CosineDecay(
        initialLearningRate: $0.number("initial_learning_rate", or: 0),
        decaySteps: $0.integer("decay_steps", or: 1), alpha: $0.number("alpha", or: 0),
        warmupTarget: $0.number("warmup_target"), warmupSteps: $0.integer("warmup_steps", or: 0))
    },
    Entry(
      "cosine_restarts", aliases: ["cosine_decay_restarts"], "half a cosine, again and again",
      options: [
        initial,
        steps("first_decay_steps", aliases: ["decay_steps", "steps"], "number of steps of the first fall"),
        number("t_mul", NumberRange(1, .infinity), 2, "how much longer each fall is than the one before"),
        number("m_mul", .nonNegative, 1, "how high each starts, as a share of the one before"),
        number("alpha", .nonNegative, 0, "end, as a share of the initial rate"),
      ]
    ) {
      CosineDecayRestarts(
        initialLearningRate: $0.number("initial_learning_rate", or: 0),
        firstDecaySteps: $0.integer("first_decay_steps", or: 1), tMul: $0.number("t_mul", or: 2),
        mMul: $0.number("m_mul", or: 1), alpha: $0.number("alpha", or: 0))
    },
  ]

  static func makeSchedule(_ component: Component) -> (any LearningRateSchedule)? {
    schedules.first { $0.name == component.name }?.make(component.arguments)
  }
}
