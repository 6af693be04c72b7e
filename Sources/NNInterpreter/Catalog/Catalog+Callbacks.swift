import NNEngine

extension Catalog {
  /// Callbacks of `fit`, with Keras 3's names, defaults and rules.
  static let callbacks: [Entry<any Callback>] = [
    Entry(
      "early_stopping", "stop when a monitored value no longer gets better",
      options: [
        OptionDeclaration(
          "monitor", .text("a value of this fit, such as `val_loss`"), default: .text("val_loss"),
          positional: true, "the value to watch"),
        OptionDeclaration("min_delta", .number(.any), default: .number(0), "smallest change that counts"),
        OptionDeclaration(
          "patience", .integer(0...Int.max), default: .integer(0),
          "epochs without improvement before it stops"),
        OptionDeclaration(
          "mode", .choice(["auto", "min", "max"]), default: .text("auto"),
          "which direction is better; auto takes the metric's own"),
        OptionDeclaration(
          "baseline", .optional(.number(.any)), default: BoundValue.none, "a value to be better than"),
        OptionDeclaration(
          "restore_best_weights", .boolean, default: .boolean(false), "end with the best epoch's weights"),
        OptionDeclaration(
          "start_from_epoch", .integer(0...Int.max), default: .integer(0), "epochs to wait before watching"),
      ]
    ) { arguments in
      let mode: EarlyStopping.Mode =
        switch arguments.text("mode") {
        case "min": .min
        case "max": .max
        default: .auto
        }
      return EarlyStopping(
        monitor: arguments.text("monitor") ?? "val_loss", minDelta: arguments.number("min_delta", or: 0),
        patience: arguments.integer("patience", or: 0), mode: mode, baseline: arguments.number("baseline"),
        restoreBestWeights: arguments.boolean("restore_best_weights"),
        startFromEpoch: arguments.integer("start_from_epoch", or: 0))
    }
  ]

  static func makeCallback(_ component: Component) -> (any Callback)? {
    callbacks.first { $0.name == component.name }?.make(component.arguments)
  }
}
