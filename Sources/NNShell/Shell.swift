import NN
import NNSyntax

/// The interactive shell: reads statements, runs each on the experiment that the ones before left, and goes on.
public struct Shell<Reader: LineReader> {
  private var reader: Reader
  private var interpreter = Interpreter()
  private let run: (inout Interpreter, SourceFile) -> Void
  private let say: (String) -> Void

  /// - Parameters:
  ///   - run: runs one source on the interpreter and shows what comes of it.
  ///   - say: shows a text of the shell's own.
  public init(
    reader: Reader, run: @escaping (inout Interpreter, SourceFile) -> Void, say: @escaping (String) -> Void
  ) {
    self.reader = reader
    self.run = run
    self.say = say
  }

  /// Reads and runs until the input ends or `:quit`.
  public mutating func loop() {
    var pending = ""
    while true {
      switch reader.readLine(prompt: pending.isEmpty ? "nn> " : "  … ") {
      case .end:
        // What was begun and not ended still shows its errors.
        if !pending.isEmpty { runStatement(pending) }
        return
      case .interrupted:
        pending = ""
      case .line(let line):
        if pending.isEmpty {
          let trimmed = line.drop { $0 == " " || $0 == "\t" }
          if trimmed.isEmpty { continue }
          if trimmed.hasPrefix(":") {
            if obey(trimmed) { return }
            continue
          }
        }
        pending += pending.isEmpty ? Self.continuing(line) : "\n" + line
        if parse(SourceFile(name: "<shell>", text: pending)).isIncomplete { continue }
        runStatement(pending)
        pending = ""
      }
    }
  }

  private mutating func runStatement(_ text: String) {
    reader.remember(text)
    run(&interpreter, SourceFile(name: "<shell>", text: text))
  }

  /// A line that starts with `|` goes on from where the last statement stopped, as every statement does.
  private static func continuing(_ line: String) -> String {
    let trimmed = line.drop { $0 == " " || $0 == "\t" }
    return trimmed.hasPrefix("|") ? String(trimmed.dropFirst()) : line
  }

  /// - Returns: whether to leave.
  private func obey(_ line: Substring) -> Bool {
    switch line.split(separator: " ").first {
    case ":quit", ":q", ":exit": return true
    case ":help":
      say("Type statements of the language, such as `data iris.csv | describe`. Leave with :quit or Ctrl-D.")
      return false
    default:
      say("There is no command `\(line)`; there are :help and :quit.")
      return false
    }
  }
}
