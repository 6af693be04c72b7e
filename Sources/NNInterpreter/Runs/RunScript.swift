import NNDiagnostics
import NNSyntax

/// Writes the line that makes one of many runs again: the stage with that run's values alone, and its body on one line.
struct RunScript {
  private let parts: [String]
  private let whole: String

  /// A word that no script can have in a stage's place.
  private static let place = "NESTED__STAGE"

  /// - Parameter isNested: whether a stage of that name runs its own body many times.
  init(body: Script, isNested: (String) -> Bool) {
    whole = Self.onOneLine(Printer.text(of: body))
    var body = body
    // Of several the last leaves its runs.
    search: for index in body.statements.indices.reversed() {
      guard case .flow(var flow) = body.statements[index] else { continue }
      for stage in flow.stages.indices.reversed() where isNested(flow.stages[stage].name.text) {
        let span = flow.stages[stage].span
        flow.stages[stage] = NNSyntax.Stage(name: Name(Self.place, span: span), arguments: [], span: span)
        body.statements[index] = .flow(flow)
        break search
      }
    }
    let text = Self.onOneLine(Printer.text(of: body))
    if let range = text.firstRange(of: Self.place) {
      parts = [String(text[..<range.lowerBound]), String(text[range.upperBound...])]
    } else {
      parts = []
    }
  }

  /// The line in two parts, with room for a nested stage's line between them; the second is empty where there is none.
  /// - Parameter isNested: that stage's runs are rows of their own.
  func line(_ head: String, isNested: Bool) -> (head: String, tail: String) {
    isNested && parts.count == 2
      ? ("\(head) { \(parts[0])", "\(parts[1]) }") : ("\(head) { \(whole) }", "")
  }

  /// Statements that stand a line each, behind one another. No string goes over a line's end.
  private static func onOneLine(_ text: String) -> String {
    var result = ""
    for line in text.split(separator: "\n") {
      var words = line.drop { $0 == " " }
      while words.last == " " { words.removeLast() }
      if words.isEmpty { continue }
      if result.isEmpty || result.hasSuffix("{") || words.hasPrefix("}") || result.hasSuffix("<") {
        result += result.isEmpty ? "" : " "
      } else {
        result += "; "
      }
      result += words
    }
    return result
  }
}
