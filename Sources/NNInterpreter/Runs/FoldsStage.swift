import NNData
import NNDiagnostics
import NNEngine

/// `folds 5 { … }`: runs its body once a fold, each time watching another part of the rows.
struct FoldsStage: ManyRunsStage {
  static let declaration = StageDeclaration(
    "folds", "runs its body once a fold: each part of the rows is watched once, and the others train",
    options: [
      OptionDeclaration(
        "count", .integer(2...10_000), default: .integer(5), positional: true, "parts of the rows"),
      OptionDeclaration(
        "repeat", .integer(1...1000), default: .integer(1), "all of it so often, divided anew each time"),
      OptionDeclaration(
        "stratify", .boolean, "keep each class's share in every fold; the default for a target of categories"),
      OptionDeclaration("by", .text("a column's name"), "keep rows with the same value together"),
      OptionDeclaration(
        "order", .choice(["random", "file", "tail"]), default: .text("random"),
        "which rows: drawn, as they lie, or only such as come behind those that train"),
      OptionDeclaration(
        "time", .text("a column's name"),
        "a column of dates or numbers: each fold is later than the rows that train for it"),
      OptionDeclaration(
        "gap", .integer(0...Int.max), default: .integer(0),
        "rows left out between those that train and a later fold"
      ),
      OptionDeclaration("seed", .integer(0...Int.max), default: .integer(0), "for drawing rows"),
      OptionDeclaration("only", .integer(1...10_000_000), "this fold alone"),
    ] + keepingOptions,
    tail: .body, needs: [.data], trains: true)

  let bound: BoundStage

  init(_ bound: BoundStage) { self.bound = bound }

  static func drafts(
    _ bound: BoundStage, _ variables: [SweepVariable], _ experiment: Experiment, _ context: CheckContext
  ) -> [RunDraft]? {
    let arguments = bound.arguments
    let count = arguments.integer("count", or: 5)
    let repeats = arguments.integer("repeat", or: 1)
    let isByTime = arguments.isGiven("time") || arguments.text("order") == "tail"
    var excluded: (String, String)?
    if isByTime, repeats > 1 { excluded = ("repeat", arguments.isGiven("time") ? "time" : "order=tail") }
    if arguments.text("order") == "file", repeats > 1 { excluded = ("repeat", "order=file") }
    if isByTime, arguments.boolean("stratify") {
      excluded = ("stratify", arguments.isGiven("time") ? "time" : "order=tail")
    }
    if isByTime, arguments.isGiven("by") {
      excluded = ("by", arguments.isGiven("time") ? "time" : "order=tail")
    }
    if arguments.boolean("stratify"), arguments.isGiven("by") { excluded = ("stratify", "by") }
    if arguments.isGiven("time"), arguments.isGiven("order"), arguments.text("order") != "tail" {
      excluded = ("order", "time")
    }
    if arguments.isGiven("gap"), !isByTime {
      excluded = ("gap", "order=\(arguments.text("order") ?? "random")")
    }
    if let excluded {
      context.report(
        FlowProblem.optionsExclude(excluded.0, excluded.1),
        at: arguments.span(excluded.0) ?? bound.nameSpan)
      return nil
    }
    if experiment.data?.split?.validation.isEmpty == false, experiment.data?.fold == nil {
      context.report(FlowProblem.severalValidations(["split val", "folds"]), at: bound.nameSpan)
      return nil
    }
    let name = experiment.data?.fold == nil ? "fold" : "inner_fold"
    let total = count * repeats
    if total > SweepVariable.mostRuns {
      context.report(RunsProblem.tooMany("\(repeats) times \(count) folds"), at: bound.nameSpan)
      return nil
    }
    var indices = Array(0..<total)
    if let only = arguments.integer("only") {
      guard only <= total else {
        context.report(RunsProblem.noSuchFold(only, of: total), at: arguments.span("only"))
        return nil
      }
      indices = [only - 1]
    }
    let options = ["repeat", "stratify", "by", "order", "time", "gap", "seed"].compactMap { name in
      arguments.isGiven(name) ? arguments.value(name).map { " \(name)=\($0.spelling)" } : nil
    }.joined()
    return indices.map { index in
      var settings: [Runs.Setting] = []
      if repeats > 1 {
        let turn = index / count + 1
        settings.append(Runs.Setting(name: "repeat", text: "\(turn)", number: Double(turn)))
      }
      let fold = index % count + 1
      settings.append(Runs.Setting(name: name, text: "\(fold)", number: Double(fold)))
      return RunDraft(
        settings: settings, bindings: [("fold", .number(Double(index + 1)))], fold: index,
        head: "folds \(count)\(options) only=\(index + 1)")
    }
  }

