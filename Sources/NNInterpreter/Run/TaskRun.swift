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
  /// - Parameter isEnding: something in front of it has gone wrong, and only what keeps trained weights still runs.
  func run(on start: Experiment, _ context: RunContext, isEnding: Bool) -> TaskOutcome {
    var experiment = start
    var postponed: Diagnostic?
    for (place, step) in steps.enumerated() {
      // After an interruption, too, only what keeps the trained weights still runs.
      let isEnding = isEnding || postponed != nil
      if context.options.replay != nil, !step.declaration.trains { continue }
      if isEnding || context.stop.isRequested, !step.declaration.runsAfterInterruption { continue }
      do {
        if let problem = step.declaration.problem(withStreamIn: experiment) { throw Found(problem) }
        let writes = !step.stage.files.writes.isEmpty
        if context.options.speaks || !writes || step.declaration.trains {
          try step.stage.run(&experiment, context)
        }
        // What rank 0 has written, others may read next.
        if writes { context.options.ranks?.barrier() }
      } catch {
        let found = error as? Found
        // An interruption, not a mistake.
        if case .content(.stopped)? = found?.problem as? RunProblem { continue }
        let diagnostic =
          (error as? FailedRun)?.diagnostic
          ?? found.map { $0.problem.diagnostic(in: context.sources, at: $0.span ?? step.span) }
          ?? Diagnostic(
            code: "E1000", "\(error)", source: context.sources.file(step.span), span: step.span)
        // What was to be saved may have needed a stage that did not run.
        if isEnding { continue }
        switch found?.problem as? RunProblem {
        case .callback?, .rowsLost?:
          postponed = diagnostic
          continue
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
