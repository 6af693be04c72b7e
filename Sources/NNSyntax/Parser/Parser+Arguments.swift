import NNDiagnostics

extension Parser {
  /// The arguments of a stage or layer, up to what cannot be one. The second result says whether something was wrong.
  mutating func parseArguments(of owner: Name, inBlock: Bool) -> ([Argument], Bool) {
    var arguments: [Argument] = []
    var isBroken = false
    var commas: [(span: Span, behind: Int)] = []
    let before = problems.count
    let isCalled = current.is(.openParenthesis) && (touchesPrevious || looksLikeCall(index))
    if isCalled { parseCallOfStage(owner, &arguments) }
    loop: while true {
      let start = index
      switch current.kind {
      case .word where !inBlock && isAtCondition:
        report(.missingPipeBefore(current.span, stage: source.text(current.span)))
        isBroken = true
        break loop
      case .word where !inBlock && foreignPipe(after: owner) != nil,
        .mark where !inBlock && foreignPipe(after: owner) != nil:
        break loop
      case .word, .string, .variable, .invalid:
        if current.kind == .invalid { isBroken = true }
        isBroken = !parseArgument(into: &arguments, owner: owner, inCall: false) || isBroken
      case .newline where !inBlock && isBeforeIndentedOption:
        let end = Span(lastEnd, lastEnd)
        advance()
        report(.optionOnNextLine(current.span, fix: Mistake.Rewrite(span: end, text: " \\")))
        lastProblemIndex = -1
        isBroken = true
        continue loop
      case .newline, .end: break loop
      case .mark(let mark):
        switch mark {
        case .openBracket, .openParenthesis:
          isBroken = !parseArgument(into: &arguments, owner: owner, inCall: false) || isBroken
        case .semicolon, .pipe, .openAngle:
          break loop
        case .closeBrace where bodies > 0 || inBlock:
          break loop
        case .closeAngle where inBlock: break loop
        case .openBrace where !inBlock: break loop
        case .closeAngle:
          if !parseRedirect(owner, &arguments) {
            reportUnexpected(.option)
            advance()
          }
        case .openBrace:
          report(.braceInBlock(current.span))
          skipBracket()
        case .comma where inBlock && (isCalled || isAtCommaBeforeCall):
          break loop
        case .comma where !arguments.isEmpty:
          commas.append((current.span, arguments.count))
          isBroken = true
          advance()
        case .lessOrEqual, .greaterOrEqual, .equal, .notEqual:
          if lastProblemIndex != index { report(.comparisonElsewhere(current.span)) }
          advance()
          if current.startsValue { _ = parseValue() }
        default:
          reportUnexpected(arguments.isEmpty ? .option : inBlock ? .layerSeparator : .pipe)
          advance()
          // What stands behind a mark that has no place here belongs to it.
          if !isStop(inBlock), current.startsValue { _ = parseValue() }
        }
      }
      if index == start { advance() }
    }
    if let first = commas.first, let last = commas.last {
      let end = max(arguments.last?.span.end ?? last.span.end, last.span.end)
      var edits = commas.map { (widened($0.span), $0.span.end >= end ? "" : " ") }
      if !inBlock { joinLists(&arguments, commas, &edits) }
      let span = Span(owner.span.start, end)
      report(.commaBetweenArguments(first.span, fix: rewrite(span, edits)))
    }
    return (arguments, isBroken || problems.count > before)
  }

  /// `metrics=accuracy, auc`: reads what follows a named value behind commas as a list with it, and writes its brackets.
  private func joinLists(
    _ arguments: inout [Argument], _ commas: [(span: Span, behind: Int)], _ edits: inout [(Span, String)]
  ) {
    var next = 0
    var joined: Set<Int> = []
    var joinedEnd = 0
    while next < commas.count {
      // The second of two commas: what is before it has been joined.
      if commas[next].behind - 1 < joinedEnd {
        next += 1
        continue
      }
      let first = commas[next].behind - 1
      var last = first
      let start = next
      while next < commas.count, commas[next].behind - 1 == last, last + 1 < arguments.count,
        arguments[last + 1].name == nil
      {
        last += 1
        next += 1
      }
      guard last > first, arguments[first].name != nil else {
        next = max(next, start + 1)
        continue
      }
      let values = arguments[first...last].map(\.value)
      let place = Span(arguments[first].value.span.start, arguments[last].value.span.end)
      arguments[first].value = .list(values, place)
      arguments[first].span = Span(arguments[first].span.start, place.end)
      for comma in start..<next { edits[comma].1 = ", " }
      edits.append((Span(place.start, place.start), "["))
      edits.append((Span(place.end, place.end), "]"))
      joined.formUnion((first + 1)...last)
      joinedEnd = last
    }
    edits.sort { $0.0.start < $1.0.start }
    arguments = arguments.indices.filter { !joined.contains($0) }.map { arguments[$0] }
  }

