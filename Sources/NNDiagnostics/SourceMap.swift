/// The texts that one program is made of, each with places of its own: a script and what it includes, or what was typed
/// at a prompt line after line.
public struct SourceMap: Sendable {
  /// By their places.
  private var files: [SourceFile] = []
  /// Older texts are forgotten: a place in them is no longer shown.
  private static let mostFiles = 1000

  public init() {}

  public init(_ source: SourceFile) { files = [source] }

  /// Gives a text the places behind all others.
  /// - Returns: the text with these places.
  public mutating func add(_ source: SourceFile) -> SourceFile {
    let base = files.last.map { $0.end + 1 } ?? 0
    let added =
      source.base == base ? source : SourceFile(name: source.name, bytes: source.bytes, base: base)
    if files.count >= Self.mostFiles { files.removeFirst(Self.mostFiles / 2) }
    files.append(added)
    return added
  }

  /// The text that a span points into; nil for none, and for a text that is forgotten.
  public func file(_ span: Span?) -> SourceFile? {
    guard let span else { return nil }
    let index = files.partitioningIndex { $0.end >= span.start }
    guard index < files.count, files[index].base <= span.start, span.end <= files[index].end else {
      return nil
    }
    return files[index]
  }

  public func text(_ span: Span) -> String { file(span)?.text(span) ?? "" }
}

extension Array {
  /// The first index whose element satisfies what all behind it do.
  fileprivate func partitioningIndex(_ belongsBehind: (Element) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if belongsBehind(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
