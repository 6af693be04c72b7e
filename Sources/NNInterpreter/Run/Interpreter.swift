import NNDiagnostics
import NNEngine
import NNSyntax

/// Runs scripts on an experiment that goes on from one run to the next, as a shell's session does.
public struct Interpreter: Sendable {
  /// How a run ended.
  public enum Status: Sendable, Equatable {
    case done
    /// Something is wrong with the script; nothing has run.
    case rejected
    /// The run itself failed.
    case failed
    /// Stopped from outside; what was trained is kept.
    case interrupted
  }

  public struct Result: Sendable {
    public var status: Status
    /// Errors and, after a check, warnings, in the source's order.
    public var diagnostics: [Diagnostic]
    /// With ``RunOptions/answers``: a line for each stage that showed nothing by itself, and for each new name.
    public var answers: [String] = []
    /// The text that ran, with the places that diagnostics and events name.
    public var source: SourceFile?
    /// Nothing has run.
    public var stopsBeforeRun = false

    public init(status: Status, diagnostics: [Diagnostic] = []) {
      self.status = status
      self.diagnostics = diagnostics
    }
  }

  /// The experiment as the last run left it.
  public internal(set) var experiment = Experiment()
  private(set) var scope = Scope()
  /// What was run before, for places in it that a later mistake goes back to.
  private var sources = SourceMap()
  private var fitCount = 0
  /// What was run before and gave its whole.
  private var text = RunText()

  public init() {}

  /// Names bound by `let` and `param`.
  public var names: [String] { scope.names }

  /// Checks a script as a whole; nothing runs.
  public func check(_ source: SourceFile, options: RunOptions = RunOptions()) -> Result {
    let checked = plan(source, options, TableStore(options))
    return Result(status: Self.status(of: checked.diagnostics), diagnostics: checked.diagnostics)
  }

  /// Checks a script, and tells what it would do, flow by flow and stage by stage; nothing runs.
  /// - Returns: a text of several lines, if nothing is wrong.
  public func explain(
    _ source: SourceFile, options: RunOptions = RunOptions()
  ) -> (result: Result, text: String?) {
    let checked = plan(source, options, TableStore(options), keepsExperiments: true)
    let result = Result(status: Self.status(of: checked.diagnostics), diagnostics: checked.diagnostics)
    guard result.status == .done else { return (result, nil) }
    return (result, FlowView(plan: checked.plan, sources: checked.sources, given: experiment).text)
  }

  /// Checks a script, and runs it if nothing is wrong.
  /// - Parameters:
  ///   - stop: ends reading at the next block, and fits at the next batch, when requested from another thread.
  ///   - observer: told of what happens in the source's order, one event at a time, warnings included; errors are in the
  ///     result.
  public mutating func run(
    _ source: SourceFile, options: RunOptions = RunOptions(), stop: StopSignal = StopSignal(),
    observer: (any RunObserver)? = nil
  ) -> Result {
    run(source, options: options, stop: stop, observer: observer, upToFit: nil)
  }

