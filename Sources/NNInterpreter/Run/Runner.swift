import NNDiagnostics
import NNSyntax

/// Runs a plan, stage after stage.
struct Runner {
  private let context: RunContext
  private(set) var scope: Scope<Experiment>
  private(set) var experiment: Experiment
  /// What went wrong in a fit that is trained all the same: it is saved before the run ends.
  private var postponed: Diagnostic?

  init(context: RunContext, scope: Scope<Experiment>, experiment: Experiment) {
    self.context = context
    self.scope = scope
    self.experiment = experiment
  }

  /// - Returns: what stopped the run, if something did.
  mutating func run(_ plan: Plan) -> Diagnostic? {
    var current = experiment
    defer { experiment = current }
    let failure = run(plan.steps, on: &current) ?? postponed
    if failure == nil, !context.stop.isRequested { current.announceData(to: context, force: true) }
    return failure
  }

  private mutating func run(_ steps: [Plan.Step], on experiment: inout Experiment) -> Diagnostic? {
    for step in steps {
      switch step {
      case .value(let name, let constant): scope[name] = .value(constant)
      case .start(let name):
        if case .flow(let bound)? = scope[name] { experiment = bound }
      case .bind(let name, let steps):
        var copy = experiment
        if let failure = run(steps, on: &copy) { return failure }
        scope[name] = .flow(copy)
      case .stage(let stage, let span, let declaration):
        // After an interruption only what keeps the trained weights still runs.
        let isEnding = context.stop.isRequested || postponed != nil
        if isEnding, !declaration.runsAfterInterruption { continue }
        do {
          try stage.run(&experiment, context)
        } catch let found as Found {
          // What was to be saved may have needed a stage that did not run.
          if postponed != nil { continue }
          if case .callback? = found.problem as? RunProblem {
            postponed = found.problem.diagnostic(in: context.source, at: found.span ?? span)
            continue
          }
          return found.problem.diagnostic(in: context.source, at: found.span ?? span)
        } catch {
          return Diagnostic(code: "E1000", "\(error)", source: context.source, span: span)
        }
      }
    }
    return nil
  }
}