  /// Whether `expect` or `filter` stands here with a condition behind it.
  private var isAtCondition: Bool {
    guard let word = current.word, word == "expect" || word == "filter", peek().word != nil,
      case .mark(let mark) = peek(2).kind
    else { return false }
    // A `<` that is closed begins a block, and the words in front of it are what they are.
    if mark == .openAngle, brackets.closer(of: index + 2) != nil { return false }
    return [.openAngle, .closeAngle, .lessOrEqual, .greaterOrEqual, .equal, .notEqual].contains(mark)
  }

  /// Whether the next line goes on with an option, further in than a statement begins: `compile loss=mse`, then `  lr=0.1`.
  private var isBeforeIndentedOption: Bool {
    let next = behindNewlines
    guard bodies == 0, next == index + 1, next + 1 < tokens.count, tokens[next + 1].is(.assign),
      let word = tokens[next].word, isName(word)
    else { return false }
    return isBlank(tokens[next].span.start - 1)
  }

  /// `, dense(3)`: the next layer, as Python lists them.
  private var isAtCommaBeforeCall: Bool {
    let name = peek()
    guard let word = name.word, isName(word) else { return false }
    return peek(2).is(.openParenthesis) && peek(2).span.start == name.span.end
  }

  private func isStop(_ inBlock: Bool) -> Bool { isAtStatementEnd || current.is(.pipe) }

  /// `dense(6, relu)`: reads what was meant.
  private mutating func parseCallOfStage(_ owner: Name, _ arguments: inout [Argument]) {
    var read: [Argument] = []
    parseBracketed(.parenthesis, reportsUnclosed: false) { parser in
      parser.parseArgument(into: &read, owner: nil, inCall: true)
    }
    let span = Span(owner.span.start, max(lastEnd, owner.span.end))
    let texts = [owner.text] + read.map { source.text($0.span) }
    let mistake = Mistake.callOfStage(
      span, fix: Mistake.Rewrite(span: span, text: texts.joined(separator: " ")))
    report(mistake)
    arguments += read
  }

  /// One argument. False if something was wrong with it, which has been reported.
  mutating func parseArgument(into arguments: inout [Argument], owner: Name?, inCall: Bool) -> Bool {
    let token = current
    let start = token.span.start
    let next = peek()
    if next.is(.assign) || next.is(.equal), token.word != nil || isString(token) {
      return parseNamedArgument(into: &arguments, inCall: inCall)
    }
    if let name = colonName(token, before: next), owner?.text != "print" {
      advance()
      reportColon(token, name, inList: false)
      guard let value = parseValue() else { return false }
      arguments.append(Argument(name: name, value: value, span: span(from: start)))
      return false
    }
    if inCall, let word = token.word, isName(word), isPair(token, next) {
      let fix = Mistake.Rewrite(
        span: Span(start, next.span.end), text: "\(word)=\(source.text(next.span))")
      advance()
      report(.pairInCall(Span(start, next.span.end), fix: fix))
      guard let value = parseValue() else { return false }
      arguments.append(
        Argument(name: Name(word, span: token.span), value: value, span: span(from: start)))
      return false
    }
    guard let value = parseValue() else { return false }
    arguments.append(Argument(name: nil, value: value, span: span(from: start)))
    return true
  }

  /// `NAME=value`, standing at the NAME.
  private mutating func parseNamedArgument(into arguments: inout [Argument], inCall: Bool) -> Bool {
    let token = current
    let start = token.span.start
    var isSound = true
    advance()
    guard let word = token.word, isName(word) else {
      report(.notAnOptionName(token.span))
      advance()
      if current.startsValue { _ = parseValue() }
      return false
    }
    if current.is(.equal) {
      report(.doubleAssign(current.span))
      isSound = false
    }
    advance()
    if current.is(.openBrace), let closer = brackets.closer(of: index) {
      let value = parseBraces(until: closer)
      arguments.append(
        Argument(name: Name(word, span: token.span), value: value, span: span(from: start)))
      return false
    }
    guard current.startsValue else {
      // Inside a bracket that the end of the text leaves open, that bracket is the mistake.
      if !(inCall && isAtEnd), lastProblemIndex != index {
        report(.missingValue(Span(start, lastEnd), name: token.span))
      }
      return false
    }
    guard let value = parseValue() else { return false }
    arguments.append(
      Argument(name: Name(word, span: token.span), value: value, span: span(from: start)))
    return isSound
  }

