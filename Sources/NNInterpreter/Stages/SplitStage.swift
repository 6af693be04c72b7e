import NNData
import NNDiagnostics

/// `split test=20% val=10%`: sets rows aside for testing and for validation.
struct SplitStage: Stage {
  static let declaration = StageDeclaration(
    "split", "sets rows aside for testing and for validation",
    options: [
      OptionDeclaration(
        "test", .share, positional: true, "share or number of rows for `evaluate` and `predict`"),
      OptionDeclaration(
        "val", aliases: ["validation"], .share, "share or number of rows to watch while training"),
      OptionDeclaration(
        "stratify", .boolean, "keep each class's share in every part; the default for a target of categories"),
      OptionDeclaration("by", .text("a column's name"), "keep rows with the same value together"),
      OptionDeclaration(
        "order", .choice(["random", "tail"]), default: .text("random"), "which rows: drawn, or the last ones"),
      OptionDeclaration(
        "time", .text("a column's name"),
        "a column of dates or numbers: the latest rows, whatever their order"),
      OptionDeclaration("seed", .integer(0...Int.max), default: .integer(0), "for drawing rows"),
    ],
    needs: [.data], isSilent: true, streams: true)

  private let bound: BoundStage

  init(_ bound: BoundStage) { self.bound = bound }

  func check(_ experiment: inout Experiment, _ context: CheckContext) {
    let arguments = bound.arguments
    if !bound.isBroken, !arguments.isGiven("test"), !arguments.isGiven("val") {
      context.report(
        NameProblem.missing(
          option: "test", of: "split", help: "the share or number of rows to set aside",
          usage: "split test=20% val=10%"), at: bound.nameSpan)
      return
    }
    if arguments.boolean("stratify"), isTail {
      let other = arguments.isGiven("time") ? "time" : "order=tail"
      context.report(FlowProblem.optionsExclude("stratify", other), at: arguments.span("stratify"))
      return
    }
    if arguments.isGiven("time"), arguments.isGiven("order"), arguments.text("order") == "random" {
      context.report(FlowProblem.optionsExclude("order=random", "time"), at: arguments.span("order"))
      return
    }
    if arguments.boolean("stratify"), arguments.isGiven("by") {
      context.report(FlowProblem.optionsExclude("stratify", "by"), at: arguments.span("stratify"))
      return
    }
    // In a fold it is an error, and the fold's to tell.
    if experiment.data?.isSplit == true, experiment.data?.fold == nil {
      context.report(FlowProblem.splitReplaced, at: bound.nameSpan)
    }
    guard !bound.isBroken, let data = experiment.data, let table = data.table, !data.hasBrokenRoles else {
      return
    }
    let target = experiment.model?.target
    if let stream = data.stream {
      experiment.data?.stream?.split = context.attempt(at: bound.span) { () throws(Found) in
        try parts(of: stream, table, data, target)
      }
      return
    }
    experiment.data?.fold = nil
    experiment.data?.split = context.attempt(at: bound.span) { () throws(Found) in
      try rows(of: table, data, target)
    }
  }

  func run(_ experiment: inout Experiment, _ context: RunContext) throws {
    guard let data = experiment.data, let table = data.table else { return }
    if let stream = data.stream {
      experiment.data?.stream?.split = try placed(at: bound.span) { () throws(Found) in
        try parts(of: stream, table, data, experiment.model?.target)
      }
      return
    }
    experiment.data?.fold = nil
    experiment.data?.split = try placed(at: bound.span) { () throws(Found) in
      try rows(of: table, data, experiment.model?.target)
    }
  }

  private func request(
    _ table: Table, _ data: DataSlot, _ target: TargetPlan?
  ) throws(Found) -> SplitRequest {
    let (groups, time) = (try column("by", of: table), try column("time", of: table))
    return SplitRequest(
      test: share("test"), validation: share("val"),
      order: isTail ? .tail : .random,
      stratify: try stratification(table, data, target), by: groups, time: time,
      seed: UInt64(bound.arguments.integer("seed", or: 0)))
  }

  private func parts(
    of stream: StreamSlot, _ table: Table, _ data: DataSlot, _ target: TargetPlan?
  ) throws(Found) -> StoredSplit {
    let request = try request(table, data, target)
    do {
      return try StoredSplit(stream.table, request: request)
    } catch {
      throw Found(FlowProblem.rowsForSplit(error.description))
    }
  }

  private func rows(of table: Table, _ data: DataSlot, _ target: TargetPlan?) throws(Found) -> SplitRows {
    let request = try request(table, data, target)
    do {
      return try NNData.split(rowCount: table.rowCount, request: request)
    } catch {
      throw Found(FlowProblem.rowsForSplit(error.description))
    }
  }

  /// The last rows are taken, not drawn ones.
  private var isTail: Bool { bound.arguments.text("order") == "tail" || bound.arguments.isGiven("time") }

  private func column(_ option: String, of table: Table) throws(Found) -> Column? {
    guard let name = bound.arguments.text(option) else { return nil }
    guard let column = table[name] else {
      throw Found(noSuchColumn(name, in: table), at: bound.arguments.span(option))
    }
    return column
  }

  private func share(_ option: String) -> Share {
    switch bound.arguments.value(option) {
    case .integer(let rows)?: .rows(rows)
    case .number(let fraction)?: .fraction(fraction)
    default: .rows(0)
    }
  }

  /// The column whose classes keep their shares, if any.
  private func stratification(
    _ table: Table, _ data: DataSlot, _ target: TargetPlan?
  ) throws(Found) -> Column? {
    let arguments = bound.arguments
    let isAsked = arguments.boolean("stratify")
    if arguments.isGiven("stratify"), !isAsked { return nil }
    if isTail || arguments.isGiven("by") { return nil }
    let named = target?.roles.targets ?? data.roles.targets
    guard named == nil || named?.count == 1 else {
      if isAsked { throw Found(FlowProblem.optionsExclude("stratify", "several targets")) }
      return nil
    }
    guard let column = named?.first.flatMap({ table[$0] }) ?? data.candidates.last else { return nil }
    if column.isCategorical { return column }
    guard isAsked else { return nil }
    if named == nil { throw Found(FlowProblem.targetNeeded(stage: "split stratify")) }
    guard column.isAllIntegers, column.distinctCount(limit: mostIntegerClasses) != nil else {
      throw Found(FlowProblem.stratifyNumeric(column.name))
    }
    return column.asCategorical()
  }
}
