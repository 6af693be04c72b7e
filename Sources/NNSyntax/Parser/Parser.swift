import NNDiagnostics

/// Recursive descent over the tokens. It never gives up: a mistake is reported once, the tree gets what was meant
/// (or a node marked as broken), and parsing goes on at the next `|`, separator or closing bracket.
struct Parser {
  /// How deep brackets may nest; well under what a thread's stack can take in a debug build.
  static let maximumDepth = 100
  /// How many operators one piece of arithmetic may hold; its tree leans, so each one is a level.
  static let maximumOperators = 500

  let source: SourceFile
  let tokens: [Token]
  let brackets: Brackets
  /// In the shell a line may start with `|` and go on where the last statement stopped.
  let isShell: Bool
  var index = 0
  /// The end of the last token taken, line ends aside.
  var lastEnd: Int
  var depth = 0
  /// How many `( )` and `[ ]` are around here that are closed somewhere: line ends are nothing in them.
  var freeLines = 0
  /// How many `{` are open around here.
  var bodies = 0
  var problems: [SyntaxProblem] = []
  /// The token at which the last problem was seen: a second one there would be its echo.
  var lastProblemIndex = -1
  /// The option's name that a value was last said to touch.
  var lastTouchedIndex = -1
  var lastUnclosed: (index: Int, bracket: StructureProblem.Bracket)?
  var isTooDeep = false
  /// A first line that starts with `|`, in the shell.
  var continuesPrevious = false
  /// The text stops where more must follow.
  var stopsInTheMiddle = false

  init(_ lexed: LexedSource, isShell: Bool) {
    source = lexed.source
    tokens = lexed.tokens.isEmpty ? [Token(.end, lexed.source.span)] : lexed.tokens
    lastEnd = lexed.source.base
    brackets = Brackets(lexed.tokens)
    self.isShell = isShell
  }
}

// MARK: Looking and taking

extension Parser {
  var current: Token { tokens[min(index, tokens.count - 1)] }

  /// A token further on, without the line ends that are nothing.
  func peek(_ distance: Int = 1) -> Token {
    var position = index
    for _ in 0..<distance {
      position += 1
      while freeLines > 0, position < tokens.count, tokens[position].kind == .newline { position += 1 }
    }
    return tokens[min(position, tokens.count - 1)]
  }

  var isAtEnd: Bool { current.kind == .end }

  mutating func advance() {
    if current.kind != .newline { lastEnd = max(lastEnd, current.span.end) }
    if index < tokens.count - 1 { index += 1 }
    if freeLines > 0 { skipNewlines() }
  }

  /// Takes the mark if it stands here.
  mutating func take(_ mark: Token.Mark) -> Bool {
    guard current.is(mark) else { return false }
    advance()
    return true
  }

  mutating func skipNewlines() {
    while current.kind == .newline { index += 1 }
  }

  /// The first token behind the line ends that stand here.
  var behindNewlines: Int {
    var next = index
    while next < tokens.count - 1, tokens[next].kind == .newline { next += 1 }
    return next
  }

  /// A `|` here, or as the first thing on a following line.
  var isAtPipe: Bool {
    current.is(.pipe) || current.kind == .newline && tokens[behindNewlines].is(.pipe)
  }

  /// A separator, the end of the text, or the `}` of a body around here.
  var isAtStatementEnd: Bool {
    switch current.kind {
    case .newline: !tokens[behindNewlines].is(.pipe)
    case .end, .mark(.semicolon): true
    case .mark(.closeBrace): bodies > 0
    default: false
    }
  }

  /// Whether nothing stands between the last token taken and this one.
  var touchesPrevious: Bool {
    guard index > 0, tokens[index - 1].span.end == current.span.start else { return false }
    return tokens[index - 1].kind != .newline && current.kind != .newline && current.kind != .end
  }

  /// From the start of a node to the end of what was taken last.
  func span(from start: Int) -> Span { Span(start, max(start, lastEnd)) }
}

// MARK: Reporting

extension Parser {
  mutating func report(_ problem: SyntaxProblem) {
    problems.append(problem)
    lastProblemIndex = index
  }

  mutating func report(_ mistake: Mistake) { report(.mistake(mistake)) }

  mutating func report(_ problem: StructureProblem) { report(.structure(problem)) }

  /// Reports that something else was expected at this token, unless this token has been complained about.
  mutating func reportUnexpected(_ expected: StructureProblem.Expectation) {
    guard lastProblemIndex != index, current.kind != .invalid else { return }
    switch current.kind {
    case .end:
      report(.unexpected(Span(lastEnd, lastEnd), found: .end, expected: expected))
    case .newline:
      report(.unexpected(Span(lastEnd, lastEnd), found: .lineEnd, expected: expected))
    case .mark(let mark) where isStrayCloser(mark):
      report(.strayCloser(current.span, mark.rawValue))
    default:
      report(.unexpected(current.span, found: .text, expected: expected))
    }
  }

