import NN
import NNDiagnostics
import NNSyntax

/// The interactive shell: reads statements, runs each on the experiment that the ones before left, and goes on.
public struct Shell<Reader: LineReader, Host: ShellHost> {
  var reader: Reader
  let host: Host
  var interpreter = Interpreter()
  var settings: ShellSettings
  var journal = Journal()
  var tutorial: Tutorial?
  /// Stands in the next prompt.
  var prefill = ""
  /// For completion; keeps tables from one key to the next.
  private let options: RunOptions

  public init(
    reader: Reader, host: Host, settings: ShellSettings = ShellSettings(), options: RunOptions = RunOptions()
  ) {
    self.reader = reader
    self.host = host
    self.settings = settings
    var options = options
    options.tableCache = TableCache()
    options.isWholeScript = false
    self.options = options
  }

  /// Runs a file before the first prompt. What is wrong with it is shown, and the shell goes on; lines that begin with `:` are
  /// commands.
  public mutating func begin(with source: SourceFile) {
    var lines = String(decoding: source.bytes, as: UTF8.self).split(
      separator: "\n", omittingEmptySubsequences: false
    ).map(String.init)
    var commands: [String] = []
    for index in lines.indices {
      let line = lines[index].drop { $0 == " " || $0 == "\t" }
      guard line.hasPrefix(":") else { continue }
      commands.append(String(line))
      lines[index] = ""
    }
    for command in commands { if let words = ShellCommand.words(of: command) { _ = obey(words) } }
    let script = SourceFile(name: source.name, text: lines.joined(separator: "\n"))
    if parse(script).script.statements.isEmpty, parse(script).problems.isEmpty { return }
    _ = execute(script, text: lines.joined(separator: "\n"), isInitial: true)
    prefill = ""
  }

  /// Reads and runs until the input ends or `:quit`.
  public mutating func loop() {
    var pending = ""
    while true {
      switch ask(pending) {
      case .end:
        // What was begun and not ended still shows its errors.
        if !pending.isEmpty { _ = runStatement(pending) }
        return
      case .interrupted:
        pending = ""
      case .line(let line):
        if pending.isEmpty {
          let trimmed = line.drop { $0 == " " || $0 == "\t" || $0 == "\n" }
          if trimmed.isEmpty { continue }
          if !line.contains("\n"), let command = ShellCommand.words(of: line) {
            reader.remember(line)
            if obey(command) { return }
            continue
          }
        }
        pending += pending.isEmpty ? line : "\n" + line
        if parse(extending(pending).source).isIncomplete { continue }
        if !runStatement(pending) { return }
        pending = ""
      }
    }
  }

  private mutating func ask(_ pending: String) -> LineInput {
    let usual = Prompt.usual(interpreter.state, columns: host.columns, isUnicode: host.isUnicode)
    let prompt = pending.isEmpty ? usual : Prompt.continuation(of: usual, isUnicode: host.isUnicode)
    let filled = pending.isEmpty ? prefill : ""
    prefill = ""
    return reader.readLine(
      LineRequest(
        prompt: prompt, prefill: filled,
        assistant: LineAssistant(interpreter: interpreter, pending: pending, options: options),
        usesColors: settings.colors, usesHints: settings.hints))
  }

  // MARK: Statements

  /// - Returns: whether to go on.
  mutating func runStatement(_ text: String) -> Bool {
    var text = text
    while let last = text.last, last == "\n" || last == "\r\n" { text.removeLast() }
    reader.remember(text)
    return execute(extending(text).source, text: text)
  }

  /// A text that starts with `|` extends the last statement. As every statement goes on from where the one before stopped, a blank in its
  /// place does, which keeps the columns; behind `let NAME = …` it is the name that goes on.
  func extending(_ text: String) -> (source: SourceFile, isExtension: Bool) {
    let blanks = text.prefix { $0 == " " || $0 == "\t" }
    let rest = text.dropFirst(blanks.count)
    guard rest.hasPrefix("|") else { return (SourceFile(name: "<shell>", text: text), false) }
    if case .binding(let binding)? = journal.done.last.flatMap({ parse($0.source).script.statements.last }),
      case .flow = binding.binding
    {
      let name = binding.name.text
      return (SourceFile(name: "<shell>", text: "let \(name) = $\(name) " + rest), true)
    }
    return (SourceFile(name: "<shell>", text: blanks + " " + rest.dropFirst()), true)
  }

  /// - Returns: whether to go on.
  mutating func execute(_ source: SourceFile, text: String, isInitial: Bool = false) -> Bool {
    let before = interpreter
    let log = FitLog()
    let run = host.run(source, on: &interpreter, settings, log: log)
    if settings.timing, !isInitial { host.say("took \(formatDuration(run.seconds))") }
    let ending: Journal.Entry.Ending
    switch run.result.status {
    case .rejected:
      offerMended(run.result, text)
      return run.goesOn
    case .done: ending = .done
    case .failed:
      guard let diagnostic = run.result.diagnostics.first(where: { $0.severity == .error }) else {
        return run.goesOn
      }
      // Nothing ran where the check has found bad data.
      if run.result.stopsBeforeRun { return run.goesOn }
      ending = .failed(diagnostic)
    case .interrupted:
      if run.result.stopsBeforeRun { return run.goesOn }
      ending = .interrupted
    }
    journal.add(
      Journal.Entry(
        source: run.result.source ?? source, text: text,
        states: Journal.States(before: before, after: interpreter), fits: log.all,
        ending: ending, isInitial: isInitial))
    if case .done = ending { goOn(with: source) }
    return run.goesOn
  }

  /// The line with its mistakes mended, for the next prompt.
  private mutating func offerMended(_ result: Interpreter.Result, _ text: String) {
    guard let source = result.source else { return }
    let errors = result.diagnostics.filter { $0.severity == .error && $0.source?.base == source.base }
    guard errors.contains(where: { !$0.fixIts.isEmpty }) else { return }
    var mended = source.applyingFixes(of: errors)
    let original = String(decoding: source.bytes, as: UTF8.self)
    guard mended != original, original.utf8.count < 4000 else { return }
    // A leading `|` was given a blank in its place.
    let blanks = text.prefix { $0 == " " || $0 == "\t" }
    if text.dropFirst(blanks.count).hasPrefix("|"), mended.hasPrefix(blanks + " ") {
      mended = blanks + "|" + mended.dropFirst(blanks.count + 1)
    }
    prefill = mended
  }

  /// The tutorial's next step, if the statement was what it waited for.
  private mutating func goOn(with source: SourceFile) {
    guard var current = tutorial else { return }
    let stages = StageSearch(source).all.map(\.stage.name.text)
    guard current.advance(stages) else { return }
    tutorial = current.step == nil ? nil : current
    host.say("")
    host.say(wrapped(current.text))
    if let statement = current.step?.statement { prefill = statement }
  }

  func wrapped(_ text: String) -> String { wrapping(text, toWidth: max(min(host.columns, 100) - 1, 20)) }
}
