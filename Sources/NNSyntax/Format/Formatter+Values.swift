import NNDiagnostics

extension Formatter {
  /// The arguments of a stage or layer. One that would make the line too long starts a new one, behind a `\`.
  mutating func arguments(_ arguments: [Argument], at indentation: Int) {
    for (index, argument) in arguments.enumerated() {
      let text = inline.text(of: argument)
      let limit = Self.lineLength - (index + 1 < arguments.count ? 2 : 0)
      if isForced(argument.value) {
        write(" ")
        self.argument(argument)
      } else if column + 1 + text.count <= limit {
        write(" " + text, upTo: argument.span.end)
      } else if indentation + 2 + text.count > limit, argument.value.isBreakable {
        write(" ")
        self.argument(argument, isBroken: true)
      } else {
        write(" \\")
        newLine(at: indentation + 2)
        write(text, upTo: argument.span.end)
      }
    }
  }

  private mutating func argument(_ argument: Argument, isBroken: Bool = false) {
    if let name = argument.name { write("\(name.text)=", upTo: name.span.end) }
    value(argument.value, isBroken: isBroken)
  }

  /// A value, over several lines if it did so, or if it must because it is too long.
  mutating func value(_ value: Value, isBroken: Bool = false) {
    let text = inline.text(of: value)
    guard value.isBreakable, isBroken || isForced(value) || column + text.count > Self.lineLength else {
      return write(text, upTo: value.span.end)
    }
    switch value {
    case .list(let values, let span):
      entries("[", values, in: span, "]", span: \.span) { $0.value($1) }
    case .call(let call):
      write(call.name.text)
      let inside = Span(call.name.span.end, call.span.end)
      entries("(", call.arguments, in: inside, ")", span: \.span) { $0.argument($1) }
    default: write(text, upTo: value.span.end)
    }
  }

  /// Entries of a bracket, each on a line of its own with a comma. `span` is the bracket's, its marks within.
  mutating func entries<Entry>(
    _ opening: String, _ entries: [Entry], in place: Span, _ closing: String, span: (Entry) -> Span,
    _ write: (inout Formatter, Entry) -> Void
  ) {
    let outer = indentation
    open(opening, upTo: place.start + 1)
    for entry in entries {
      writeComments(before: span(entry).start, at: outer + 2)
      newLine(at: outer + 2)
      write(&self, entry)
      self.write(",", upTo: span(entry).end)
    }
    writeComments(before: place.end - 1, at: outer + 2)
    newLine(at: outer)
    self.write(closing, upTo: place.end)
  }

  /// Whether a value goes over several lines, however short: it began its first entry on a new line, or a comment in it
  /// ends one.
  func isForced(_ value: Value) -> Bool {
    switch value {
    case .list(let values, let span):
      guard let first = values.first else { return false }
      return hasComment(span) || hasLineEnd(from: span.start, to: first.span.start)
        || values.contains { isForced($0) }
    case .call(let call):
      guard let first = call.arguments.first else { return false }
      return hasComment(call.span) || hasLineEnd(from: call.name.span.end, to: first.span.start)
        || call.arguments.contains { isForced($0.value) }
    case .word, .string, .variable, .arithmetic: return false
    }
  }
}

extension Value {
  /// Whether it has entries that may stand on lines of their own.
  fileprivate var isBreakable: Bool {
    switch self {
    case .list(let values, _): !values.isEmpty
    case .call(let call): !call.arguments.isEmpty
    case .word, .string, .variable, .arithmetic: false
    }
  }
}
