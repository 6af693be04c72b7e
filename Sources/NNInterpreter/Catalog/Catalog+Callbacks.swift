import NNEngine

extension Catalog {
  private static let monitor = OptionDeclaration(
    "monitor", .text("a value of this fit, such as `val_loss`"), default: .text("val_loss"), positional: true,
    "the value to watch")
  private static let mode = OptionDeclaration(
    "mode", .choice(Monitor.Mode.allCases.map(\.rawValue)), default: .text("auto"),
    "which direction is better; auto takes the metric's own")

  /// Callbacks of `fit`, with Keras 3's names, defaults and rules.
  static let callbacks: [Entry<CallbackProduct>] = [
    earlyStopping, reduceLROnPlateau, checkpoint, csvLogger, tensorBoard, terminateOnNaN, backup,
  ]

  private static let earlyStopping: Entry<CallbackProduct> = Entry(
    "early_stopping", "stop when a monitored value no longer gets better",
    options: [
      monitor,
      OptionDeclaration("min_delta", .number(.any), default: .number(0), "smallest change that counts"),
      OptionDeclaration(
        "patience", .integer(0...Int.max), default: .integer(0), "epochs without improvement before it stops"),
      mode,
      OptionDeclaration(
        "baseline", .optional(.number(.any)), default: BoundValue.none, "a value to be better than"),
      OptionDeclaration(
        "restore_best_weights", .boolean, default: .boolean(false), "end with the best epoch's weights"),
      OptionDeclaration(
        "start_from_epoch", .integer(0...Int.max), default: .integer(0), "epochs to wait before watching"),
    ]
  ) { arguments in
    var product = CallbackProduct { _ in
      EarlyStopping(
        monitor: arguments.text("monitor") ?? "val_loss", minDelta: arguments.number("min_delta", or: 0),
        patience: arguments.integer("patience", or: 0), mode: arguments.mode,
        baseline: arguments.number("baseline"),
        restoreBestWeights: arguments.boolean("restore_best_weights"),
        startFromEpoch: arguments.integer("start_from_epoch", or: 0))
    }
    product.monitor = arguments.monitor
    return product
  }

  private static let reduceLROnPlateau: Entry<CallbackProduct> = Entry(
    "reduce_lr_on_plateau", "lower the learning rate when a monitored value no longer gets better",
    options: [
      monitor,
      OptionDeclaration(
        "factor", .number(.fraction), default: .number(0.1), "what the rate is multiplied by"),
      OptionDeclaration(
        "patience", .integer(0...Int.max), default: .integer(10),
        "epochs without improvement before it falls"),
      mode,
      OptionDeclaration("min_delta", .number(.any), default: .number(1e-4), "smallest change that counts"),
      OptionDeclaration(
        "cooldown", .integer(0...Int.max), default: .integer(0), "epochs after a fall that do not count"),
      OptionDeclaration("min_lr", .number(.nonNegative), default: .number(0), "the rate stays at least that"),
    ]
  ) { arguments in
    var product = CallbackProduct { _ in
      ReduceLROnPlateau(
        monitor: arguments.text("monitor") ?? "val_loss", factor: arguments.number("factor", or: 0.1),
        patience: arguments.integer("patience", or: 10), mode: arguments.mode,
        minDelta: arguments.number("min_delta", or: 1e-4), cooldown: arguments.integer("cooldown", or: 0),
        minRate: arguments.number("min_lr", or: 0))
    }
    product.monitor = arguments.monitor
    product.adds = [learningRateName]
    product.setsRate = true
    return product
  }

  private static let checkpoint: Entry<CallbackProduct> = Entry(
    "checkpoint", aliases: ["model_checkpoint"], "write the model to a file while it trains",
    options: [
      OptionDeclaration(
        "filepath", aliases: ["path"], .text("a file"), positional: true, required: true,
        "the file, ending in .safetensors; `{epoch:02d}` and `{val_loss:.2f}` stand for numbers"),
      monitor.named,
      OptionDeclaration(
        "save_best_only", .boolean, default: .boolean(false), "only when the monitored value is the best yet"),
      OptionDeclaration(
        "save_weights_only", .boolean, default: .boolean(false), "without the optimizer's state"),
      mode,
      OptionDeclaration(
        "save_freq", .either(.choice(["epoch"]), .integer(1...Int.max)), default: .text("epoch"),
        "after each epoch, or after so many steps"),
      OptionDeclaration("every", .integer(1...Int.max), default: .integer(1), "only every so many epochs"),
      OptionDeclaration(
        "initial_value_threshold", .optional(.number(.any)), default: BoundValue.none,
        "a value that the first one saved has to be better than"),
    ]
  ) { arguments in
    let path = arguments.text("filepath") ?? ""
    var pattern = PathPattern(plain: path)
    var mistakes: [(option: String, problem: any Problem)] = []
    do throws(PathPattern.Malformed) {
      pattern = try PathPattern(path)
    } catch {
      mistakes.append(("filepath", FlowProblem.badPattern(reason: error.reason)))
    }
    let steps = arguments.integer("save_freq")
    if steps != nil, arguments.isGiven("every") {
      mistakes.append(("every", FlowProblem.optionsExclude("every", "save_freq")))
    }
    var product = CallbackProduct { [pattern] environment in
      ModelCheckpoint(
        pattern: pattern, monitor: Monitor(arguments.text("monitor") ?? "val_loss", mode: arguments.mode),
        savesBestOnly: arguments.boolean("save_best_only"),
        savesWeightsOnly: arguments.boolean("save_weights_only"),
        frequency: steps.map { .steps($0) } ?? .epochs(arguments.integer("every", or: 1)),
        threshold: arguments.number("initial_value_threshold"), environment: environment)
    }
    if arguments.boolean("save_best_only") || arguments.isGiven("monitor") {
      product.monitor = arguments.monitor
    }
    product.writes = (path, "filepath", .models(pattern))
    product.isOfSteps = steps != nil
    product.mistakes = mistakes
    return product
  }

