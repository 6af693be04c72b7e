import ArgumentParser
import NN
import NNShell
import NNSyntax

@testable import NNCommand

// This file is in the tests and, by a link, in Fuzz/: what libFuzzer found once the tests try again.

/// What is promised of what comes from around a script. Each function returns what does not hold; nil if all does.

// MARK: Arguments

/// `--set` and what it does to a script: a command line that is refused with a word, or a script that is checked with its settings.
///
/// - Parameter input: NAME=VALUE, any number of times, and the script, apart by NUL, which no argument can hold.
func brokenPromise(ofSettings input: [UInt8]) -> String? {
  let parts = input.split(separator: 0, omittingEmptySubsequences: false).map {
    String(decoding: $0, as: UTF8.self)
  }
  guard let script = parts.last, !reachesFiles(script) else { return nil }
  // Both forms that a shell's user writes.
  let settings = parts.dropLast().flatMap {
    $0.utf8.count % 2 == 0 ? ["--set", $0] : ["--set=" + $0]
  }
  let arguments = ["run"] + settings + ["--expression=" + script]
  let command: any ParsableCommand
  do {
    command = try NNCommand.parseAsRoot(arguments)
  } catch {
    // `--set --help` asks for help.
    if NNCommand.exitCode(for: error) == .success { return nil }
    let mistake = CommandLineMistake(NNCommand.message(for: error), arguments)
    return brokenPromise(of: [mistake.diagnostic])
  }
  guard let run = command as? RunCommand, let text = run.expression else { return nil }
  var options = run.options.runOptions
  options.folder = "/nonexistent"
  options.tables = smallTables
  let source = SourceFile(name: "<command line>", text: text)
  let checked = Interpreter().check(source, options: options)
  if let broken = brokenPromise(of: checked.diagnostics) { return broken }
  let (explained, plan) = Interpreter().explain(source, options: options)
  if explained.status != checked.status { return "check and explain disagree" }
  if let plan, !isSafe(plan) { return "a plan with control characters" }
  return nil
}

// MARK: The shell's history

/// Any bytes as the history file: entries that a line can hold, each once, and written again they are the same.
func brokenPromise(ofHistory bytes: [UInt8]) -> String? {
  let entries = HistoryText.entries(bytes)
  if entries.count > HistoryText.limit { return "too many entries" }
  if Set(entries).count != entries.count { return "an entry twice" }
  let lines = entries.map(HistoryText.line)
  for case let line? in lines where line.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F }) {
    return "a line with control characters"
  }
  let kept = zip(entries, lines).compactMap { $1 == nil ? nil : $0 }
  let text = lines.compactMap { $0 }.map { $0 + "\n" }.joined()
  if HistoryText.entries(Array(text.utf8)) != kept { return "written and read it is another" }
  // What an entry that is recalled is coloured and hinted with.
  for entry in entries.suffix(20) where !reachesFiles(entry) {
    if let broken = brokenPromise(ofTyping: entry, LineAssistant(options: typing)) { return broken }
  }
  return nil
}

// MARK: The file of the shell's beginning

/// Any bytes as `init.nn`, and the same lines typed: all is answered, nothing is shown that is no text, and what `:save` writes is a script.
func brokenPromise(ofInitialFile bytes: [UInt8]) -> String? {
  let source = SourceFile(name: "init.nn", bytes: bytes)
  let text = String(decoding: source.bytes, as: UTF8.self)
  // Colours are control characters, of the shell's own.
  guard !reachesFiles(text), !text.contains("colo") else { return nil }
  let host = QuietHost(file: source)
  let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  var shell = Shell(
    reader: LinesReader(lines), host: host, settings: ShellSettings(colors: false), options: typing)
  shell.begin(with: source)
  shell.loop()
  return host.broken
}

/// The lines, and a `:save` behind them.
private final class LinesReader: LineReader {
  private var lines: ArraySlice<String>

  init(_ lines: [String]) { self.lines = (lines + ["", ":save session.nn"])[...] }

  func readLine(_ request: LineRequest) -> LineInput {
    guard let line = lines.popFirst() else { return .end }
    _ = brokenPromise(ofTyping: line, request.assistant)
    return .line(line)
  }

  func remember(_ statement: String) { _ = HistoryText.line(statement) }
}

