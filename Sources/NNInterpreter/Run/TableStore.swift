import NNData
import Synchronization

/// Reads each table once for check and run.
final class TableStore: Sendable {
  private let read = Mutex<[String: Table]>([:])
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
    if let table = read.withLock({ $0[key] }) { return table }
    let table = try readTable(path: path, options: options)
    read.withLock { $0[key] = table }
    return table
  }

  /// A file was written: what was read from it before no longer holds.
  func forget(path: String) {
    read.withLock { tables in tables = tables.filter { !$0.key.hasPrefix(path + "\u{0}") } }
  }
}
