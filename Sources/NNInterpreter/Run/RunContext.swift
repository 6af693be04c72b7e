import NNData
import NNDiagnostics
import NNEngine

/// What a run is given from outside.
public struct RunOptions: Sendable {
  /// Worker threads of the engine; nil for the machine's cores. The result does not depend on it.
  public var threads: Int?
  /// Threads for many runs, however many the machine has; for tests.
  var runThreads: Int?
  /// Bytes of weights and optimizer states of many runs that are kept for `best` and `ensemble`. What is beyond is made again when
  /// it is asked for, with the same bits.
  var keptRunBytes = 256 << 20
  /// `--set NAME=VALUE`.
  public var settings: [(name: String, value: String)] = []
  /// Tables in memory, read as `data table:NAME`.
  public var tables: [String: Table] = [:]
  /// Where relative paths of what a check reads begin; nil for the working folder. An editor's server has no other.
  public var folder: String?
  /// Keeps tables from one check to the next, for an editor that checks at every key.
  public var tableCache: TableCache?
  /// Callbacks of the program's own, by the names that scripts use: `fit callbacks=[log_to_db]`.
  public var callbacks: [String: any Callback] = [:]
  /// Losses of the program's own: `compile loss=asymmetric`.
  public var losses: [String: CustomLoss] = [:]
  /// Activations of the program's own: `dense 8 swishy`.
  public var activations: [String: CustomActivation] = [:]
  /// Standard output carries something else, so `predict` must name a file.
  public var needsPredictionFile = false
  /// A model whose file cannot be written is kept in another, because nobody holds it when the run is over. A program that runs
  /// scripts does hold it.
  public var rescuesModels = false
  /// How wide drawn text may be, in columns.
  public var width = 80
  /// Whether drawn text may be coloured.
  public var usesColor = false
  /// The texts that this run is a part of, itself included.
  var script = RunText()
  /// A sealed fit is trained again: nothing is shown or written.
  var replay: Replay?
  /// Nothing follows what is checked or run, as lines follow one another in a shell: names that it never uses are of no use.
  public var isWholeScript = true
  /// Stages that show nothing by themselves, and new names, are to be answered with a line each: a shell's.
  public var answers = false

  public init() {}
}

/// What stages work with while they run.
final class RunContext {
  let sources: SourceMap
  let options: RunOptions
  let tables: TableStore
  let stop: StopSignal
  let observer: (any RunObserver)?
  /// Fits so far, for numbering.
  var fitCount: Int
  /// Which of many runs this is; nil outside of `sweep`, `folds` and `seeds`.
  let run: RunPlace?
  /// Warnings of the check, which are not said again.
  let told: [Diagnostic]

  init(
    sources: SourceMap, options: RunOptions, tables: TableStore, stop: StopSignal,
    observer: (any RunObserver)?, fitCount: Int, told: [Diagnostic] = [],
    run: RunPlace? = nil
  ) {
    self.sources = sources
    self.options = options
    self.tables = tables
    self.stop = stop
    self.observer = observer
    self.fitCount = fitCount
    self.told = told
    self.run = run
  }

  func tell(_ event: RunEvent) { observer?.observe(event) }

  func warn(_ problem: any Problem, at span: Span?) {
    let diagnostic = problem.diagnostic(in: sources, at: span)
    let isTold = told.contains {
      $0.code == diagnostic.code && $0.message == diagnostic.message && $0.span == diagnostic.span
    }
    if !isTold { tell(.warning(diagnostic)) }
  }
}
