import NNDiagnostics

extension Formatter {
  /// Stages with ` | ` between, on one line or each on its own.
  mutating func flow(_ node: Flow, at indentation: Int) {
    let isBroken = breaks(node, at: indentation)
    if let start = node.start { write("$\(start.text)", upTo: start.span.end) }
    for (index, stage) in node.stages.enumerated() {
      var indentation = indentation
      if index > 0 || node.start != nil {
        if isBroken {
          indentation += 2
          writeComments(before: stage.span.start, at: indentation)
          if needsNewLine || !endsWithBackslash { newLine(at: indentation) } else { write(" ") }
          write("| ")
        } else {
          write(" | ")
        }
      }
      self.stage(stage, at: indentation)
    }
  }

  /// Whether each stage gets a line of its own.
  private func breaks(_ node: Flow, at indentation: Int) -> Bool {
    var end = node.start?.span.end
    for stage in node.stages {
      if let end, hasLineEnd(from: end, to: stage.span.start) {
        // A `\` at the end of a line would take the next one along, so there the line goes on.
        let canBreak = end == 0 || source.bytes[end - 1] != UInt8(ascii: "\\")
        if canBreak || hasComment(Span(end, stage.span.start)) { return true }
      }
      end = stage.span.end
    }
    return node.stages.count + (node.start == nil ? 0 : 1) > 1 && !fits(node, at: indentation)
  }

  /// Whether no line gets too long if the stages stand on one; what goes over several lines in any case, such as a body,
  /// starts a new one.
  private func fits(_ node: Flow, at indentation: Int) -> Bool {
    var column = self.column + (node.start.map { $0.text.count + 1 } ?? 0)
    func fits(_ text: String) -> Bool {
      column += text.count
      return column <= Self.lineLength
    }
    for (index, stage) in node.stages.enumerated() {
      if index > 0 || node.start != nil { column += 3 }
      guard fits(stage.name.text) else { return false }
      for argument in stage.arguments {
        if isForced(argument.value) {
          column = indentation + 1
        } else if !fits(" " + inline.text(of: argument)) {
          return false
        }
      }
      switch stage.tail {
      case .none: break
      case .condition(let condition):
        guard fits(" " + inline.text(of: condition)) else { return false }
      case .block(let block):
        let text = " " + inline.text(of: block)
        if isForced(block) || indentation + width(ofHead: stage) + text.count > Self.lineLength {
          guard fits(" <") else { return false }
          column = indentation + 1
        } else if !fits(text) {
          return false
        }
      case .body(let script):
        guard fits(" {") else { return false }
        if script.statements.isEmpty, !hasComment(script.span) {
          column += 2
        } else {
          column = indentation + 1
        }
      }
    }
    return true
  }

  private func width(ofHead stage: Stage) -> Int {
    stage.arguments.reduce(stage.name.text.count) { $0 + 1 + inline.text(of: $1).count }
  }

  private mutating func stage(_ node: Stage, at indentation: Int) {
    write(node.name.text, upTo: node.name.span.end)
    arguments(node.arguments, at: indentation)
    switch node.tail {
    case .none: break
    case .condition(let condition):
      write(" \(inline.text(of: condition.subject)) \(condition.comparison.rawValue) ")
      value(condition.value)
    case .block(let block): self.block(block, at: indentation)
    case .body(let script):
      write(" ")
      body(script, at: indentation)
    }
    written = max(written, node.span.end)
  }

  // MARK: Blocks

  /// ` < … >` on this line, or with a line for each layer.
  private mutating func block(_ node: Block, at indentation: Int) {
    let text = inline.text(of: node)
    guard isForced(node) || column + 1 + text.count > Self.lineLength && !node.layers.isEmpty else {
      return write((column > indentation ? " " : "") + text, upTo: node.span.end)
    }
    open(column > indentation ? " <" : "<", upTo: node.span.start + 1)
    for layer in node.layers {
      writeComments(before: layer.span.start, at: indentation + 2)
      startLine(with: layer.span.start, at: indentation + 2)
      self.layer(layer, at: indentation + 2)
      endItem(before: node.span.end - 1)
    }
    writeComments(before: node.span.end - 1, at: indentation + 2)
    newLine(at: indentation)
    write(">", upTo: node.span.end)
  }

  private mutating func layer(_ node: LayerNode, at indentation: Int) {
    if let name = node.name { write(name.text, upTo: name.span.end) }
    arguments(node.arguments, at: indentation)
    if let block = node.block { self.block(block, at: indentation) }
    written = max(written, node.span.end)
  }

  /// Whether a block goes over several lines, however short: it did, or a comment in it ends a line.
  private func isForced(_ node: Block) -> Bool {
    if hasComment(node.span) { return true }
    guard !node.layers.isEmpty else { return false }
    var end = node.span.start + 1
    for layer in node.layers {
      if hasLineEnd(from: end, to: layer.span.start) || isForced(layer) { return true }
      end = layer.span.end
    }
    return hasLineEnd(from: end, to: node.span.end)
  }

  private func isForced(_ node: LayerNode) -> Bool {
    node.arguments.contains { isForced($0.value) } || node.block.map { isForced($0) } ?? false
  }
}
