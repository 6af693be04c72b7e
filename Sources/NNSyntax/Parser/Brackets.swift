/// Which bracket closes which, found before parsing so that the parser knows at an opening one whether it will ever
/// be closed. Where one is not, the parser stops early (at the line's end, say) and the statements behind it are
/// still understood. These are hints: the parser trusts the tokens that it meets.
struct Brackets {
  /// For each token the index of the one that closes it; -1 if none does, or if it opens nothing.
  private var closers: [Int]
  /// For each closing bracket, whether it closes something.
  private var isMatched: [Bool]

  func closer(of index: Int) -> Int? {
    guard closers.indices.contains(index), closers[index] >= 0 else { return nil }
    return closers[index]
  }

  func closesSomething(_ index: Int) -> Bool {
    isMatched.indices.contains(index) && isMatched[index]
  }

  init(_ tokens: [Token]) {
    closers = Array(repeating: -1, count: tokens.count)
    isMatched = Array(repeating: false, count: tokens.count)
    let ahead = Self.unmatchedClosersAhead(tokens)
    var stack: [(mark: Token.Mark, index: Int)] = []
    var braces = 0
    var inCondition = false
    /// Where the comparison of the condition ends, once it has been met.
    var comparisonEnd: Int?

    func isParenthesis(_ mark: Token.Mark) -> Bool { mark == .openParenthesis || mark == .openBracket }
    func top() -> Token.Mark? { stack.last?.mark }
    func match(_ index: Int) {
      guard let open = stack.popLast() else { return }
      closers[open.index] = index
      isMatched[index] = true
    }
    /// Leaves a list or call, unless its end is still to come on this line; false if it stays.
    func leaveParentheses(at index: Int) -> Bool {
      guard let mark = top(), isParenthesis(mark) else { return true }
      if ahead[index] > 0 { return false }
      while let mark = top(), isParenthesis(mark) { stack.removeLast() }
      return true
    }

    for (index, token) in tokens.enumerated() {
      switch token.kind {
      case .word(let word):
        if word == "filter" || word == "expect", top() != .openAngle, Self.startsStage(tokens, index) {
          inCondition = true
          comparisonEnd = nil
        } else if Parser.conjunctions.contains(word) {
          comparisonEnd = nil
        }
      case .newline: inCondition = false
      case .mark(let mark):
        if inCondition, Self.comparing.contains(mark) {
          // A second `>` is meant as a `|`: what is behind it is no condition.
          if mark == .closeAngle, let end = comparisonEnd, end < token.span.start {
            inCondition = false
            continue
          }
          comparisonEnd = token.span.end
        }
        switch mark {
        case .openParenthesis, .openBracket: stack.append((mark, index))
        case .closeParenthesis, .closeBracket:
          let open: Token.Mark = mark == .closeParenthesis ? .openParenthesis : .openBracket
          var depth = stack.count
          while depth > 0, isParenthesis(stack[depth - 1].mark), stack[depth - 1].mark != open { depth -= 1 }
          if depth > 0, stack[depth - 1].mark == open {
            stack.removeSubrange(depth...)
            match(index)
          }
        case .semicolon, .pipe:
          inCondition = false
          _ = leaveParentheses(at: index)
        case .openBrace:
          inCondition = false
          if leaveParentheses(at: index) {
            stack.append((mark, index))
            braces += 1
          }
        case .closeBrace:
          inCondition = false
          if leaveParentheses(at: index), braces > 0 {
            while let mark = top(), mark != .openBrace { stack.removeLast() }
            match(index)
            braces -= 1
          }
        case .openAngle:
          if !inCondition, leaveParentheses(at: index) { stack.append((mark, index)) }
        case .closeAngle:
          if !inCondition, leaveParentheses(at: index), top() == .openAngle { match(index) }
        default: break
        }
      default: break
      }
    }
  }

  private static let comparing: Set<Token.Mark> = [
    .openAngle, .closeAngle, .lessOrEqual, .greaterOrEqual, .equal, .notEqual, .assign,
  ]

  /// For each token, how many `)` and `]` to its right on its line have no partner there.
  private static func unmatchedClosersAhead(_ tokens: [Token]) -> [Int] {
    var result = Array(repeating: 0, count: tokens.count)
    var count = 0
    for index in tokens.indices.reversed() {
      result[index] = count
      switch tokens[index].kind {
      case .newline: count = 0
      case .mark(.closeParenthesis), .mark(.closeBracket): count += 1
      case .mark(.openParenthesis), .mark(.openBracket): count = max(0, count - 1)
      default: break
      }
    }
    return result
  }

  private static func startsStage(_ tokens: [Token], _ index: Int) -> Bool {
    guard index > 0 else { return true }
    switch tokens[index - 1].kind {
    case .newline, .mark(.semicolon), .mark(.pipe), .mark(.closeAngle), .mark(.openBrace), .mark(.closeBrace):
      return true
    case .mark(.assign):
      // `let ok = expect …`
      return index >= 3 && tokens[index - 3].word == "let"
    // `%>%`, which is meant as a `|`.
    case .word("%"): return index >= 2 && tokens[index - 2].is(.closeAngle)
    default: return false
    }
  }
}
