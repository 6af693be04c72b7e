import NNData
import NNDiagnostics

/// `scale standard`: recorded now, learned from the training rows at the model's first fit.
struct ScaleStage: Stage {
  static let declaration = StageDeclaration(
    "scale", "brings numbers to a common scale, learned from the training rows",
    options: [
      OptionDeclaration(
        "kind", .choice(ScaleKind.allCases.map(\.rawValue)), default: .text("standard"), positional: true,
        "mean 0 and deviation 1; 0 to 1; median 0 and quartiles' distance 1; or the share of values below"),
      OptionDeclaration(
        "columns", .someOf(.text("a column's name")),
        "only these; a target is scaled only if it is named here"),
    ], isSilent: true, streams: true)

  private let bound: BoundStage

  init(_ bound: BoundStage) { self.bound = bound }

  func check(_ experiment: inout Experiment, _ context: CheckContext) {
    let before = context.diagnostics.count
    if let data = experiment.data, let table = data.table {
      for (name, span) in bound.arguments.texts("columns") ?? [] {
        if let problem = mistake(name, table, data, experiment) { context.report(problem, at: span) }
      }
    }
    experiment.record(step, bound, context, since: before)
  }

  func run(_ experiment: inout Experiment, _ context: RunContext) throws {
    experiment.record(step, bound.span)
  }

  private func mistake(
    _ name: String, _ table: Table, _ data: DataSlot, _ experiment: Experiment
  ) -> (any Problem)? {
    if let problem = data.mistake(naming: name, in: table, stage: "scale", allowsTarget: true) {
      return problem
    }
    // Dates have numbers to scale, and an order's places are some.
    if table[name]?.isCategorical == true, !experiment.encodes(name, as: ["date", "ordinal"]) {
      return DataProblem.notNumeric(stage: "scale", column: name)
    }
    let isTarget = data.roles.targets?.contains(name) == true
    return isTarget && bound.arguments.text("kind") == "quantile" ? FlowProblem.quantileTarget(name) : nil
  }

  private var step: PreparationStep {
    let kind = ScaleKind(rawValue: bound.arguments.text("kind") ?? "standard") ?? .standard
    return .scale(kind, columns: bound.arguments.texts("columns")?.map(\.text))
  }
}

/// `impute mean`: how missing values are filled, recorded now and learned at the model's first fit.
struct ImputeStage: Stage {
  static let declaration = StageDeclaration(
    "impute", "fills missing values, with what is learned from the training rows",
    options: [
      OptionDeclaration(
        "kind", .text("`mean`, `median`, `mode` or a value"), default: .text("mean"), positional: true,
        "the column's mean, median or most frequent value, or a value to put in"),
      OptionDeclaration(
        "indicator", .boolean, default: .boolean(false), "add a feature that tells where a value was missing"),
      OptionDeclaration("columns", .someOf(.text("a column's name")), "only these"),
    ], isSilent: true, streams: true)

  private let bound: BoundStage

  init(_ bound: BoundStage) { self.bound = bound }

  func check(_ experiment: inout Experiment, _ context: CheckContext) {
    let before = context.diagnostics.count
    if let data = experiment.data, let table = data.table {
      for (name, span) in bound.arguments.texts("columns") ?? [] {
        if let problem = data.mistake(naming: name, in: table, stage: "impute") {
          context.report(problem, at: span)
        }
      }
      // A column may be called `mean`, or `0`.
      if case .impute(.value(let text), _, nil) = step, parseFloat(text) == nil, table[text] != nil {
        context.report(DataProblem.columnAsFill(text), at: bound.arguments.span("kind"))
      }
    }
    experiment.record(step, bound, context, since: before)
  }

  func run(_ experiment: inout Experiment, _ context: RunContext) throws {
    experiment.record(step, bound.span)
  }

  private var step: PreparationStep {
    let kind: ImputeKind =
      switch bound.arguments.text("kind") {
      case "mean"?, nil: .mean
      case "median"?: .median
      case "mode"?: .mode
      case let value?: .value(value)
      }
    return .impute(
      kind, indicator: bound.arguments.boolean("indicator"),
      columns: bound.arguments.texts("columns")?.map(\.text))
  }
}

extension Experiment {
  /// Records a preparation step, to be learned at the model's first fit.
  mutating func record(_ step: PreparationStep, _ span: Span) {
    steps.append(RecordedStep(step: step, span: span))
    hasUnlearnedSteps = true
  }

  /// The same in a check, which reports a repeated one.
  /// - Parameter before: how many problems there were before the stage's own.
  mutating func record(
    _ step: PreparationStep, _ bound: BoundStage, _ context: CheckContext, since before: Int
  ) {
    let isRepeated = steps.contains { $0.step.name == step.name && $0.step.columns == step.columns }
    if isRepeated, !bound.isBroken { context.report(FlowProblem.repeatedPreparation(step), at: bound.span) }
    if bound.isBroken || context.diagnostics.count > before { hasBrokenSteps = true }
    record(step, bound.span)
  }

  /// Whether a step of that kind covers the column. `encode date` without columns may or may not.
  func encodes(_ column: String, as kinds: [String]) -> Bool {
    steps.contains { recorded in
      guard case .encode(let kind, let columns) = recorded.step, kinds.contains(kind.name) else {
        return false
      }
      return columns?.contains(column) ?? true
    }
  }
}

extension DataSlot {
  /// What is wrong with a column that a step of preparation names: it is not there, or it is no feature.
  func mistake(
    naming name: String, in table: Table, stage: String, allowsTarget: Bool = false
  ) -> (any Problem)? {
    if table[name] == nil { return noSuchColumn(name, in: table) }
    let role: String? =
      roles.targets?.contains(name) == true
      ? allowsTarget ? nil : "target"
      : roles.weight == name ? "weight" : roles.ignored.contains(name) ? "ignored" : nil
    return role.map { DataProblem.notAFeature(stage: stage, column: name, role: $0) }
  }
}