  /// `class_weight={0: 1, 1: 5}`: reads the list that was meant.
  private mutating func parseBraces(until closer: Int) -> Value {
    let start = current.span.start
    let inner = Span(current.span.end, tokens[closer].span.start)
    let place = current.span
    skipBracket()
    let span = span(from: start)
    let entries = entries(in: inner)
    let text = "[\(entries.map(\.text).joined(separator: ", "))]"
    report(.bracesForList(place, fix: Mistake.Rewrite(span: span, text: text)))
    lastProblemIndex = -1
    return .list(entries.map { .word($0.text, $0.span) }, span)
  }

  /// What stands between commas, without blanks and quotes, and where.
  private func entries(in inner: Span) -> [(text: String, span: Span)] {
    func counts(_ byte: UInt8) -> Bool { !" \t\r\n'\"".utf8.contains(byte) }
    return source.bytes[inner.start..<max(inner.start, inner.end)].split(separator: UInt8(ascii: ","))
      .compactMap { part in
        guard let first = part.firstIndex(where: counts), let last = part.lastIndex(where: counts) else {
          return nil
        }
        return (String(decoding: part[first...last].filter(counts), as: UTF8.self), Span(first, last + 1))
      }
  }

  private func isString(_ token: Token) -> Bool {
    if case .string = token.kind { true } else { false }
  }

  /// `lr 0.1` inside a call: a name and a plain value behind a blank.
  private func isPair(_ token: Token, _ next: Token) -> Bool {
    switch next.kind {
    case .word, .string, .variable: break
    default: return false
    }
    return next.span.start > token.span.end && !peek(2).is(.assign)
  }

  /// The name of `epochs:` where a value follows behind a blank.
  func colonName(_ token: Token, before next: Token) -> Name? {
    guard let word = token.word, word.hasSuffix(":"), isName(word.dropLast()), next.startsValue,
      next.kind != .invalid, next.span.start > token.span.end
    else { return nil }
    return Name(String(word.dropLast()), span: Span(token.span.start, token.span.end - 1))
  }

  /// Reports `name: value`, standing at the value.
  mutating func reportColon(_ token: Token, _ name: Name, inList: Bool) {
    let fix = rewriteUpToHere(from: token.span.start, name.text + (inList ? ":" : "="))
    report(.colon(token.span, fix: fix))
  }

  /// `predict x > y`: false if this `>` cannot be meant so.
  private mutating func parseRedirect(_ owner: Name, _ arguments: inout [Argument]) -> Bool {
    let isDoubled = peek().is(.closeAngle)
    let target = peek(isDoubled ? 2 : 1)
    switch target.kind {
    case .word, .string, .variable: break
    default: return false
    }
    let mark = isDoubled ? Span(current.span.start, peek().span.end) : current.span
    let text = owner.text == "save" ? source.text(target.span) : "to=\(source.text(target.span))"
    let fix =
      Self.writers.contains(owner.text)
      ? Mistake.Rewrite(span: Span(mark.start, target.span.end), text: text) : nil
    report(.redirect(mark, fix: fix))
    if isDoubled { advance() }
    advance()
    let place = current.span
    if let value = parseValue(), fix != nil {
      let name = owner.text == "save" ? nil : Name("to", span: Span(place.start, place.start))
      arguments.append(Argument(name: name, value: value, span: span(from: place.start)))
    }
    return true
  }
}

// MARK: Rewriting

extension Parser {
  /// A span's text with some pieces of it replaced.
  func rewrite(_ span: Span, _ edits: [(Span, String)]) -> Mistake.Rewrite {
    var text = ""
    var position = span.start
    for (place, replacement) in edits where place.start >= position && place.end <= span.end {
      text += source.text(Span(position, place.start)) + replacement
      position = place.end
    }
    return Mistake.Rewrite(span: span, text: text + source.text(Span(position, span.end)))
  }

  /// Replaces what stands in front of this token; the token itself goes along if it is simple, so that the fix reads as a
  /// whole.
  func rewriteUpToHere(from start: Int, _ text: String) -> Mistake.Rewrite {
    switch current.kind {
    case .word, .string, .variable:
      Mistake.Rewrite(span: Span(start, current.span.end), text: text + source.text(current.span))
    default: Mistake.Rewrite(span: Span(start, current.span.start), text: text)
    }
  }

  /// A span with the blanks around it.
  func widened(_ span: Span) -> Span {
    var result = span
    while isBlank(result.start - 1) { result.start -= 1 }
    while isBlank(result.end) { result.end += 1 }
    return result
  }

  private func isBlank(_ place: Int) -> Bool {
    source.byte(at: place).map { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") } ?? false
  }
}
