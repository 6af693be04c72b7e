import NNData
import NNDiagnostics
import NNSyntax

/// What may be typed where: stages, layers, this very stage's options, names of the catalog, `$names`, the table's columns,
/// metrics, files. For an editor and for the shell.
public struct Completer {
  private let interpreter: Interpreter
  private let options: RunOptions
  private let source: SourceFile
  private let context: CursorContext

  /// - Parameters:
  ///   - offset: the cursor's place in the source, in bytes.
  ///   - interpreter: what ran before the source, as in a shell.
  public init(
    _ source: SourceFile, at offset: Int, interpreter: Interpreter = Interpreter(),
    options: RunOptions = RunOptions()
  ) {
    self.init(
      source, context: CursorContext(source, at: offset, definitions: interpreter.scope.declarations),
      interpreter: interpreter, options: options)
  }

  init(
    _ source: SourceFile, context: CursorContext, interpreter: Interpreter = Interpreter(),
    options: RunOptions
  ) {
    self.source = source
    self.interpreter = interpreter
    self.options = options
    self.context = context
  }

  public var completions: Completions {
    let typed = context.typed.lowercased()
    let all = items
    var seen: Set<String> = []
    var matching = all.filter { $0.label.lowercased().hasPrefix(typed) && seen.insert($0.label).inserted }
    // Only of those that are offered, for there may be thousands.
    for index in matching.indices
    where matching[index].kind == .column && matching[index].text == matching[index].label {
      matching[index].text = quoted(matching[index].label)
    }
    return Completions(span: context.word, items: matching)
  }

  private var items: [Completion] {
    switch context.place {
    case .nothing: return []
    case .stage(let startsStatement):
      let keywords = startsStatement ? Self.keywords : []
      return stages + keywords
    case .layer:
      return Catalog.layers.map { Completion(.layer, $0.name, $0.summary) } + definitions(ofLayers: true)
    case .variable: return variables
    case .subject("expect"): return metricNames.map { Completion(.metric, $0, "a metric") }
    case .subject: return columns(experiment.data?.table)
    case .value(let option, let owner): return values(option.type, option, owner)
    case .argument(let owner):
      return owner.nextPositionals.flatMap { values($0.type, $0, owner) }
        + owner.openOptions.map(Self.completion)
    }
  }

  /// Those that can come here first: what works on what is at hand, then what begins anew, then what still lacks something.
  private var stages: [Completion] {
    let (experiment, scope) = reached
    let ranked = Catalog.stages.map { $0.declaration }.map { ($0, rank($0, experiment)) }
    let ordered = (0...2).flatMap { rank in ranked.filter { $0.1 == rank }.map(\.0) }
    return ordered.map { Completion(.stage, $0.name, $0.summary) } + Self.definitions(scope, ofLayers: false)
  }

  private func rank(_ stage: StageDeclaration, _ experiment: Experiment) -> Int {
    let has = stage.needs.allSatisfy { need in
      switch need {
      case .data: experiment.data != nil
      case .model: experiment.model != nil
      case .weights: experiment.model?.hasWeights == true
      case .history: experiment.history != nil
      case .runs: experiment.runs != nil
      }
    }
    if !has { return 2 }
    if experiment.data == nil, experiment.model == nil {
      return stage.name == "data" || stage.name == "model" ? 0 : 1
    }
    // A table without a model waits for one.
    if stage.name == "model", experiment.model == nil { return 0 }
    return stage.needs.isEmpty ? 1 : 0
  }

  private func definitions(ofLayers: Bool) -> [Completion] {
    Self.definitions(reached.scope, ofLayers: ofLayers)
  }

  private static func definitions(_ scope: Scope, ofLayers: Bool) -> [Completion] {
    scope.allDefinitions.filter { $0.isOfLayers == ofLayers }.map {
      Completion(ofLayers ? .layer : .stage, $0.name.text, $0.signature)
    }.sorted { $0.label < $1.label }
  }

  private static let keywords = [
    Completion(.keyword, "let", "gives a name to a value or a flow"),
    Completion(.keyword, "param", "a value that `--set` can change"),
    Completion(.keyword, "def", "names a run of stages or layers"),
    Completion(.keyword, "include", "takes the names of another script"),
  ]

  static func completion(_ option: OptionDeclaration) -> Completion {
    if case .boolean = option.type {
      return Completion(.option, option.name, text: option.name + "=", option.help)
    }
    return Completion(
      .option, option.name, text: option.name + "=", "\(option.help); \(option.type.expectation)")
  }

  /// Whether a name is that of a stage or a layer.
  public static func isBuiltIn(_ name: String) -> Bool {
    Catalog.stage(named: name) != nil || Catalog.layer(named: name) != nil
  }

  // MARK: Values

