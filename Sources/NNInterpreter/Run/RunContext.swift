import NNData
import NNDiagnostics
import NNEngine

/// What a run is given from outside.
public struct RunOptions: Sendable {
  /// Worker threads of the engine; nil for the machine's cores. The result does not depend on it.
  public var threads: Int?
  /// `--set NAME=VALUE`.
  public var settings: [(name: String, value: String)] = []
  /// Tables in memory, read as `data table:NAME`.
  public var tables: [String: Table] = [:]
  /// Callbacks of the program's own, by the names that scripts use: `fit callbacks=[log_to_db]`.
  public var callbacks: [String: any Callback] = [:]
  /// Standard output carries something else, so `predict` must name a file.
  public var needsPredictionFile = false
  /// How wide drawn text may be, in columns.
  public var width = 80
  /// Whether drawn text may be coloured.
  public var usesColor = false

  public init() {}
}

/// What stages work with while they run.
final class RunContext {
  let source: SourceFile
  let options: RunOptions
  let tables: TableStore
  let stop: StopSignal
  let observer: (any RunObserver)?
  /// Fits so far, for numbering.
  var fitCount: Int

  init(
    source: SourceFile, options: RunOptions, tables: TableStore, stop: StopSignal,
    observer: (any RunObserver)?, fitCount: Int
  ) {
    self.source = source
    self.options = options
    self.tables = tables
    self.stop = stop
    self.observer = observer
    self.fitCount = fitCount
  }

  func tell(_ event: RunEvent) { observer?.observe(event) }

  func warn(_ problem: any Problem, at span: Span?) {
    tell(.warning(problem.diagnostic(in: source, at: span)))
  }
}