  private static let csvLogger: Entry<CallbackProduct> = Entry(
    "csv_logger", "write each epoch's values to a CSV file",
    options: [
      OptionDeclaration(
        "filename", aliases: ["path"], .text("a file"), positional: true, required: true, "the file"),
      OptionDeclaration(
        "separator", aliases: ["sep"], .text("one character, or `tab`"), default: .text(","),
        "what stands between values"),
      OptionDeclaration(
        "append", .boolean, default: .boolean(false), "go on behind what the file holds already"),
    ]
  ) { arguments in
    let path = arguments.text("filename") ?? ""
    let appends = arguments.boolean("append")
    let text = arguments.text("separator") ?? ","
    let separator = separator(text)
    var product = CallbackProduct { _ in CSVLogger(path: path, separator: separator ?? ",", appends: appends)
    }
    product.writes = (path, "filename", .file(appends: appends))
    if separator == nil {
      let expectation = "one character, such as `;`, or `tab`"
      product.mistakes = [
        (
          "separator",
          NameProblem.wrongType(
            option: "separator", expectation: expectation, found: "`\(text)`", suggestion: nil)
        )
      ]
    }
    return product
  }

  /// The character of a `separator`; nil if it is none that can stand between values.
  static func separator(_ text: String) -> Character? {
    if text == "tab" { return "\t" }
    guard text.unicodeScalars.count == 1, let character = text.first,
      !["\"", "\r", "\n"].contains(character)
    else { return nil }
    return character
  }

  private static let tensorBoard: Entry<CallbackProduct> = Entry(
    "tensorboard", "write what TensorBoard shows",
    options: [
      OptionDeclaration(
        "log_dir", aliases: ["path"], .text("a folder"), default: .text("logs"), positional: true,
        "where; one of many runs has a folder of its own in it"),
      OptionDeclaration(
        "histogram_freq", .integer(0...Int.max), default: .integer(0),
        "histograms of the weights after every so many epochs; 0 for none"),
      OptionDeclaration("write_graph", .boolean, default: .boolean(true), "the network, too"),
      OptionDeclaration(
        "update_freq", .either(.choice(["epoch", "batch"]), .integer(1...Int.max)), default: .text("epoch"),
        "the values of the epoch so far after every so many steps, too"),
    ]
  ) { arguments in
    let folder = arguments.text("log_dir") ?? "logs"
    let steps = arguments.integer("update_freq") ?? (arguments.text("update_freq") == "batch" ? 1 : nil)
    var product = CallbackProduct { environment in
      TensorBoard(
        folder: folder, histograms: arguments.integer("histogram_freq", or: 0),
        writesGraph: arguments.boolean("write_graph"), frequency: steps.map { .steps($0) } ?? .epoch,
        environment: environment)
    }
    if folder.contains("://") { product.mistakes = [("log_dir", DataProblem.remote(folder))] }
    if folder.isEmpty {
      product.mistakes = [
        (
          "log_dir",
          NameProblem.wrongType(option: "log_dir", expectation: "a folder", found: "\"\"", suggestion: nil)
        )
      ]
    }
    return product
  }

  private static let terminateOnNaN: Entry<CallbackProduct> = Entry(
    "terminate_on_nan", "let the script go on when the loss is no longer finite",
    options: [
      OptionDeclaration(
        "raise_error", .boolean, default: .boolean(false), "end the run with an error, as without it")
    ]
  ) { arguments in
    let raises = arguments.boolean("raise_error")
    var product = CallbackProduct { _ in TerminateOnNaN(raisesError: raises) }
    product.toleratesNaN = !raises
    return product
  }

  private static let backup: Entry<CallbackProduct> = Entry(
    "backup", aliases: ["backup_and_restore"], "go on where the last run of this script was ended",
    options: [
      OptionDeclaration(
        "folder", aliases: ["backup_dir"], .text("a folder"), positional: true, required: true,
        "a folder of its own, removed when the fit is complete"),
      OptionDeclaration(
        "save_freq", .either(.choice(["epoch"]), .integer(1...Int.max)), default: .text("epoch"),
        "after each epoch, or after so many steps"),
      OptionDeclaration(
        "double_checkpoint", .boolean, default: .boolean(false), "keep the one before the last, too"),
      OptionDeclaration(
        "delete_checkpoint", .boolean, default: .boolean(true), "remove it when the fit is complete"),
    ]
  ) { arguments in
    let folder = arguments.text("folder") ?? ""
    var product = CallbackProduct { environment in
      Backup(
        folder: folder, frequency: arguments.integer("save_freq").map { .steps($0) } ?? .epochs,
        keepsPrevious: arguments.boolean("double_checkpoint"),
        removesFolder: arguments.boolean("delete_checkpoint"), environment: environment)
    }
    product.writes = (folder, "folder", .folder)
    product.backupFolder = folder
    return product
  }

  /// What a callback of the catalog needs and does; nil for one that the catalog does not have.
  static func callbackProduct(_ component: Component) -> CallbackProduct? {
    callbacks.first { $0.name == component.name }?.make(component.arguments)
  }
}

extension BoundArguments {
  fileprivate var mode: Monitor.Mode { choice("mode", or: .auto) }

  fileprivate var monitor: (name: String, needsMode: Bool)? {
    text("monitor").map { ($0, mode == .auto) }
  }
}

extension OptionDeclaration {
  /// The same option, with its name only.
  fileprivate var named: OptionDeclaration {
    OptionDeclaration(name, aliases: aliases, type, default: defaultValue, help)
  }
}
