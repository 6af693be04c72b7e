import CReadline
import CTerminal
import NN
import NNShell

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Stands in for readline's redisplay: lets it draw, then colours what it has drawn, and writes a hint under the line.
final class LineDisplay {
  private var request: LineRequest?
  /// What is on the screen, if there is a hint under it.
  private var shown: (painter: LinePainter, text: [UInt8], cursor: Int)?
  /// What was drawn last, with or without a hint.
  private var last: (painter: LinePainter, text: [UInt8])?

  /// Whether this terminal is one whose lines can be coloured.
  static var isPossible: Bool {
    guard Output.standard.isTerminal, isatty(STDIN_FILENO) == 1, readline_is_gnu() != 0,
      let terminal = environment("TERM")
    else { return false }
    return !["dumb", "emacs", "unknown", "network", "dialup"].contains(terminal)
      && !terminal.hasPrefix("vt52")
  }

  func begin(_ request: LineRequest) {
    self.request = request
    shown = nil
    last = nil
  }

  /// The line as readline has it.
  static var line: (text: [UInt8], cursor: Int) {
    guard let buffer = readline_text() else { return ([], 0) }
    let count = max(Int(readline_end()), 0)
    // SAFETY: readline's buffer holds as many bytes, and is only changed on this thread.
    let text = buffer.withMemoryRebound(to: UInt8.self, capacity: count) {
      Array(UnsafeBufferPointer(start: $0, count: count))
    }
    return (text, min(max(Int(readline_point()), 0), count))
  }

  // MARK: Drawing

  func redisplay() {
    guard let request, request.usesColors || request.usesHints, !scrollsSideways else {
      return rl_redisplay()
    }
    let (text, cursor) = Self.line
    let painter = self.painter(request)
    let layout = painter.layout(text)
    // What readline is about to write over must be gone; else the hint stays, so that nothing flickers.
    if let shown, !painter.fits(layout) || shown.painter.layout(shown.text).end.row != layout.end.row {
      eraseHint()
    }
    rl_redisplay()
    guard let line = String(validating: text, as: UTF8.self) else { return }
    let look = look(line, cursor, request)
    var output = painter.paint(text, cursor: cursor, look: look)
    if look.hint.isEmpty, shown != nil { output += painter.erase(text, cursor: cursor) }
    shown = look.hint.isEmpty || !painter.fits(layout) ? nil : (painter, text, cursor)
    last = (painter, text)
    Output.standard.write(output)
  }

  private func look(_ line: String, _ cursor: Int, _ request: LineRequest) -> LinePainter.Look {
    var look = LinePainter.Look()
    let isSearching = readline_is_searching() != 0
    // A script that was pasted is not a line that somebody is typing.
    guard line.utf8.count < 20_000 else { return look }
    if request.usesColors {
      look.highlights = request.assistant.highlights(line, cursor: cursor)
      if !isSearching { look.brackets = request.assistant.matchingBrackets(line, cursor: cursor) }
    }
    if request.usesHints, !isSearching, let hint = request.assistant.hint(line, cursor: cursor) {
      let text = escapingControls(hint.subject + "  " + hint.text)
      look.hint = truncating(
        isUnicodeTerminal ? text : ascii(text), toWidth: max(Output.standard.width - 1, 1))
    }
    return look
  }

  /// The line is done, and the cursor on the row behind it: what only helped with typing goes.
  func settle() {
    guard let request, let (painter, text) = last else { return }
    let hint = shown == nil ? "" : "\u{1B}[K"
    (shown, last) = (nil, nil)
    let colors = painter.usesColors ? painter.repaint(text, look: plainLook(text, request)) : ""
    Output.standard.write(hint + colors)
  }

  /// The same where the cursor is still in the line.
  func finish() {
    guard let request, let (painter, text) = last else { return }
    eraseHint()
    guard painter.usesColors else { return }
    Output.standard.write(painter.paint(text, cursor: Self.line.cursor, look: plainLook(text, request)))
  }

  /// From here on readline draws by itself.
  func leave() {
    request = nil
    (shown, last) = (nil, nil)
  }

  private func plainLook(_ text: [UInt8], _ request: LineRequest) -> LinePainter.Look {
    guard let line = String(validating: text, as: UTF8.self), text.count < 20_000 else {
      return LinePainter.Look()
    }
    return LinePainter.Look(highlights: request.assistant.highlights(line, cursor: -1))
  }

  func eraseHint() {
    guard let shown else { return }
    Output.standard.write(shown.painter.erase(shown.text, cursor: shown.cursor))
    self.shown = nil
  }

  /// Puts the cursor behind the line, on its last row.
  func goToEnd() {
    guard let request, !scrollsSideways else { return }
    let (text, cursor) = Self.line
    Output.standard.write(painter(request).toEnd(text, cursor: cursor))
  }

  /// The window has another size: a terminal has moved what was too wide for it to other rows, and all is drawn anew from where
  /// the prompt is now.
  func resize() {
    if let request, !scrollsSideways {
      let (text, cursor) = Self.line
      let layout = painter(request).layout(text)
      let row = layout.places.indices.contains(cursor) ? layout.places[cursor].row : 0
      Output.standard.write((row > 0 ? "\u{1B}[\(row)A" : "") + "\r\u{1B}[J")
      shown = nil
    }
    rl_resize_terminal()
  }

  // MARK: Measures

  private var scrollsSideways: Bool { variable("horizontal-scroll-mode") == "on" }

  private func variable(_ name: String) -> String {
    guard let value = readline_string(name) else { return "" }
    // SAFETY: readline gives a NUL-terminated string.
    return String(cString: value)
  }

  private func painter(_ request: LineRequest) -> LinePainter {
    LinePainter(
      width: Output.standard.width, height: Output.standard.height, prompt: promptWidth,
      usesColors: request.usesColors
    ) { scalar in
      Int(terminal_columns(scalar.value))
    }
  }

  private var promptWidth: Int {
    guard let prompt = readline_prompt() else { return 0 }
    // SAFETY: readline gives a NUL-terminated string.
    var text = String(cString: prompt)
    if let end = text.lastIndex(of: "\n") { text = String(text[text.index(after: end)...]) }
    var width = Self.width(text)
    if readline_shows_own_prompt() != 0, variable("show-mode-in-prompt") == "on" {
      let name =
        readline_edits_like_vi() == 0
        ? "emacs-mode-string" : readline_is_inserting() != 0 ? "vi-ins-mode-string" : "vi-cmd-mode-string"
      width += Self.width(variable(name))
    }
    return width
  }

  /// Without what stands between the marks for invisible text.
  private static func width(_ text: String) -> Int {
    var isVisible = true
    var width = 0
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 1: isVisible = false
      case 2: isVisible = true
      default: if isVisible { width += max(0, Int(terminal_columns(scalar.value))) }
      }
    }
    return width
  }
}

/// Whether the terminal's characters are Unicode, by the locale.
var isUnicodeTerminal: Bool {
  guard let name = nl_langinfo(nl_item(CODESET)) else { return false }
  // SAFETY: nl_langinfo gives a NUL-terminated string.
  return String(cString: name).uppercased() == "UTF-8"
}

private func ascii(_ text: String) -> String { String(text.map { $0.isASCII ? $0 : "?" }) }
