import NNEngine

/// What every optimizer takes, beside its own options; `compile` takes some of them too.
enum OptimizerOptions {
  static func learningRate(_ value: Double?) -> OptionDeclaration {
    OptionDeclaration(
      "lr", aliases: ["learning_rate"], .either(.number(.nonNegative), .component(.schedule)),
      default: value.map { .number($0) }, positional: value != nil,
      value == nil
        ? "learning rate or schedule, instead of the optimizer's own" : "learning rate, or a schedule"
    )
  }

  static func weightDecay(
    _ value: BoundValue?, _ help: String = "share of each weight, times the rate, lost a step"
  )
    -> OptionDeclaration
  {
    OptionDeclaration("weight_decay", .optional(.number(.nonNegative)), default: value, help)
  }

  static let clipNames = ["clipnorm", "clipvalue", "global_clipnorm"]

  static let clipping: [OptionDeclaration] = [
    OptionDeclaration(
      "clipnorm", .optional(.number(.nonNegative)), "largest norm of each tensor's gradient; 0 for none"),
    OptionDeclaration(
      "clipvalue", .optional(.number(.nonNegative)), "largest size of each gradient; 0 for none"),
    OptionDeclaration(
      "global_clipnorm", .optional(.number(.nonNegative)),
      "largest norm of all gradients together; 0 for none"),
  ]

  static let ema = OptionDeclaration(
    "ema", .optional(.number(.unit)),
    "momentum of a moving average of the weights, which a fit keeps instead of the last ones")

  /// In every optimizer, behind its own.
  static let common: [OptionDeclaration] =
    clipping + [
      ema,
      OptionDeclaration(
        "use_ema", .boolean, default: .boolean(false), "keep a moving average of the weights"),
      OptionDeclaration(
        "ema_momentum", .number(.unit), "momentum of that average; 0.99 if not given"),
      OptionDeclaration(
        "ema_overwrite_frequency", .optional(.integer(1...Int.max)), default: BoundValue.none,
        "updates after which training goes on from the average"),
      OptionDeclaration(
        "gradient_accumulation_steps", aliases: ["accumulate"], .optional(.integer(2...(1 << 40))),
        default: BoundValue.none, "batches whose gradients make one update"),
    ]

  static let exclusive = [clipNames, ["ema", "ema_momentum"]]

  /// The settings that bound options say.
  static func settings(_ arguments: BoundArguments, rate: Double) -> OptimizerSettings {
    var settings = OptimizerSettings(learningRate: arguments.number("lr", or: rate))
    if let schedule = arguments.component("lr") { settings.schedule = Catalog.makeSchedule(schedule) }
    settings.weightDecay = arguments.number("weight_decay")
    if let limit = arguments.number("clipnorm") { settings.clipping = .norm(limit) }
    if let limit = arguments.number("clipvalue") { settings.clipping = .value(limit) }
    if let limit = arguments.number("global_clipnorm") { settings.clipping = .globalNorm(limit) }
    let momentum = arguments.number("ema")
    if momentum != nil || arguments.boolean("use_ema") {
      settings.averaging = WeightAveraging(
        momentum: momentum ?? arguments.number("ema_momentum", or: 0.99),
        overwriteFrequency: arguments.integer("ema_overwrite_frequency"))
    }
    settings.accumulationSteps = arguments.integer("gradient_accumulation_steps")
    return settings
  }
}