  private func isStrayCloser(_ mark: Token.Mark) -> Bool {
    switch mark {
    case .closeParenthesis, .closeBracket, .closeAngle, .closeBrace: !brackets.closesSomething(index)
    default: false
    }
  }

  /// Reports an opening bracket without its partner. Of several of one kind that end at one place the innermost
  /// speaks for all.
  mutating func reportUnclosed(_ open: Token, _ bracket: StructureProblem.Bracket) {
    if isAtEnd { stopsInTheMiddle = true }
    guard !isTooDeep else { return }
    if let last = lastUnclosed, last.index == index, last.bracket == bracket { return }
    lastUnclosed = (index, bracket)
    report(.unclosed(open.span, bracket, end: max(lastEnd, open.span.end)))
  }
}

// MARK: Depth

extension Parser {
  /// Enters a bracket. Where that would nest too deep, reports it once, passes the bracket and returns false.
  mutating func enter() -> Bool {
    if depth < Self.maximumDepth {
      depth += 1
      return true
    }
    if !isTooDeep {
      isTooDeep = true
      report(.tooDeep(current.span, limit: Self.maximumDepth))
    }
    skipBracket()
    lastProblemIndex = index
    return false
  }

  mutating func leave() { depth -= 1 }

  /// Passes an opening bracket with everything in it, or to the end of its line if nothing closes it.
  mutating func skipBracket() {
    let open = index
    advance()
    if let closer = brackets.closer(of: open), closer > open {
      jump(to: closer)
      advance()
    } else {
      while !isAtEnd, current.kind != .newline { advance() }
    }
  }

  /// Goes forward to a token.
  mutating func jump(to target: Int) {
    while index < target, !isAtEnd { advance() }
  }

  /// After a mistake: passes whole brackets and everything else up to a `|`, a separator or the end of what is around.
  mutating func recover(inBlock: Bool = false) {
    while !isAtEnd {
      switch current.kind {
      case .newline: return
      case .mark(let mark):
        switch mark {
        case .pipe, .semicolon: return
        case .closeAngle where inBlock: return
        case .closeBrace where bodies > 0: return
        case .openParenthesis, .openBracket, .openAngle, .openBrace:
          if brackets.closer(of: index) != nil { skipBracket() } else { advance() }
        default: advance()
        }
      default: advance()
      }
    }
  }
}

/// How a text is read.
public enum ParseMode: Sendable {
  /// A script of its own.
  case script
  /// What was typed at a prompt: it may start with `|`.
  case shell
}

/// Parses a whole script. Never fails and never stops early: the mistakes are in the result.
public func parse(_ source: SourceFile) -> ParseResult {
  parse(source, mode: .script)
}

/// Parses a whole script, or what was typed at a prompt.
public func parse(_ source: SourceFile, mode: ParseMode) -> ParseResult {
  let lexed = tokenize(source)
  var parser = Parser(lexed, isShell: mode == .shell)
  let statements = parser.parseStatements(inBody: nil)
  let script = Script(statements: statements, span: source.span)
  let problems = lexed.problems.map(SyntaxProblem.lexical) + parser.problems
  // A shell must not ask for more when more cannot mend what is wrong already.
  let canBeMended = problems.allSatisfy(\.isAtEndOfText)
  var result = ParseResult(
    source: source, script: script,
    problems: ordered(problems).map { $0.diagnostic(in: source) },
    isIncomplete: canBeMended && (parser.stopsInTheMiddle || lexed.endsWithBackslash))
  result.comments = lexed.comments
  result.continuesPrevious = parser.continuesPrevious
  return result
}

/// By place; of very many, such as a file that is no script brings about, the first thousand.
private func ordered(_ problems: [SyntaxProblem]) -> [SyntaxProblem] {
  let limit = 1000
  let sorted = problems.enumerated().sorted {
    ($0.element.span.start, $0.offset) < ($1.element.span.start, $1.offset)
  }.map(\.element)
  guard sorted.count > limit else { return sorted }
  return sorted[..<limit] + [.structure(.tooMany(sorted[limit].span, left: sorted.count - limit))]
}

extension SyntaxProblem {
  /// Whether another line could set it right.
  fileprivate var isAtEndOfText: Bool {
    switch self {
    case .structure(.unclosed), .structure(.emptyPipe(_, .trailing)),
      .mistake(.semicolonInLet):
      true
    default: false
    }
  }
}
