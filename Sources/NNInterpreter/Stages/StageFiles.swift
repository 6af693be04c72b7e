/// The files that a stage reads and writes.
struct StageFiles: Sendable {
  /// As they were written; patterns stand for what matches them.
  private(set) var reads: [String] = []
  private(set) var writes: [Written] = []
  /// What it writes is a result, to be written only if everything in front of it went well.
  var isResult = false

  enum Written: Sendable {
    case file(String)
    case folder(String)
    case pattern(PathPattern)

    /// As it was written.
    var path: String {
      switch self {
      case .file(let path), .folder(let path): path
      case .pattern(let pattern): pattern.source
      }
    }

    /// What all the paths that it stands for begin with.
    fileprivate var stem: String {
      switch self {
      case .file(let path): plainPath(path)
      case .folder(let path): plainPath(path) + "/"
      case .pattern(let pattern): plainPath(String(pattern.source.prefix { $0 != "{" }))
      }
    }

    fileprivate var isPlain: Bool { if case .file = self { true } else { false } }
  }

  init(reads: [String?] = [], writes: [Written] = [], isResult: Bool = false) {
    self.reads = reads.compactMap { $0 }.filter { !$0.hasPrefix(TableStore.memoryPrefix) }
    self.writes = writes
    self.isResult = isResult
  }

  mutating func add(_ other: StageFiles) {
    reads += other.reads
    writes += other.writes
  }

  /// Whether the order of the two matters: one writes what the other reads or writes, or both read standard input.
  func conflicts(with other: StageFiles) -> Bool {
    if reads.contains("-"), other.reads.contains("-") { return true }
    return writes.contains { written in other.writes.contains { written.overlaps($0) } }
      || writes.contains { written in other.reads.contains { written.overlaps(.file($0)) } }
      || other.writes.contains { written in reads.contains { written.overlaps(.file($0)) } }
  }
}

extension StageFiles.Written {
  fileprivate func overlaps(_ other: Self) -> Bool {
    let (mine, others) = (stem, other.stem)
    if isPlain, other.isPlain { return mine == others }
    return mine.hasPrefix(others) || others.hasPrefix(mine)
  }
}

/// A path without `~`, and without what changes nothing: `./`, `//`, `a/../`.
func plainPath(_ path: String) -> String {
  let path = expandingTilde(path)
  var parts: [Substring] = []
  for part in path.split(separator: "/") where part != "." {
    if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
  }
  return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
}
