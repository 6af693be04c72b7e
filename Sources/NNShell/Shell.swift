import NN
import NNSyntax

/// The interactive shell: reads statements, runs each on the experiment that the ones before left, and goes on.
public struct Shell<Reader: LineReader> {
  private var reader: Reader
  private var interpreter = Interpreter()
  private let run: (inout Interpreter, SourceFile) -> Bool
  private let say: (String) -> Void
  private let setPage: (HelpPage) -> String

  /// - Parameters:
  ///   - run: runs one source on the interpreter and shows what comes of it; whether to go on.
  ///   - say: shows a text of the shell's own.
  ///   - setPage: sets a page of help for the terminal.
  public init(
    reader: Reader, run: @escaping (inout Interpreter, SourceFile) -> Bool, say: @escaping (String) -> Void,
    setPage: @escaping (HelpPage) -> String = { $0.text(width: 80, usesColor: false) }
  ) {
    self.reader = reader
    self.run = run
    self.say = say
    self.setPage = setPage
  }

  /// Reads and runs until the input ends or `:quit`.
  public mutating func loop() {
    var pending = ""
    while true {
      switch reader.readLine(prompt: pending.isEmpty ? "nn> " : "  … ") {
      case .end:
        // What was begun and not ended still shows its errors.
        if !pending.isEmpty { _ = runStatement(pending) }
        return
      case .interrupted:
        pending = ""
      case .line(let line):
        if pending.isEmpty {
          let trimmed = line.drop { $0 == " " || $0 == "\t" }
          if trimmed.isEmpty { continue }
          if let command = Self.command(trimmed) {
            if obey(command) { return }
            continue
          }
        }
        pending += pending.isEmpty ? line : "\n" + line
        if parse(Self.source(pending)).isIncomplete { continue }
        if !runStatement(pending) { return }
        pending = ""
      }
    }
  }

  /// - Returns: whether to go on.
  private mutating func runStatement(_ text: String) -> Bool {
    let source = Self.source(text)
    reader.remember(Self.onOneLine(text, source))
    return run(&interpreter, source)
  }

  /// A text that starts with `|` goes on from where the last statement stopped, as every statement does: a blank in its place
  /// keeps the columns.
  private static func source(_ text: String) -> SourceFile {
    let blanks = text.prefix { $0 == " " || $0 == "\t" }
    let rest = text.dropFirst(blanks.count)
    return SourceFile(name: "<shell>", text: rest.hasPrefix("|") ? blanks + " " + rest.dropFirst() : text)
  }

  /// A statement of several lines as one that means the same, for recalling it.
  private static func onOneLine(_ text: String, _ source: SourceFile) -> String {
    guard text.contains("\n") else { return text }
    let parsed = parse(source)
    guard parsed.problems.isEmpty else {
      return text.split(separator: "\n").joined(separator: " ")
    }
    return Printer.text(of: parsed.script).split(separator: "\n").joined(separator: "; ")
  }

  /// A line that is for the shell itself; the words that other shells take stand for its commands.
  private static func command(_ line: Substring) -> String? {
    if line.hasPrefix(":") { return String(line) }
    for word in ["help ", "? "] where line.hasPrefix(word) { return ":help " + line.dropFirst(word.count) }
    var word = line
    while word.last == " " { word.removeLast() }
    switch word {
    case "help", "?", "help()": return ":help"
    case "quit", "exit", "quit()", "exit()": return ":quit"
    default: return nil
    }
  }

  /// - Returns: whether to leave.
  private func obey(_ line: String) -> Bool {
    let words = line.split(separator: " ")
    switch words.first {
    case ":quit", ":q", ":exit": return true
    case ":help":
      help(words.count > 1 ? String(words[1]) : nil)
      return false
    default:
      say("There is no command `\(line)`; there are :help and :quit.")
      return false
    }
  }

  private func help(_ topic: String?) {
    guard let topic else {
      say(
        "Type statements of the language, such as `data iris.csv | describe`. Leave with :quit or Ctrl-D.\n")
      return say(setPage(Help.overview))
    }
    do {
      say(try Help.pages(for: topic).map(setPage).joined(separator: "\n\n"))
    } catch {
      say("\(error.message); \(error.advice)")
    }
  }
}
