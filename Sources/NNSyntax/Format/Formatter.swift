import NNDiagnostics

/// Writes a script in the one layout that `nn fmt` gives: a statement a line, single blanks, two more blanks of
/// indentation for each level, comments where they were. What parses again is the same tree.
///
/// Three things are laid out on one line or over several: the stages of a flow, the layers of a block, the entries of a
/// list or call. They stay over several lines where the author put a line end between them, and go over several where one
/// line would be longer than ``lineLength``. So the layout that comes out is the layout that it gives again.
public struct Formatter {
  /// In characters. What has no place to break may be longer.
  public static let lineLength = 100

  /// Why a text keeps its layout: its mistakes.
  public struct Unreadable: Error {
    public var problems: [Diagnostic]
  }

  /// The text in its layout.
  /// - Throws: ``Unreadable`` if it does not parse.
  public static func text(of source: SourceFile) throws(Unreadable) -> String {
    try text(of: parse(source))
  }

  static func text(of result: ParseResult) throws(Unreadable) -> String {
    let errors = result.problems.filter { $0.severity == .error }
    guard errors.isEmpty else { throw Unreadable(problems: errors) }
    var formatter = Formatter(result)
    formatter.statements(result.script.statements, until: result.source.bytes.count, at: 0)
    return formatter.output.isEmpty ? "" : formatter.output + "\n"
  }

  let source: SourceFile
  let inline: InlinePrinter
  let comments: [Comment]
  /// The first comment that is not written yet.
  var nextComment = 0
  private(set) var output = ""
  /// How many characters the last line of the output has, and how many blanks it begins with.
  private(set) var column = 0
  private(set) var indentation = 0
  /// Nothing has been written since the bracket around here was opened.
  private var isAtScopeStart = true
  /// The end of what was written last, in the source.
  var written = 0
  /// A comment ends the line that is being written: whatever follows starts a new one.
  var needsNewLine = false

  private init(_ result: ParseResult) {
    source = result.source
    inline = InlinePrinter(source: result.source)
    comments = result.comments
    if result.source.bytes.starts(with: [0xEF, 0xBB, 0xBF]) { written = 3 }
  }
}

// MARK: Writing

extension Formatter {
  /// Writes what stands in the source up to `end`.
  mutating func write(_ text: String, upTo end: Int? = nil) {
    output += text
    column += text.count
    isAtScopeStart = false
    if let end { written = max(written, end) }
  }

  /// Writes an opening bracket.
  mutating func open(_ text: String, upTo end: Int) {
    write(text, upTo: end)
    isAtScopeStart = true
  }

  /// Ends the line, if anything stands on it, and starts another.
  mutating func newLine(at indentation: Int) {
    if !output.isEmpty { output += "\n" }
    output += String(repeating: " ", count: indentation)
    column = indentation
    self.indentation = indentation
    needsNewLine = false
  }

  /// Whether a `\` is the last thing on the line: with nothing behind it, it would take the next line along.
  var endsWithBackslash: Bool { output.utf8.last == UInt8(ascii: "\\") }
}

// MARK: What the author wrote

extension Formatter {
  func lineEnds(from start: Int, to end: Int) -> Int {
    guard start < end, end <= source.bytes.count else { return 0 }
    return source.bytes[start..<end].count { $0 == UInt8(ascii: "\n") }
  }

  func hasLineEnd(from start: Int, to end: Int) -> Bool {
    guard start < end, end <= source.bytes.count else { return false }
    return source.bytes[start..<end].contains(UInt8(ascii: "\n"))
  }

  /// Whether a comment stands within.
  func hasComment(_ span: Span) -> Bool {
    var low = 0
    var high = comments.count
    while low < high {
      let middle = (low + high) / 2
      if comments[middle].span.start < span.start { low = middle + 1 } else { high = middle }
    }
    return low < comments.count && comments[low].span.start < span.end
  }
}

// MARK: Comments

extension Formatter {
  /// Writes the comments in front of an offset: one that stood behind what was written last on its line stays there, the
  /// others get lines of their own.
  mutating func writeComments(before offset: Int, at indentation: Int) {
    while nextComment < comments.count, comments[nextComment].span.start < offset {
      let comment = comments[nextComment]
      nextComment += 1
      let text = trimmed(comment.text)
      if !output.isEmpty, !needsNewLine, !hasLineEnd(from: written, to: comment.span.start) {
        write("  " + text, upTo: comment.span.end)
      } else {
        startLine(with: comment.span.start, at: indentation)
        write(text, upTo: comment.span.end)
      }
      needsNewLine = true
    }
  }

  /// Whether a comment follows on the line of what was written last.
  func isFollowedByComment(before offset: Int) -> Bool {
    guard nextComment < comments.count else { return false }
    let start = comments[nextComment].span.start
    return start < offset && !hasLineEnd(from: written, to: start)
  }

  /// Starts the line of something that stands at an offset. Of empty lines that the author left in front of it one is kept.
  mutating func startLine(with offset: Int, at indentation: Int) {
    if !output.isEmpty, !isAtScopeStart, lineEnds(from: written, to: offset) > 1 { output += "\n" }
    newLine(at: indentation)
  }

  private func trimmed(_ text: String) -> String {
    var scalars = text.unicodeScalars
    while let last = scalars.last, last == " " || last == "\t" || last == "\r" { scalars.removeLast() }
    return String(scalars)
  }
}
