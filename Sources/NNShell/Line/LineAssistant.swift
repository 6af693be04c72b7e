import NN
import NNSyntax

/// Knows what is being typed: which words are what, what may follow, what an option means. Places are bytes of the line.
public struct LineAssistant: Sendable {
  private let interpreter: Interpreter
  /// The lines of the statement before this one.
  private let pending: String
  private let options: RunOptions

  public init(
    interpreter: Interpreter = Interpreter(), pending: String = "", options: RunOptions = RunOptions()
  ) {
    self.interpreter = interpreter
    self.pending = pending.isEmpty ? "" : pending + "\n"
    self.options = options
  }

  private func source(_ line: String) -> SourceFile { SourceFile(name: "<shell>", text: pending + line) }
  private var offset: Int { pending.utf8.count }

  /// A line for the shell itself, not for the language.
  private func isCommand(_ line: String) -> Bool {
    pending.isEmpty && ShellCommand.words(of: line) != nil
  }

  // MARK: Colours

  /// The coloured runs of the line, in order.
  public func highlights(_ line: String, cursor: Int) -> [Highlight] {
    if isCommand(line) {
      let blanks = line.utf8.prefix { $0 == UInt8(ascii: " ") }.count
      let word = line.utf8.dropFirst(blanks).prefix { $0 != UInt8(ascii: " ") }.count
      return [Highlight(span: Span(blanks, blanks + word), kind: .keyword)]
    }
    let all = Highlighter(interpreter, typing: offset + cursor).highlights(source(line))
    return all.compactMap { highlight in
      guard highlight.span.end > offset else { return nil }
      return Highlight(
        span: Span(max(highlight.span.start - offset, 0), highlight.span.end - offset), kind: highlight.kind)
    }
  }

  /// The two brackets of a pair, if the cursor stands on or behind one whose other is in the line.
  public func matchingBrackets(_ line: String, cursor: Int) -> [Int] {
    guard !isCommand(line) else { return [] }
    var open: [(mark: Token.Mark, at: Int)] = []
    var pairs: [(Int, Int)] = []
    for token in tokenize(SourceFile(name: "<shell>", text: line)).tokens {
      guard case .mark(let mark) = token.kind else { continue }
      switch mark {
      case .openParenthesis, .openBracket, .openBrace, .openAngle: open.append((mark, token.span.start))
      case .closeParenthesis, .closeBracket, .closeBrace, .closeAngle:
        guard let last = open.last, Self.other(mark) == last.mark else { continue }
        open.removeLast()
        pairs.append((last.at, token.span.start))
      default: break
      }
    }
    // The one behind which something was typed just now comes first.
    for place in [cursor - 1, cursor] {
      if let pair = pairs.first(where: { $0.0 == place || $0.1 == place }) { return [pair.0, pair.1] }
    }
    return []
  }

  private static func other(_ mark: Token.Mark) -> Token.Mark? {
    switch mark {
    case .closeParenthesis: .openParenthesis
    case .closeBracket: .openBracket
    case .closeBrace: .openBrace
    case .closeAngle: .openAngle
    default: nil
    }
  }

  // MARK: Hints and completions

  /// A line of help about what is being typed.
  public func hint(_ line: String, cursor: Int) -> OptionHint? {
    if isCommand(line) {
      guard let command = ShellCommand.named(ShellCommand.words(of: line)?.name ?? "") else { return nil }
      return OptionHint(subject: command.usage, text: command.help)
    }
    return OptionHint.at(offset + cursor, of: source(line), interpreter: interpreter)
  }

  /// What may stand at the cursor.
  public func completions(_ line: String, cursor: Int) -> Completions {
    let before = String(decoding: line.utf8.prefix(cursor), as: UTF8.self)
    if pending.isEmpty, let found = ShellCommand.completions(before, options: options) { return found }
    var found = Completer(
      source(line), at: offset + cursor, interpreter: interpreter, options: options
    ).completions
    found.span = Span(max(found.span.start - offset, 0), max(found.span.end - offset, 0))
    return found
  }
}
