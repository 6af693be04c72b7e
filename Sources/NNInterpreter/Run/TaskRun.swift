import NNDiagnostics
import NNEngine

/// How a task ended: the experiment that it leaves, whole or not, and what went wrong.
struct TaskOutcome: Sendable {
  enum Ending: Sendable {
    case done
    case failed(Diagnostic)
    /// Something went wrong in a fit that is trained all the same: what keeps it still runs.
    case postponed(Diagnostic)
  }

  var experiment: Experiment
  var ending: Ending
  /// Fits, those in front of it included.
  var fitCount: Int
}

extension Plan.Task {
  /// Runs the stages, one after another.
  /// - Parameters:
  ///   - isEnding: something in front of it has gone wrong, and only what keeps trained weights still runs.
  ///   - isSavedLater: a `save` of what it leaves is in a task behind it.
  func run(
    on start: Experiment, _ context: RunContext, isEnding: Bool, isSavedLater: Bool = false
  ) -> TaskOutcome {
    var experiment = start
    var postponed: Diagnostic?
    for (place, step) in steps.enumerated() {
      // After an interruption, too, only what keeps the trained weights still runs.
      let isEnding = isEnding || postponed != nil
      if context.options.replay != nil, !step.declaration.trains { continue }
      if isEnding || context.stop.isRequested, !step.declaration.runsAfterInterruption { continue }
      do {
        if let problem = step.declaration.problem(withStreamIn: experiment) { throw Found(problem) }
        try run(step, on: &experiment, context)
      } catch {
        let found = error as? Found
        // An interruption, not a mistake.
        if case .content(.stopped)? = found?.problem as? RunProblem { continue }
        var diagnostic =
          (error as? FailedRun)?.diagnostic
          ?? found.map { $0.problem.diagnostic(in: context.sources, at: $0.span ?? step.span) }
          ?? Diagnostic(
            code: "E1000", "\(error)", source: context.sources.file(step.span), span: step.span)
        // What was to be saved may have needed a stage that did not run.
        if isEnding { continue }
        switch found?.problem as? RunProblem {
        case .callback?, .rowsLost?:
          let isSaved = isSavedLater || steps[(place + 1)...].contains { $0.stage is SaveStage }
          if !isSaved { rescue(experiment, context, &diagnostic) }
          postponed = diagnostic
          continue
        case let problem? where problem.isOfWriting: rescue(experiment, context, &diagnostic)
        default: break
        }
        if case .diverged? = found?.problem as? RunProblem { explain(experiment, behind: place, context) }
        return TaskOutcome(
          experiment: experiment, ending: .failed(diagnostic), fitCount: context.fitCount)
      }
    }
    return TaskOutcome(
      experiment: experiment, ending: postponed.map { .postponed($0) } ?? .done, fitCount: context.fitCount)
  }

  /// Runs a stage. What writes runs on rank 0 alone, unless it trains; the others wait, for they may read it next, and fail with it.
  private func run(_ step: Plan.Step, on experiment: inout Experiment, _ context: RunContext) throws {
    guard let ranks = context.options.ranks, !step.stage.files.writes.isEmpty else {
      return try step.stage.run(&experiment, context)
    }
    var failure: (any Error)?
    if ranks.rank == 0 || step.declaration.trains {
      do { try step.stage.run(&experiment, context) } catch { failure = error }
    }
    let failed = ranks.gather(failure == nil ? [] : [1]).firstIndex { !$0.isEmpty }
    if let failure { throw failure }
    if let failed {
      throw FailedRun(
        diagnostic: Diagnostic(
          code: "E1000", "rank \(failed) could not do this", source: context.sources.file(step.span),
          span: step.span))
    }
  }

  /// A file could not be written, and with it the script ends: what was trained and no `save` has kept is written elsewhere.
  private func rescue(_ experiment: Experiment, _ context: RunContext, _ diagnostic: inout Diagnostic) {
    guard context.options.rescuesModels, context.options.speaks, context.options.replay == nil,
      context.run == nil, let trained = experiment.model?.trained, trained.fit != nil, !trained.isSaved,
      let path = rescueModel(experiment)
    else { return }
    let help = RunProblem.rescued("", in: path).help
    diagnostic.help = [diagnostic.help, help].compactMap { $0 }.joined(separator: "; ")
  }

  /// A loss that has stopped being finite ends the script, but for what was written to explain it.
  private func explain(_ experiment: Experiment, behind place: Int, _ context: RunContext) {
    guard context.options.replay == nil else { return }
    for step in steps[(place + 1)...] where step.stage is WhyStage {
      var experiment = experiment
      try? step.stage.run(&experiment, context)
      return
    }
  }
}
