/// What Keras has and nn does not, and why. docs/keras.md lists it.
enum Absences {
  struct Group {
    var reason: String
    /// Names by kind.
    var names: [String: [String]]
  }

  static let names: [Group] = [
    Group(
      reason: "bases of classes, and what Keras makes for itself",
      names: [
        "initializer": ["initializer"], "loss": ["loss", "loss_function_wrapper"],
        "metric": ["metric", "sum", "mean_metric_wrapper"], "optimizer": ["optimizer"],
        "schedule": ["learning_rate_schedule"], "regularizer": ["regularizer"], "constraint": ["constraint"],
        "callback": ["callback", "callback_list", "monitor_callback", "history", "progbar_logger"],
      ]),
    Group(
      reason: "for images, sequences and embeddings",
      names: [
        "initializer": ["stft"], "loss": ["ctc", "dice", "tversky", "circle"],
        "metric": ["io_u", "binary_io_u", "mean_io_u", "one_hot_io_u", "one_hot_mean_io_u"],
      ]),
    Group(
      reason: "several optimizers at once, float16, averages swapped in for validation",
      names: [
        "optimizer": ["lossscaleoptimizer", "multioptimizer", "optimizermap"],
        "callback": ["swap_ema_weights"],
      ]),
    Group(
      reason: "code of the user's, or a service that nn does not speak to",
      names: [
        "callback": ["lambda_callback", "learning_rate_scheduler", "remote_monitor", "orbax_checkpoint"]
      ]),
  ]

  struct Argument {
    var reason: String
    var names: [String]
    /// Only in these kinds; in all if nil.
    var kinds: [String]?
  }

  static let arguments: [Argument] = [
    Argument(
      reason: "a row has one axis, its columns", names: ["axis", "shared_axes", "input_axes", "output_axes"],
      kinds: ["layer", "activation", "initializer", "loss", "metric"]),
    Argument(reason: "the mean over the batch, as always in `fit`", names: ["reduction"]),
    Argument(reason: "the fit has one seed for all", names: ["seed"]),
    Argument(reason: "a fit shows its own progress", names: ["verbose"]),
    Argument(reason: "parts of the mask that are the same", names: ["noise_shape"]),
    Argument(
      reason: "for other hardware and number formats",
      names: [
        "autocast", "loss_scale_factor", "synchronized", "quantization_config", "lora_rank", "lora_alpha",
      ]),
    Argument(reason: "frozen layers are not in nn", names: ["trainable"]),
    Argument(reason: "of all layers `dense` alone has it", names: ["activity_regularizer"]),
    Argument(
      reason: "batch renormalization is not in nn", names: ["renorm", "renorm_clipping", "renorm_momentum"]),
    Argument(reason: "known from the network", names: ["num_labels"]),
    Argument(reason: "of outputs that are sorted already", names: ["from_sorted_ids"]),
    Argument(
      reason: "pictures, profiles and embeddings, which TensorBoard has of TensorFlow's own programs",
      names: [
        "write_images", "write_steps_per_second", "profile_batch", "embeddings_freq", "embeddings_metadata",
      ], kinds: ["callback"]),
    Argument(reason: "arguments of the function, not options", names: ["y_true", "y_pred"]),
  ]

  struct Default {
    var kind: String
    /// All of the kind if nil.
    var name: String?
    var argument: String
    var reason: String
  }

  /// Options whose declared default is not Keras's, on purpose.
  static let defaults: [Default] = [
    Default(
      kind: "metric", name: "f1_score", argument: "average",
      reason: "Keras gives a score for each class, where a history wants one number: `macro`, their mean"),
    Default(kind: "metric", name: "f_beta_score", argument: "average", reason: "as for `f1`"),
    Default(
      kind: "optimizer", name: nil, argument: "ema_momentum",
      reason: "0.99 as in Keras, but only where averages are asked for"),
  ]

  static func allowsDefault(kind: String, name: String, argument: String) -> Bool {
    defaults.contains { $0.kind == kind && $0.argument == argument && ($0.name ?? name) == name }
  }

  static func reason(name: String, kind: String) -> String? {
    names.first { $0.names[kind]?.contains(name) == true }?.reason
  }

  static func reason(argument: String, kind: String) -> String? {
    arguments.first { $0.names.contains(argument) && $0.kinds?.contains(kind) != false }?.reason
  }
}
