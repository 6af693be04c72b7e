import NNData
import NNDiagnostics

/// `scale standard`: recorded now, learned from the training rows at the model's first fit.
struct ScaleStage: Stage {
  static let declaration = StageDeclaration(
    "scale", "brings numbers to a common scale, learned from the training rows",
    options: [
      OptionDeclaration(
        "kind", .choice(ScaleKind.allCases.map(\.rawValue)), default: .text("standard"), positional: true,
        "mean 0 and deviation 1; 0 to 1; or median 0 and quartiles' distance 1"),
      OptionDeclaration(
        "columns", .someOf(.text("a column's name")),
        "only these; a target is scaled only if it is named here"),
    ], isSilent: true)

  private let bound: BoundStage

  init(_ bound: BoundStage) { self.bound = bound }

  func check(_ experiment: inout Experiment, _ context: CheckContext) {
    if let table = experiment.data?.table {
      for (name, span) in bound.arguments.texts("columns") ?? [] {
        if let column = table[name] {
          if column.isCategorical {
            context.report(DataProblem.notNumeric(stage: "scale", column: name), at: span)
          }
        } else {
          context.report(noSuchColumn(name, in: table), at: span)
        }
      }
    }
    if experiment.alreadyPrepares(like: step) {
      context.report(FlowProblem.repeatedPreparation(Self.declaration.name), at: bound.span)
    }
    experiment.record(step, bound.span)
  }

  func run(_ experiment: inout Experiment, _ context: RunContext) throws {
    experiment.record(step, bound.span)
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
    ], isSilent: true)

  private let bound: BoundStage

  init(_ bound: BoundStage) { self.bound = bound }

  func check(_ experiment: inout Experiment, _ context: CheckContext) {
    if let table = experiment.data?.table {
      for (name, span) in bound.arguments.texts("columns") ?? [] where table[name] == nil {
        context.report(noSuchColumn(name, in: table), at: span)
      }
    }
    if experiment.alreadyPrepares(like: step) {
      context.report(FlowProblem.repeatedPreparation(Self.declaration.name), at: bound.span)
    }
    experiment.record(step, bound.span)
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
  fileprivate mutating func record(_ step: PreparationStep, _ span: Span) {
    steps.append(RecordedStep(step: step, span: span))
    hasUnlearnedSteps = true
  }

  /// Whether a step of the same kind, for the same columns, is recorded.
  fileprivate func alreadyPrepares(like step: PreparationStep) -> Bool {
    steps.contains { recorded in
      switch (recorded.step, step) {
      case (.scale(_, let first), .scale(_, let second)): first == second
      case (.impute(_, _, let first), .impute(_, _, let second)): first == second
      default: false
      }
    }
  }
}
