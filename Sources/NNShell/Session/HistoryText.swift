import NN

/// The history as a text: an entry a line, the oldest first. One that is several lines long, or that begins with `"`, is written as a JSON
/// string.
public enum HistoryText {
  /// The most entries that are kept.
  public static let limit = 10_000
  /// An entry longer than this is not kept: a script that was pasted is better kept as a file.
  static let longest = 20_000

  /// An entry as a line; nil for one that is not worth keeping.
  public static func line(_ entry: String) -> String? {
    guard !entry.isEmpty, entry.utf8.count <= longest, !entry.utf8.contains(0) else { return nil }
    let isPlain = !entry.hasPrefix("\"") && !entry.utf8.contains { $0 < 0x20 && $0 != 0x09 }
    return isPlain ? entry : JSONValue.string(entry).text()
  }

  /// The entries of a text. Whatever else the file may hold (another program's bytes, half a line) is left out: entries are
  /// UTF-8 without control characters.
  public static func entries(_ bytes: [UInt8]) -> [String] {
    var entries: [String] = []
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      guard line.count <= 2 * longest, !line.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }),
        let text = String(validating: line, as: UTF8.self)
      else { continue }
      if text.hasPrefix("\"") {
        guard case .string(let entry)? = try? JSONValue(parsing: text) else { continue }
        entries.append(entry)
      } else {
        entries.append(text)
      }
    }
    return merged(entries)
  }

  /// Each entry once, where it came last; the last ones up to the limit.
  public static func merged(_ entries: [String]) -> [String] {
    var seen: Set<String> = []
    var kept: [String] = []
    for entry in entries.reversed() where seen.insert(entry).inserted {
      kept.append(entry)
      if kept.count == limit { break }
    }
    return kept.reversed()
  }
}
