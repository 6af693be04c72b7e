import NNData
import NNDiagnostics

/// A table that is read from the disk while it is used; ``DataSlot/table`` is then its excerpt.
struct StreamSlot: Sendable {
  var table: StoredTable
  /// How many bytes of rows may be held at a time.
  var memory: Int
  var split: StoredSplit?

  /// Used where `memory=` does not say otherwise.
  static let usualMemory = 256 << 20
  /// Less holds hardly a row of a wide table.
  static let leastMemory = 1 << 20

  /// Whether another file, used with this table, had better stream as well; of a small one no columns are kept.
  func isLarge(_ path: String) -> Bool {
    guard let size = FileStamp(path: path)?.size else { return false }
    return path.hasSuffix(".gz") || size > memory / 8
  }

  /// The number of bytes that a text such as `512M` or `1.5GiB` means; nil for one that means none.
  static func bytes(of text: String) -> Int? {
    let units: [(suffix: String, shift: Int)] = [("k", 10), ("m", 20), ("g", 30), ("t", 40)]
    var text = text.lowercased()
    for ending in ["ib", "b"] where text.hasSuffix(ending) {
      text.removeLast(ending.count)
      break
    }
    var shift = 0
    if let unit = units.first(where: { text.hasSuffix($0.suffix) }) {
      text.removeLast()
      shift = unit.shift
    }
    guard let number = Double(text), number > 0, number.isFinite else { return nil }
    return Int(exactly: (number * Double(1 << shift)).rounded())
  }

  /// The same in a few letters, for messages: `256M`.
  static func text(of bytes: Int) -> String {
    for (suffix, shift) in [("G", 30), ("M", 20), ("K", 10)]
    where bytes >= 1 << shift && bytes % (1 << shift) == 0 {
      return "\(bytes >> shift)\(suffix)"
    }
    return "\(bytes)"
  }
}

extension StageDeclaration {
  /// What is wrong with a stage that needs rows in memory behind a table that streams.
  func problem(withStreamIn experiment: Experiment) -> FlowProblem? {
    experiment.data?.stream == nil || streams ? nil : .notStreamed(name)
  }
}

/// Opens files as a table that streams, from the columns beside them or after reading them once.
func openStored(_ paths: [String], _ options: ReadOptions, _ tables: TableStore) throws(Found) -> StoredTable
{
  let files = try filesNamed(paths)
  for path in files where path == "-" || path.hasPrefix(TableStore.memoryPrefix) {
    throw Found(DataProblem.cannotStream(path))
  }
  do {
    return try tables.stored(paths: files, name: paths.joined(separator: ", "), options: options)
  } catch {
    throw Found(error.problem)
  }
}
