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
  /// Warnings of the check, which are not said again.
  private let told: [Diagnostic]

  init(
    source: SourceFile, options: RunOptions, tables: TableStore, stop: StopSignal,
    observer: (any RunObserver)?, fitCount: Int, told: [Diagnostic] = []
  ) {
    self.source = source
    self.options = options
    self.tables = tables
    self.stop = stop
    self.observer = observer
    self.fitCount = fitCount
    self.told = told
  }

  func tell(_ event: RunEvent) { observer?.observe(event) }

  func warn(_ problem: any Problem, at span: Span?) {
    let diagnostic = problem.diagnostic(in: source, at: span)
    let isTold = told.contains {
      $0.code == diagnostic.code && $0.message == diagnostic.message && $0.span == diagnostic.span
    }
    if !isTold { tell(.warning(diagnostic)) }
  }
}

/// Reads each table once for check and run.
final class TableStore {
  private var read: [String: Table] = [:]
  private let memory: [String: Table]

  init(memory: [String: Table] = [:]) { self.memory = memory }

  /// The prefix of a path that names a table in memory.
  static let memoryPrefix = "table:"

  func table(path: String, options: ReadOptions) throws(DataError) -> Table {
    if path.hasPrefix(Self.memoryPrefix) {
      let name = String(path.dropFirst(Self.memoryPrefix.count))
      guard let table = memory[name] else { throw DataError.fileMissing(path: path) }
      return table
    }
    let key = "\(path)\u{0}\(options)"
    if let table = read[key] { return table }
    let table = try readTable(path: path, options: options)
    read[key] = table
    return table
  }

  /// A file was written: what was read from it before no longer holds.
  func forget(path: String) {
    read = read.filter { !$0.key.hasPrefix(path + "\u{0}") }
  }
}