/// Shows nothing, and looks at what it is to show. It runs what trains and writes nothing; the rest it only checks.
private final class QuietHost: ShellHost {
  let columns = 80
  let isUnicode = true
  private(set) var broken: String?
  private let file: SourceFile
  private static let heavy = [
    "fit", "save", "plot", "report", "predict", "sweep", "folds", "seeds", "ensemble", "best", "compare",
    "importance", "tune", "write",
  ]

  init(file: SourceFile) { self.file = file }

  func run(
    _ source: SourceFile, on interpreter: inout Interpreter, _ settings: ShellSettings, log: FitLog
  ) -> ShellRun {
    let options = typing
    let text = String(decoding: source.bytes, as: UTF8.self)
    let result: Interpreter.Result
    if Self.heavy.contains(where: text.contains) {
      result = interpreter.check(source, options: options)
    } else {
      result = interpreter.run(source, options: options, observer: log)
    }
    note(brokenPromise(of: result.diagnostics))
    result.answers.forEach(say)
    return ShellRun(result)
  }

  private func note(_ problem: String?) { broken = broken ?? problem }

  func say(_ text: String) { if !isSafe(text) { note("control characters are said") } }
  func show(_ page: HelpPage, under introduction: String) {
    say(introduction)
    say(page.text(width: columns, usesColor: false))
  }
  func edit(_ text: String) -> Result<String, ShellProblem> { .success(text + "\n# changed") }
  func read(_ path: String) -> Result<SourceFile, ShellProblem> {
    path == "init.nn" ? .success(file) : .failure(ShellProblem("no file"))
  }
  func write(_ text: String, to path: String) -> ShellProblem? {
    let problems = parse(SourceFile(name: path, text: text)).problems
    if problems.contains(where: { $0.severity == .error }) {
      note("what :save writes does not parse: \(text)")
    }
    return nil
  }
}

// MARK: What they share

/// What a line editor asks while a line is typed.
private func brokenPromise(ofTyping line: String, _ assistant: LineAssistant) -> String? {
  let count = line.utf8.count
  let cursor = count / 2
  for highlight in assistant.highlights(line, cursor: cursor)
  where highlight.span.start < 0 || highlight.span.end > count { return "a colour sticks out" }
  for place in assistant.matchingBrackets(line, cursor: cursor) where !(0..<count).contains(place) {
    return "a bracket sticks out"
  }
  let found = assistant.completions(line, cursor: cursor)
  if found.span.start < 0 || found.span.end > count { return "a completion sticks out" }
  if let hint = assistant.hint(line, cursor: cursor), hint.text.isEmpty { return "a hint says nothing" }
  return nil
}

/// Problems have a code and a sentence, and nothing in them commands a terminal.
func brokenPromise(of diagnostics: [Diagnostic]) -> String? {
  for diagnostic in diagnostics {
    if diagnostic.code.isEmpty || diagnostic.message.isEmpty { return "a problem says nothing" }
  }
  let text = Renderer(width: 80).text(of: Array(diagnostics.prefix(20)))
  return isSafe(text) ? nil : "a problem is shown with control characters: \(escapingControls(text))"
}

/// Whether each line is as it would be with its control characters escaped.
func isSafe(_ text: String) -> Bool {
  text.unicodeScalars.split(separator: "\n").allSatisfy { line in
    let line = String(String.UnicodeScalarView(line))
    return escapingControls(line) == line
  }
}

/// No file of this machine has a place in a test.
private func reachesFiles(_ text: String) -> Bool { text.contains("/") || text.contains("~") }

private let typing: RunOptions = {
  var options = RunOptions()
  options.folder = "/nonexistent"
  options.tables = smallTables
  options.isWholeScript = false
  options.answers = true
  return options
}()

/// `data table:t` opens it.
let smallTables: [String: Table] = {
  let columns = [
    Column(name: "a", numbers: (0..<8).map { Float($0) }),
    Column(name: "b", numbers: (0..<8).map { Float($0 * $0) }),
    Column(name: "c", texts: (0..<8).map { $0 % 3 == 0 ? "x" : "y" }),
  ]
  return (try? Table(source: "t", columns: columns)).map { ["t": $0] } ?? [:]
}()
