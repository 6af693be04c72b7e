import NN
import NNDiagnostics

/// The shell's own commands.
extension Shell {
  /// - Returns: whether to leave.
  mutating func obey(_ words: (name: String, argument: String)) -> Bool {
    guard let command = ShellCommand.named(words.name) else {
      let near = ShellCommand.near(words.name)
      host.say(
        "there is no command `:\(escapingControls(words.name))`; "
          + (near.map { "did you mean `\($0.usage)`?" } ?? "`help` lists them"))
      if let near {
        let argument = words.argument.isEmpty ? "" : " " + words.argument
        prefill = (near.name == .help ? "help" : ":" + near.name.rawValue) + argument
      }
      return false
    }
    switch command.name {
    case .quit: return true
    case .help: help(words.argument)
    case .undo: undo()
    case .redo: redo()
    case .vars: showNames()
    case .save: save(words.argument)
    case .run: return !run(words.argument)
    case .time: return !time(words.argument)
    case .edit: return !edit()
    case .set: set(words.argument)
    }
    return false
  }

  // MARK: Help

  private mutating func help(_ topic: String) {
    switch topic {
    case "":
      let opening = wrapped(
        "Type a statement, such as `data table:iris | describe`; Tab shows what can stand where you are.")
      host.show(Help.overview, under: opening + "\n\n" + commandList)
    case "tutorial":
      let tutorial = Tutorial()
      host.say(wrapped(Tutorial.opening) + "\n\n" + wrapped(tutorial.text))
      prefill = tutorial.step?.statement ?? ""
      self.tutorial = tutorial
    default:
      let name = topic.hasPrefix(":") ? String(topic.dropFirst()) : topic
      if topic.hasPrefix(":"), let command = ShellCommand.named(name) {
        return host.say("\(command.usage)  \(command.help)")
      }
      do {
        for page in try Help.pages(for: topic) { host.show(page) }
      } catch {
        host.say("\(error.message); \(error.advice)")
      }
    }
  }

  private var commandList: String {
    let width = ShellCommand.all.map(\.usage.count).max() ?? 0
    let indent = host.columns < 60 ? 4 : width + 2
    return ShellCommand.all.map { command in
      wrapping(
        command.usage + String(repeating: " ", count: width - command.usage.count + 2) + command.help,
        toWidth: max(host.columns - 1, 20), indent: indent)
    }.joined(separator: "\n")
  }

  // MARK: Back and forth

  private mutating func undo() {
    guard let (entry, state) = journal.undo() else {
      return host.say(
        journal.isTooOld
          ? "nothing more to take back: \(short(journal.last?.text ?? "")) is too long ago, and what it changed is not kept"
          : "nothing to take back")
    }
    interpreter = state
    host.say("taken back: \(short(entry.text))\(standing)")
  }

  private mutating func redo() {
    guard let (entry, state) = journal.redo() else { return host.say("nothing to do again") }
    interpreter = state
    host.say("done again: \(short(entry.text))\(standing)")
  }

  private func short(_ text: String) -> String {
    let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return truncating(escapingControls(words), toWidth: max(host.columns - 14, 20))
  }

  private var standing: String {
    guard let digest = interpreter.experiment.digest else { return "" }
    return "\n  weights \(digest)"
  }

  private func showNames() {
    let names = interpreter.meanings
    if names.isEmpty { return host.say("no names yet; `let NAME = …` gives one") }
    let table = TextTable(
      headers: ["name", "kind", "stands for"], rows: names.map { [$0.name, $0.kind, $0.meaning] },
      alignments: [.left, .left, .left], isColored: settings.colors)
    host.say(table.render(maxWidth: host.columns))
  }

  // MARK: Files

  private func save(_ argument: String) {
    let path = unquoted(argument)
    guard !path.isEmpty else { return host.say("write `:save FILE.nn`") }
    guard path.hasSuffix(".nn") else {
      return host.say(
        "`:save` writes the session as a script: FILE.nn. `save FILE.safetensors` saves the model")
    }
    let saved = SavedSession(journal)
    guard !saved.text.isEmpty else { return host.say("nothing to save yet") }
    if let problem = host.write(saved.text, to: path) { return host.say(problem.message) }
    let count = journal.done.count
    host.say("saved \(escapingControls(path)): \(counted(count, "statement"))")
    for note in saved.notes { host.say("  but \(note)") }
  }

  /// - Returns: whether to go on.
  private mutating func run(_ argument: String) -> Bool {
    let path = unquoted(argument)
    guard !path.isEmpty else {
      host.say("write `:run FILE.nn`")
      return true
    }
    switch host.read(path) {
    case .failure(let problem):
      host.say(problem.message)
      return true
    case .success(let source):
      let goesOn = execute(source, text: String(decoding: source.bytes, as: UTF8.self))
      // A file is mended in an editor.
      prefill = ""
      return goesOn
    }
  }

  private func unquoted(_ text: String) -> String {
    guard text.count > 1, let first = text.first, first == "\"" || first == "'", text.last == first else {
      return text
    }
    return String(text.dropFirst().dropLast())
  }

  // MARK: Others

  private mutating func time(_ statement: String) -> Bool {
    if statement.isEmpty {
      settings.timing.toggle()
      host.say("timing is \(settings.timing ? "on" : "off")")
      return true
    }
    let before = settings.timing
    settings.timing = true
    defer { settings.timing = before }
    return execute(extending(statement).source, text: statement)
  }

  private mutating func edit() -> Bool {
    let before = journal.last?.text ?? ""
    switch host.edit(before.isEmpty ? "" : before + "\n") {
    case .failure(let problem): host.say(problem.message)
    case .success(let text):
      var text = text
      while let last = text.last, last.isWhitespace { text.removeLast() }
      if text.isEmpty || text == before {
        host.say("nothing has changed, nothing is run")
        return true
      }
      host.say(text)
      return runStatement(text)
    }
    return true
  }

  private mutating func set(_ words: String) {
    if words.isEmpty { return host.say(settings.text) }
    if let problem = settings.set(words) { host.say(problem) }
  }
}
