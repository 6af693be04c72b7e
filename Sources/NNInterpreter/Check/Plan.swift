import NNDiagnostics

/// A script that was understood as a whole, ready to run: tasks in the source's order, each a piece of one flow.
///
/// What a task needs is known before anything runs: the piece of its flow in front of it, the flow it starts from, and
/// tasks that use the same files. Tasks that do not need each other can run side by side.
struct Plan: Sendable {
  /// Where a flow starts, or goes on.
  enum Start: Sendable {
    /// The experiment that the script was given.
    case given
    case task(Int)
    /// A flow of an earlier run, which the shell or a session has kept.
    case kept(FlowFuture)
  }

  struct Step: Sendable {
    var stage: any Stage
    var span: Span
    var declaration: StageDeclaration
    /// Its arguments, for what tells one script from another.
    var bound: BoundStage
    /// On the heap: there are as many steps as a script has stages, and few of them keep one.
    private var kept: Kept?

    init(stage: any Stage, span: Span, declaration: StageDeclaration, bound: BoundStage) {
      self.stage = stage
      self.span = span
      self.declaration = declaration
      self.bound = bound
    }

    /// The experiment behind it, as far as the checker knows it; kept only where the plan is to be shown.
    var after: Experiment? { kept?.experiment }

    mutating func keep(_ experiment: Experiment) { kept = Kept(experiment) }
  }

  private final class Kept: Sendable {
    let experiment: Experiment
    init(_ experiment: Experiment) { self.experiment = experiment }
  }

  struct Task: Sendable {
    var start: Start
    var steps: [Step] = []
    /// It is a piece of the script's own flow.
    var isOfScript: Bool
    /// The `let` name that its flow is bound to.
    var name: String?
    /// Tasks that must have ended, all of them in front of it.
    var needs: Set<Int> = []
    /// It writes what a failure of anything in front of it must prevent.
    var waitsForAll = false
    /// Fits in front of it.
    var fitsBefore: Int
  }

  /// A name that the run gives a meaning, once the tasks in front of it are done.
  struct Naming: Sendable {
    var tasksBefore: Int
    var apply: @Sendable (inout Scope) -> Void
  }

  var tasks: [Task] = []
  var namings: [Naming] = []
  /// The flows that names are bound to, and where each ends.
  var futures: [(future: FlowFuture, end: Start)] = []
  /// Where the script's own flow ends.
  var end: Start = .given
}

extension Plan {
  /// One stage reads standard input, and a `predict` it is.
  var readsStandardInputOnce: Bool {
    var readers = 0
    for task in tasks {
      for step in task.steps where step.stage.files.reads.contains("-") {
        guard step.stage is PredictStage else { return false }
        readers += 1
      }
    }
    return readers == 1
  }
}