  func check(_ experiment: inout Experiment, _ context: CheckContext) {}

  // MARK: Rows

  /// The rows of each fold, of those that are not set aside for a test.
  static func rows(_ bound: BoundStage, _ experiment: Experiment) throws(Found) -> FoldedRows {
    guard let data = experiment.data, let table = data.table else { return FoldedRows() }
    if data.hasBrokenRoles { return FoldedRows() }
    let arguments = bound.arguments
    func column(_ option: String) throws(Found) -> Column? {
      guard let name = arguments.text(option) else { return nil }
      guard let column = table[name] else {
        throw Found(noSuchColumn(name, in: table), at: arguments.span(option))
      }
      return column
    }
    let time = try column("time")
    let isByTime = time != nil || arguments.text("order") == "tail"
    let isStratified = arguments.isGiven("stratify") ? arguments.boolean("stratify") : nil
    let request = FoldRequest(
      count: arguments.integer("count", or: 5),
      order: isByTime ? .tail : arguments.choice("order", or: .random),
      stratify: isByTime || arguments.isGiven("by")
        ? nil : try stratification(experiment, table, isAsked: isStratified, stage: "folds"),
      by: try column("by"), time: time, repeats: arguments.integer("repeat", or: 1),
      gap: arguments.integer("gap", or: 0), seed: UInt64(arguments.integer("seed", or: 0)))
    do {
      return FoldedRows(
        folds: try Folds(rowCount: table.rowCount, rows: data.split?.training, request: request),
        // Within another fold its held-out rows are what the best of these is measured on.
        test: (data.fold == nil ? data.split?.test : data.split?.validation) ?? [])
    } catch {
      throw Found(FlowProblem.rowsForSplit(error.description))
    }
  }

  /// The column whose classes keep their shares: asked for, or because it is the target and holds categories.
  private static func stratification(
    _ experiment: Experiment, _ table: Table, isAsked: Bool?, stage: String
  ) throws(Found) -> Column? {
    guard isAsked ?? true, let data = experiment.data else { return nil }
    let named = experiment.model?.target?.roles.targets ?? data.roles.targets
    guard named == nil || named?.count == 1 else {
      if isAsked == true { throw Found(FlowProblem.optionsExclude("stratify", "several targets")) }
      return nil
    }
    guard let column = named?.first.flatMap({ table[$0] }) ?? data.candidates.last else { return nil }
    if column.isCategorical { return column }
    guard isAsked == true else { return nil }
    if named == nil { throw Found(FlowProblem.targetNeeded(stage: "\(stage) stratify")) }
    guard column.isAllIntegers, column.distinctCount(limit: mostIntegerClasses) != nil else {
      throw Found(FlowProblem.stratifyNumeric(column.name))
    }
    return column.asCategorical()
  }
}

/// The folds of the data at hand; without them where only a run will know the rows.
struct FoldedRows: Sendable {
  var folds: Folds?
  var test: [Int] = []

  /// Gives an experiment the rows of one fold.
  func apply(_ fold: Int, to experiment: inout Experiment) {
    experiment.data?.fold = fold + 1
    guard let rows = folds?[fold] else { return }
    experiment.data?.split = SplitRows(training: rows.training, validation: rows.heldOut, test: test)
  }
}
