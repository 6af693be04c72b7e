/// Writes diagnostics for people:
///
/// ```
/// error[E0203]: unknown activation `rleu`
///  --> iris.nn:1:17
///   |
/// 1 | model < dense 6 rleu >
///   |                 ^^^^ not an activation
///   = fix: did you mean relu?
/// ```
///
/// Nothing of the source reaches the terminal raw: control characters are shown as visible ones.
public struct Renderer: Sendable {
  /// Whether to colour with ANSI sequences; whoever owns the terminal decides.
  public var usesColor: Bool
  /// How many cells a line may take; longer source lines are shown in part.
  public var width: Int
  /// Whether what is said in words goes on in a new line at the width, between two words.
  public var wraps: Bool

  public init(usesColor: Bool = false, width: Int = 100, wraps: Bool = false) {
    self.usesColor = usesColor
    self.width = max(width, 40)
    self.wraps = wraps
  }

  /// Several diagnostics with an empty line between; ends with a line end, if there are any.
  public func text(of diagnostics: [Diagnostic]) -> String {
    diagnostics.map { text(of: $0) }.joined(separator: "\n")
  }

  /// One diagnostic, with a line end behind its last line.
  public func text(of diagnostic: Diagnostic) -> String {
    var output = header(diagnostic)
    let gutter = gutterWidth(diagnostic)
    let margin = String(repeating: " ", count: gutter)
    let room = width - gutter - 3
    var notes = diagnostic.notes
    if let source = diagnostic.source, let span = diagnostic.span {
      output += place(source, span, margin)
      /// A note on the same line is marked there; the others follow with lines of their own.
      func shares(_ note: Diagnostic.Note) -> Bool {
        guard let place = note.span, note.source == nil || note.source === source else { return false }
        return Snippet.canShare(source, span, place, width: room)
      }
      let shared = notes.filter(shares).compactMap { note in
        note.span.map { (span: $0, message: note.message) }
      }
      notes.removeAll(where: shares)
      let snippet = Snippet(
        source: source, span: span, label: diagnostic.label, mark: "^", width: room, notes: shared)
      output += lines(snippet, margin, diagnostic.severity == .error ? .red : .yellow)
    }
    for note in notes {
      output += remark("note", note.message, margin)
      if let span = note.span, let source = note.source ?? diagnostic.source {
        output += place(source, span, margin)
        let snippet = Snippet(source: source, span: span, label: nil, mark: "-", width: room)
        output += lines(snippet, margin, .blue)
      }
    }
    if let help = diagnostic.help { output += remark("help", help, margin) }
    for fix in diagnostic.fixIts { output += remark("fix", fix.message, margin) }
    return output
  }

  private func header(_ diagnostic: Diagnostic) -> String {
    let severity = diagnostic.severity
    let code = diagnostic.code.isEmpty ? "" : "[\(diagnostic.code)]"
    return painted("\(severity.rawValue)\(code)", severity == .error ? .red : .yellow, bold: true)
      + painted(
        ": " + wrapped(flat(diagnostic.message), behind: severity.rawValue.count + code.count + 2, indent: 2),
        nil, bold: true) + "\n"
  }

  private func place(_ source: SourceFile, _ span: Span, _ margin: String) -> String {
    let start = source.position(of: span.start)
    return margin + painted("-->", .blue) + " " + flat(source.name) + ":\(start.line):\(start.column)\n"
  }

  private func lines(_ snippet: Snippet, _ margin: String, _ color: Color) -> String {
    var output = margin + painted(" |", .blue) + "\n"
    for line in snippet.lines {
      switch line {
      case .source(let number, let text):
        let digits = String(number)
        let padding = String(repeating: " ", count: max(0, margin.utf8.count - digits.utf8.count))
        output += painted(padding + digits + " |", .blue) + (text.isEmpty ? "" : " " + text) + "\n"
      case .marks(let indent, let marks, let label):
        output += margin + painted(" |", .blue) + " " + String(repeating: " ", count: indent)
        output += painted(marks + (label.map { " " + flat($0) } ?? ""), color, bold: true) + "\n"
      case .noteMarks(let indent, let marks, let label):
        output += margin + painted(" |", .blue) + " " + String(repeating: " ", count: indent)
        output += painted(marks + " " + flat(label), .blue) + "\n"
      case .gap:
        output += margin + painted(" …", .blue) + "\n"
      }
    }
    return output
  }

  private func remark(_ kind: String, _ text: String, _ margin: String) -> String {
    let head = margin.utf8.count + kind.utf8.count + 5
    return margin + painted(" = ", .blue) + painted(kind, nil, bold: true) + ": "
      + wrapped(flat(text), behind: head, indent: head) + "\n"
  }

  /// The text in lines of the width, if it is to be broken.
  /// - Parameters:
  ///   - used: cells before it on the first line.
  ///   - indent: blanks before the others.
  private func wrapped(_ text: String, behind used: Int, indent: Int) -> String {
    wraps ? wrapping(text, toWidth: width, behind: used, indent: indent) : text
  }

  /// The digits of the greatest line number shown.
  private func gutterWidth(_ diagnostic: Diagnostic) -> Int {
    var greatest = 1
    func look(_ source: SourceFile?, _ span: Span?) {
      guard let source, let span else { return }
      greatest = max(greatest, source.lineNumber(of: max(span.start, span.end)))
    }
    look(diagnostic.source, diagnostic.span)
    for note in diagnostic.notes { look(note.source ?? diagnostic.source, note.span) }
    return String(greatest).utf8.count
  }

  /// One line, safe to show.
  private func flat(_ text: String) -> String {
    VisibleText.sanitized(
      text.contains(where: \.isNewline) ? text.map { $0.isNewline ? " " : String($0) }.joined() : text)
  }
}

// MARK: Colour

extension Renderer {
  enum Color: String {
    case red = "31"
    case yellow = "33"
    case blue = "34"
  }

  private func painted(_ text: String, _ color: Color?, bold: Bool = false) -> String {
    guard usesColor, !text.isEmpty else { return text }
    let codes = (bold ? ["1"] : []) + (color.map { [$0.rawValue] } ?? [])
    return codes.isEmpty ? text : "\u{1B}[\(codes.joined(separator: ";"))m\(text)\u{1B}[0m"
  }
}
