import NNDiagnostics

extension Parser {
  /// Words that begin stages far more often than they name layers or files. In a block that is never closed they show where
  /// its end was forgotten. The catalog has the last word on names; this list only steers recovery.
  static let stageWords: Set<String> = [
    "let", "def", "param", "include", "data", "model", "compile", "fit", "evaluate", "predict", "split",
    "scale",
    "impute", "encode", "balance", "select", "drop", "filter", "sample", "describe", "head", "importance",
    "expect",
    "summary", "print", "save", "plot", "report", "sweep", "folds", "seeds", "best", "compare", "calibrate",
    "threshold", "confusion", "ensemble", "runs", "why",
  ]

  /// `< layer; layer >`, standing at the `<`.
  /// `reportsNameless` is false where a block without a name has been reported around this one.
  mutating func parseBlock(of owner: Name?, reportsNameless: Bool = true) -> Block {
    let open = current
    let isClosed = brackets.closer(of: index) != nil
    guard enter() else { return Block(layers: [], isBroken: true, span: span(from: open.span.start)) }
    defer { leave() }
    advance()
    let before = problems.count
    var layers: [LayerNode] = []
    var pipes: [Span] = []
    var commas: [Span] = []
    var needsSeparator = false
    var wasClosed = false
    loop: while true {
      let separatorStart = index
      while current.kind == .newline || current.is(.semicolon) {
        advance()
        needsSeparator = false
      }
      switch current.kind {
      case .end: break loop
      case .mark(.closeAngle):
        advance()
        wasClosed = true
        break loop
      case .mark(.closeBrace):
        if bodies > 0 { break loop }
        report(.strayCloser(current.span, "}"))
        advance()
        continue
      case .mark(.pipe):
        if !isClosed {
          index = separatorStart
          break loop
        }
        pipes.append(current.span)
        advance()
        needsSeparator = false
        continue
      case .mark(.comma) where needsSeparator:
        commas.append(current.span)
        advance()
        needsSeparator = false
        continue
      case .word(let word) where !isClosed && index > separatorStart && Self.stageWords.contains(word):
        index = separatorStart
        break loop
      default: break
      }
      if needsSeparator, lastProblemIndex != index { reportUnexpected(.layerSeparator) }
      let start = index
      if let layer = parseLayer(in: owner, reportsNameless: reportsNameless) {
        layers.append(layer)
        needsSeparator = layer.block == nil
      } else {
        recover(inBlock: true)
      }
      if index == start { advance() }
    }
    if !wasClosed { reportUnclosed(open, .angle) }
    let span = span(from: open.span.start)
    if let first = pipes.first {
      let edits = pipes.map { (Span(widened($0).start, $0.end), ";") }
      report(.pipeInBlock(first, fix: rewrite(Span(open.span.start, span.end), edits)))
    }
    if let first = commas.first {
      let edits = commas.map { (Span(widened($0).start, $0.end), ";") }
      report(.commaBetweenLayers(first, fix: rewrite(Span(open.span.start, span.end), edits)))
    }
    let isBroken = problems.count > before || layers.contains(where: \.isBroken)
    return Block(layers: layers, isBroken: isBroken, span: span)
  }

  /// One entry of a block; nil, and reported, if none begins here.
  private mutating func parseLayer(in owner: Name?, reportsNameless: Bool) -> LayerNode? {
    let token = current
    let start = token.span.start
    let isBranch = owner?.text == "parallel"
    if token.is(.openAngle) {
      if !isBranch, reportsNameless { report(.namelessBlock(token.span)) }
      let block = parseBlock(of: nil, reportsNameless: isBranch)
      return LayerNode(
        name: nil, arguments: [], block: block, isBroken: !isBranch || block.isBroken, span: span(from: start)
      )
    }
    guard let word = token.word, isName(word) else {
      if token.word != nil {
        report(.notAName(token.span, role: "a layer"))
      } else {
        reportUnexpected(.layer)
      }
      return nil
    }
    advance()
    let name = Name(word, span: token.span)
    var (arguments, isBroken) = parseArguments(of: name, inBlock: true)
    if !isBranch, takeBracketOnNextLine(.openAngle, from: start) { isBroken = true }
    var block: Block?
    if current.is(.openAngle) {
      let nested = parseBlock(of: name)
      isBroken = isBroken || nested.isBroken
      block = nested
    }
    return LayerNode(
      name: name, arguments: arguments, block: block, isBroken: isBroken, span: span(from: start))
  }
}
