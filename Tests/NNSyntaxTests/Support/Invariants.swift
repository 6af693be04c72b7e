import NNDiagnostics

@testable import NNSyntax

/// What must hold for every text, however broken. Returns what does not.
func brokenInvariants(of source: SourceFile) -> [String] {
  var failures: [String] = []
  let lexed = tokenize(source)
  var end = 0
  for token in lexed.tokens {
    if token.span.start < end || token.span.end < token.span.start || token.span.end > source.bytes.count {
      failures.append("the token \(token) is out of order")
    }
    end = token.span.end
  }
  if lexed.tokens.last?.kind != .end { failures.append("the last token is not the end") }

  let result = parse(source)
  failures += SpanChecker(result).failures
  var seen: Set<String> = []
  for problem in result.problems {
    guard let span = problem.span else {
      failures.append("a problem without a place: \(problem.message)")
      continue
    }
    if span.start < 0 || span.end < span.start || span.end > source.bytes.count {
      failures.append("\(problem.code) is out of the text: \(span)")
    }
    if problem.code.wholeMatch(of: #/[EW]01[0-9]{2}/#) == nil {
      failures.append("`\(problem.code)` is no code")
    }
    if problem.message.isEmpty { failures.append("\(problem.code) says nothing") }
    if !seen.insert("\(problem.code) \(span)").inserted {
      failures.append("\(problem.code) at \(span) comes twice")
    }
    for fix in problem.fixIts
    where fix.span.start < 0 || fix.span.end < fix.span.start || fix.span.end > source.bytes.count {
      failures.append("\(problem.code)'s fix is out of the text: \(fix.span)")
    }
  }

  let rendered = Renderer(width: 60).text(of: result.problems)
  if let character = rendered.unicodeScalars.first(where: {
    $0.value < 0x20 && $0 != "\n" || $0.value == 0x7F
  }) {
    failures.append("the control character \(character.value) reaches the terminal")
  }

  failures += brokenInvariants(ofLayout: result)
  let printed = Printer.text(of: result.script)
  let tree = TreePrinter.text(of: result.script)
  if result.problems.allSatisfy({ $0.severity == .warning }) {
    let again = parse(SourceFile(name: "printed", text: printed))
    if again.problems.contains(where: { $0.severity == .error }) {
      failures.append("what is printed does not parse: \(printed.debugDescription)")
    } else if TreePrinter.text(of: again.script) != tree {
      failures.append("what is printed parses to another tree: \(printed.debugDescription)")
    } else if Printer.text(of: again.script) != printed {
      failures.append("printing twice gives another text: \(printed.debugDescription)")
    }
  }
  return failures
}

/// What must hold for every text that parses: printed and formatted it is the same tree, with every comment, and a second
/// time it comes out as it went in.
private func brokenInvariants(ofLayout result: ParseResult) -> [String] {
  guard let formatted = try? Formatter.text(of: result) else {
    return result.problems.contains { $0.severity == .error } ? [] : ["what parses is not formatted"]
  }
  let again = parse(SourceFile(name: "formatted", text: formatted))
  let what = formatted.debugDescription
  guard let twice = try? Formatter.text(of: again) else {
    return ["what is formatted does not parse: \(what)"]
  }
  var failures: [String] = []
  if TreePrinter.text(of: again.script) != TreePrinter.text(of: result.script) {
    failures.append("what is formatted parses to another tree: \(what)")
  }
  if twice != formatted {
    failures.append("formatting twice gives another text: \(what), then \(twice.debugDescription)")
  }
  func texts(_ comments: [Comment]) -> [String] {
    comments.map { String($0.text.reversed().drop { " \t\r".contains($0) }.reversed()) }
  }
  if texts(again.comments) != texts(result.comments) { failures.append("comments are lost: \(what)") }
  if formatted.split(separator: "\n").contains(where: { $0.last == " " || $0.last == "\t" }) {
    failures.append("a line ends in blanks: \(what)")
  }
  return failures
}
