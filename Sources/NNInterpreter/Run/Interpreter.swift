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
  }

  /// The experiment as the last run left it.
  public internal(set) var experiment = Experiment()
  private(set) var scope = Scope<Experiment>()
  private var fitCount = 0

  public init() {}

  /// Names bound by `let` and `param`.
  public var names: [String] { scope.names }

  /// Checks a script as a whole; nothing runs.
  public func check(_ source: SourceFile, options: RunOptions = RunOptions()) -> Result {
    let (_, diagnostics) = plan(source, options, TableStore(options))
    return Result(status: Self.status(of: diagnostics), diagnostics: diagnostics)
  }

  /// Checks a script, and runs it if nothing is wrong.
  /// - Parameters:
  ///   - stop: ends a fit at the next batch when requested from another thread.
  ///   - observer: told of what happens, warnings included; errors are in the result.
  public mutating func run(
    _ source: SourceFile, options: RunOptions = RunOptions(), stop: StopSignal = StopSignal(),
    observer: (any RunObserver)? = nil
  ) -> Result {
    let tables = TableStore(options)
    let (plan, diagnostics) = plan(source, options, tables)
    let status = Self.status(of: diagnostics)
    guard status == .done else { return Result(status: status, diagnostics: diagnostics) }
    for diagnostic in diagnostics { observer?.observe(.warning(diagnostic)) }

    let context = RunContext(
      source: source, options: options, tables: tables, stop: stop, observer: observer, fitCount: fitCount)
    var runner = Runner(context: context, scope: scope, experiment: experiment)
    let failure = runner.run(plan)
    // What was trained before a failure is kept.
    experiment = runner.experiment
    experiment.forgetPlaces()
    scope = runner.scope
    fitCount = context.fitCount
    if let failure { return Result(status: .failed, diagnostics: [failure]) }
    return Result(status: stop.isRequested ? .interrupted : .done, diagnostics: [])
  }

  private func plan(_ source: SourceFile, _ options: RunOptions, _ tables: TableStore) -> (Plan, [Diagnostic])
  {
    let parsed = parse(source)
    let context = CheckContext(source: source, options: options, tables: tables)
    var checker = Checker(context: context, scope: scope, experiment: experiment)
    let plan = checker.check(parsed.script)
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
    return (plan, diagnostics)
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
}