  /// - Parameter fit: the number of a fit behind which nothing is of use; nil for all.
  mutating func run(
    _ source: SourceFile, options: RunOptions, stop: StopSignal, observer: (any RunObserver)?,
    upToFit fit: Int?
  ) -> Result {
    let tables = TableStore(options, stop: stop)
    var options = options
    options.script = text
    let checked = plan(source, options, tables, keepsExperiments: options.answers)
    // What else the check found may be for want of what was not read.
    var ending = Result(status: Self.status(of: checked.diagnostics), diagnostics: checked.diagnostics)
    ending.source = checked.source
    ending.stopsBeforeRun = true
    if stop.isRequested {
      ending.status = .interrupted
      ending.diagnostics = []
      return ending
    }
    guard ending.status == .done else { return ending }
    ending.diagnostics = []
    var plan = checked.plan
    if let fit {
      guard let reduced = plan.reduced(toFit: fit - fitCount) else { return ending }
      plan = reduced
    }
    ending.stopsBeforeRun = false
    options.script.append(
      Seal.Part(
        name: source.name, text: String(decoding: source.bytes, as: UTF8.self),
        settings: options.settings.map { Seal.Setting(name: $0.name, value: $0.value) }))
    options.script.includes.merge(checked.includes) { $1 }
    for diagnostic in checked.diagnostics { observer?.observe(.warning(diagnostic)) }

    tables.streamsStandardInput = plan.readsStandardInputOnce
    let run = PlanRun(
      plan, from: experiment, sources: checked.sources, options: options, tables: tables, stop: stop,
      observer: observer, fitCount: fitCount, told: checked.diagnostics)
    let result = run.run()
    let start = (experiment: experiment, names: meanings)
    // What was trained before a failure is kept.
    experiment = result.experiment
    fitCount = result.fitCount
    sources = checked.sources
    for naming in plan.namings where naming.tasksBefore <= result.tasksDone { naming.apply(&scope) }
    text = options.script
    if result.failure != nil || stop.isRequested {
      text.unrepeatable =
        "a line of this session before it has failed, so the lines do not give the same again"
    }
    if let failure = result.failure {
      ending.status = .failed
      ending.diagnostics = [failure]
      return ending
    }
    if stop.isRequested {
      ending.status = .interrupted
      return ending
    }
    let context = RunContext(
      sources: sources, options: options, tables: tables, stop: stop, observer: observer, fitCount: fitCount)
    experiment.announceData(to: context, force: true)
    if options.answers { ending.answers = answers(to: checked.plan, from: start) }
    return ending
  }

  private func answers(
    to plan: Plan, from start: (experiment: Experiment, names: [SessionName])
  ) -> [String] {
    let new = meanings.filter { !start.names.contains($0) }
    return plan.answers(given: start.experiment)
      + new.map { $0.kind == "value" ? "\($0.name) = \($0.meaning)" : "\($0.name): \($0.meaning)" }
  }

  /// What a check has found.
  private struct Checked {
    var plan: Plan
    var diagnostics: [Diagnostic]
    var sources: SourceMap
    var source: SourceFile
    var includes: [String: String]
  }

  private func plan(
    _ source: SourceFile, _ options: RunOptions, _ tables: TableStore, keepsExperiments: Bool = false
  ) -> Checked {
    var sources = sources
    let source = sources.add(source)
    let parsed = parse(source)
    let context = CheckContext(sources: sources, options: options, tables: tables)
    var checker = Checker(
      context: context, scope: scope, experiment: experiment, fileName: source.name,
      keepsExperiments: keepsExperiments)
    let plan = checker.check(
      parsed.script, hasSyntaxErrors: parsed.problems.contains { $0.severity == .error })
    let parsing = parsed.problems.filter { problem in
      // A misspelt `expect` makes no comparison wrong.
      guard problem.code == Mistake.comparisonElsewhereCode, let span = problem.span else { return true }
      return !context.unknownStages.contains { $0.start <= span.start && span.end <= $0.end }
    }
    let diagnostics = (parsing + context.diagnostics).enumerated().sorted {
      let left = $0.element.span?.start ?? -1
      let right = $1.element.span?.start ?? -1
      return left == right ? $0.offset < $1.offset : left < right
    }.map(\.element)
    return Checked(
      plan: plan, diagnostics: diagnostics, sources: context.sources, source: source,
      includes: context.includes)
  }

  /// A mistake in the script outweighs one in a data file.
  private static func status(of diagnostics: [Diagnostic]) -> Status {
    let errors = diagnostics.filter { $0.severity == .error }
    if errors.isEmpty { return .done }
    return errors.allSatisfy { $0.code.hasPrefix("E1") } ? .failed : .rejected
  }
}

extension Experiment {
  /// The digest of the model's weights, if it has any.
  public var digest: String? { model?.trained?.digest }

  /// The memory that the model's weights and its optimizer's state take.
  public var weightBytes: Int { model?.trained?.byteCount ?? 0 }
}
