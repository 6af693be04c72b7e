import NNData
import NNEngine
import Synchronization

/// Reads each table once for check and run.
final class TableStore: Sendable {
  private let read = Mutex<[Key: Table]>([:])
  private let streamed = Mutex<[Key: StoredTable]>([:])
  private let memory: [String: Table]
  /// What runs on the same rows share.
  let prepared = PreparedData()
  /// At most so many for reading; the machine's cores if nil.
  private let threads: Int?
  private let cache: TableCache?
  private let folder: String?
  private let streams = Atomic(false)
  /// Those that read with this process.
  private let ranks: (any Ranks)?
  /// Each rank is at work of its own, and none meets another.
  private let isApart = Atomic(false)
  /// Ends reading.
  private let shouldStop: (@Sendable () -> Bool)?

  private struct Key: Hashable, Sendable {
    var paths: [String]
    var options: ReadOptions
  }

  init(_ options: RunOptions = RunOptions(), stop: StopSignal? = nil) {
    memory = options.tables
    threads = options.threads
    cache = options.tableCache
    folder = options.folder
    ranks = options.ranks
    shouldStop = stop.map { stop in { @Sendable in stop.isRequested } }
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

  /// - Parameters:
  ///   - paths: a file, or several with the same columns.
  ///   - name: stands for several in messages.
  func table(paths: [String], name: String, options: ReadOptions) throws(DataError) -> Table {
    if let path = paths.first, paths.count == 1, path.hasPrefix(Self.memoryPrefix) {
      let name = String(path.dropFirst(Self.memoryPrefix.count))
      guard let table = memory[name] ?? SampleTable.named(name) else {
        throw DataError.fileMissing(path: path)
      }
      return table
    }
    let key = Key(paths: paths, options: options)
    if let table = read.withLock({ $0[key] }) { return table }
    let files = paths.map(resolved)
    let kept = files.count == 1 ? try cache?.table(path: files[0], options: options, threads: threads) : nil
    let table =
      if let kept { kept } else {
        try readTable(
          paths: files, name: name, options: options, threads: threads,
          shouldStop: shouldStop)
      }
    read.withLock { $0[key] = table }
    return table
  }

  /// A table that streams; see ``StoredTable``.
  /// - Parameter paths: files, not standard input.
  func stored(paths: [String], name: String, options: ReadOptions) throws(DataError) -> StoredTable {
    let key = Key(paths: paths, options: options)
    if let table = streamed.withLock({ $0[key] }) { return table }
    // Rank 0 leaves the others less to do: one file of columns is written, not one by each.
    let meeting = isApart.load(ordering: .relaxed) ? nil : ranks
    let table = try meeting.inTurn { () throws(DataError) in
      try StoredTable.open(
        paths: paths.map(resolved), name: name, options: options, threads: threads, shouldStop: shouldStop)
    }
    streamed.withLock { $0[key] = table }
    return table
  }

  /// Does something in which each rank goes its own way.
  func whileApart<Result>(_ body: () throws -> Result) rethrows -> Result {
    isApart.store(true, ordering: .relaxed)
    defer { isApart.store(false, ordering: .relaxed) }
    return try body()
  }

  /// Standard input is read in one place only, which need not keep it.
  var streamsStandardInput: Bool {
    get { streams.load(ordering: .relaxed) }
    set { streams.store(newValue, ordering: .relaxed) }
  }

  /// A file was written: what was read from it before no longer holds.
  func forget(path: String) {
    streamed.withLock { tables in tables = tables.filter { !$0.key.paths.contains(path) } }
    read.withLock { tables in tables = tables.filter { !$0.key.paths.contains(path) } }
  }
}
