import NNData
import Synchronization

/// Keeps tables from one check to the next, and reads a file again when it has been written since.
public final class TableCache: Sendable {
  private struct Key: Hashable {
    var path: String
    var options: ReadOptions
  }

  private struct Entry: Sendable {
    var stamp: FileStamp
    var table: Table
  }

  private let entries = Mutex<[Key: Entry]>([:])
  /// In bytes. Larger files are left to the run.
  private let largest: Int

  public init(largest: Int = 64 << 20) { self.largest = largest }

  func isTooLarge(_ path: String) -> Bool { (FileStamp(path: path)?.size ?? 0) > largest }

  /// The table, read once; nil where the file cannot be told from another, such as a pipe.
  func table(path: String, options: ReadOptions, threads: Int?) throws(DataError) -> Table? {
    guard let stamp = FileStamp(path: path) else { return nil }
    let key = Key(path: path, options: options)
    if let entry = entries.withLock({ $0[key] }), entry.stamp == stamp { return entry.table }
    let table = try readTable(paths: [path], name: path, options: options, threads: threads)
    entries.withLock { $0[key] = Entry(stamp: stamp, table: table) }
    return table
  }
}
