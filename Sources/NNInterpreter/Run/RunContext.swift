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
  /// Where relative paths of what a check reads begin; nil for the working folder. An editor's server has no other.
  public var folder: String?
  /// Keeps tables from one check to the next, for an editor that checks at every key.
  public var tableCache: TableCache?
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

/// Reads each table once for check and run.
final class TableStore {
  private var read: [String: Table] = [:]
  private let memory: [String: Table]
  private let cache: TableCache?
  private let folder: String?

  init(_ options: RunOptions = RunOptions()) {
    memory = options.tables
    cache = options.tableCache
    folder = options.folder
  }

  /// The path from the folder that relative ones begin in.
  func resolved(_ path: String) -> String {
    guard let folder, !path.hasPrefix("/"), !path.hasPrefix("~"), !path.isEmpty, path != "-" else {
      return path
    }
    return folder + "/" + path
  }

  /// Whether a file is too large to be read while somebody types.
  func isTooLarge(_ path: String) -> Bool { cache?.isTooLarge(resolved(path)) ?? false }

  /// The prefix of a path that names a table in memory.
  static let memoryPrefix = "table:"

  func table(path: String, options: ReadOptions) throws(DataError) -> Table {
    if path.hasPrefix(Self.memoryPrefix) {
      let name = String(path.dropFirst(Self.memoryPrefix.count))
      guard let table = memory[name] else { throw DataError.fileMissing(path: path) }
      return table
    }
    let key = "\(path)\u{0}\(options)"
    let path = resolved(path)
    if let table = read[key] { return table }
    let kept = try cache?.table(path: path, options: options)
    let table = if let kept { kept } else { try readTable(path: path, options: options) }
    read[key] = table
    return table
  }

  /// A file was written: what was read from it before no longer holds.
  func forget(path: String) {
    read = read.filter { !$0.key.hasPrefix(path + "\u{0}") }
  }
}
