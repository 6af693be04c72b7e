import NNDiagnostics
import NNReport

/// A mistake that the checker or a run can find. Each kind owns its texts; where it stands is added when it is reported.
protocol Problem: Sendable {
  /// The stable identity; its hundred says which phase found it.
  var code: String { get }
  /// One sentence that says what is wrong.
  var message: String { get }
  /// A few words under the underlined span.
  var label: String? { get }
  /// What else there is to know, each a sentence.
  var notes: [String] { get }
  /// The way out.
  var help: String? { get }
  /// What to write instead of the underlined text, where that can be guessed.
  var replacement: String? { get }
  var severity: Diagnostic.Severity { get }
}

extension Problem {
  var label: String? { nil }
  var notes: [String] { [] }
  var help: String? { nil }
  var replacement: String? { nil }
  var severity: Diagnostic.Severity { code.hasPrefix("W") ? .warning : .error }

  /// - Parameter sources: the texts that the span may point into.
  func diagnostic(in sources: SourceMap = SourceMap(), at span: Span? = nil) -> Diagnostic {
    let source = sources.file(span)
    let span = source == nil ? nil : span
    var fixIts: [Diagnostic.FixIt] = []
    var help = help
    if let replacement, let span, let source, source.byte(at: span.start) == UInt8(ascii: "$"),
      !replacement.hasPrefix("$")
    {
      // What is wrong is a name's value, so the name is not to be replaced.
      let meant = "did you mean `\(replacement)`?"
      help = help.map { "\($0); \(meant)" } ?? meant
    } else if let replacement, let span {
      fixIts.append(
        Diagnostic.FixIt("did you mean `\(replacement)`?", span: span, replacement: replacement))
    }
    return Diagnostic(
      severity, code: code, message, source: source, span: span, label: label,
      notes: notes.map { Diagnostic.Note($0) },
      help: help, fixIts: fixIts)
  }
}

/// A problem on its way up from where it was found; the span is filled in by whoever knows it.
struct Found: Error {
  var problem: any Problem
  var span: Span?

  init(_ problem: any Problem, at span: Span? = nil) {
    self.problem = problem
    self.span = span
  }

  /// The same problem, at a place if it has none yet.
  func at(_ span: Span?) -> Found { Found(problem, at: self.span ?? span) }
}

/// Several names as a sentence has them: "`a`, `b` and `c`", shortened after eight.
func quoted(_ names: [String], joiner: String = "and") -> String {
  var shown = names.prefix(8).map { "`\($0)`" }
  if names.count > shown.count { shown.append("\(names.count - shown.count) more") }
  guard let last = shown.last, shown.count > 1 else { return shown.first ?? "none" }
  return shown.dropLast().joined(separator: ", ") + " \(joiner) " + last
}

/// "1 row", "2 rows".
public func counted(_ count: Int, _ noun: String) -> String {
  "\(formatCount(count)) \(noun)\(count == 1 ? "" : "s")"
}

/// Runs a step; a problem without a place gets this one.
func placed<Result>(at span: Span?, _ step: () throws(Found) -> Result) throws(Found) -> Result {
  do {
    return try step()
  } catch {
    throw error.at(span)
  }
}