  private func values(_ type: OptionType, _ option: OptionDeclaration, _ owner: CursorContext.Owner)
    -> [Completion]
  {
    switch type {
    case .component(let kind):
      return Catalog.components(kind).map { Completion(.name, $0.name, $0.summary) }
    case .boolean: return ["true", "false"].map { Completion(.keyword, $0, option.help) }
    case .choice(let names): return names.map { Completion(.keyword, $0, option.help) }
    case .list(let type), .someOf(let type): return values(type, option, owner)
    case .optional(let type):
      return values(type, option, owner) + [Completion(.keyword, "none", option.help)]
    case .either(let first, let second): return values(first, option, owner) + values(second, option, owner)
    case .text(let what):
      if what.contains("column") { return columns(table(of: owner)) }
      if what.contains("NAME:numeric") {
        return columns(table(of: owner)).flatMap { column in
          ["numeric", "categorical"].map { type in
            let name = column.label + ":" + type
            return Completion(
              .column, name, column.detail)
          }
        }
      }
      if what.contains("value of this fit") {
        return monitors.map { Completion(.metric, $0, "a value of this fit") }
      }
      if what.contains("file") || what.contains("folder") { return files(option, owner) }
      return []
    case .integer, .number, .duration, .share, .anything: return []
    }
  }

  private var variables: [Completion] {
    let scope = reached.scope
    return scope.names.map { name in
      let detail: String
      switch scope[name] {
      case .value(let constant)?: detail = constant.printed
      case .flow?: detail = "a flow"
      case .broken?, nil: detail = ""
      }
      return Completion(.variable, "$" + name, text: "$" + name, detail)
    }
  }

  // MARK: What the script has come to

  /// The experiment and the names as they are where the stage around the cursor begins.
  var reached: (experiment: Experiment, scope: Scope) {
    var bytes = Array(source.bytes[..<min(context.stageStart, source.bytes.count)])
    for span in context.openings where span.start < min(span.end, bytes.count) {
      for index in span.start..<min(span.end, bytes.count) where bytes[index] != UInt8(ascii: "\n") {
        bytes[index] = UInt8(ascii: " ")
      }
    }
    // A `|` that nothing follows yet.
    while let last = bytes.last,
      last == UInt8(ascii: " ") || last == UInt8(ascii: "|") || last == UInt8(ascii: "\n")
    {
      bytes.removeLast()
    }
    return interpreter.reached(SourceFile(name: source.name, bytes: bytes), options: options)
  }

  var experiment: Experiment { reached.experiment }

  /// The table whose columns an option names: that of the stage itself if it opens one.
  func table(of owner: CursorContext.Owner) -> Table? {
    if owner.declaration.name == "data", let path = owner.path {
      return interpreter.table(path, options: options)
    }
    return experiment.data?.table
  }

  private func columns(_ table: Table?) -> [Completion] {
    (table?.columns ?? []).map { column in
      Completion(
        .column, column.name,
        column.isCategorical ? "a column of categories" : "a column of numbers")
    }
  }

  private func quoted(_ text: String) -> String { Self.isPlain(text) ? text : "\"\(text)\"" }

  /// Whether a text is a word as it stands.
  private static func isPlain(_ text: String) -> Bool {
    let tokens = tokenize(SourceFile(name: "word", text: text)).tokens
    return tokens.count == 2 && tokens[0].word == text
  }

  private var metricNames: [String] { experiment.metrics.map(\.name) }

  /// What a fit here will produce.
  private var monitors: [String] {
    let metrics = ["loss"] + (experiment.model?.compile?.metrics ?? []).map(\.name)
    return metrics + metrics.map { "val_" + $0 }
  }

  // MARK: Files

  private func files(_ option: OptionDeclaration, _ owner: CursorContext.Owner) -> [Completion] {
    let endings: [String]
    if option.help.contains(".safetensors") {
      endings = [".safetensors"]
    } else if option.help.contains(".nn") {
      endings = [".nn"]
    } else {
      endings = [".csv", ".tsv", ".csv.gz", ".tsv.gz"]
    }
    // Tables in memory, and the one that comes with the program.
    let tables = endings.contains(".csv") && !context.typed.contains("/") && owner.declaration.name == "data"
    let memory =
      tables ? (options.tables.keys.sorted() + SampleTable.names).map { TableStore.memoryPrefix + $0 } : []
    return Self.files(context.typed[...], endings: endings, options: options, isQuoted: context.isQuoted)
      + memory.map { Completion(.file, $0, "a table at hand") }
  }

  /// The files and folders that a path may go on to, by their endings.
  public static func files(
    _ typed: Substring, endings: [String], options: RunOptions, isQuoted: Bool = false
  ) -> [Completion] {
    let folder = typed.lastIndex(of: "/").map { String(typed[...$0]) } ?? ""
    let place = TableStore(options).resolved(folder.isEmpty ? "." : expandingTilde(folder))
    return folderEntries(place).compactMap { entry in
      let path = folder + entry.name
      if entry.isFolder { return Completion(.folder, path + "/", "a folder") }
      guard endings.contains(where: { entry.name.hasSuffix($0) }) else { return nil }
      return Completion(.file, path, text: isPlain(path) || isQuoted ? path : "\"\(path)\"", "a file")
    }
  }
}
