import NN

/// What the shell itself understands, `:save FILE.nn` and its like: the one list, for obeying, for help and for completion.
struct ShellCommand: Sendable {
  enum Name: String, CaseIterable, Sendable {
    case help, undo, redo, vars, save, run, time, edit, set, quit
  }

  /// What stands behind a command, for completion.
  enum Argument: Sendable {
    case none, topic, script, setting, statement
  }

  var name: Name
  var aliases: [String] = []
  var usage: String
  var help: String
  var argument = Argument.none

  static let all: [ShellCommand] = [
    ShellCommand(
      name: .help, aliases: ["h", "?"], usage: "help [TOPIC]",
      help: "tells of a stage, a layer, a loss …; `help tutorial` leads through a first model",
      argument: .topic),
    ShellCommand(name: .undo, aliases: ["u"], usage: ":undo", help: "takes the last statement back"),
    ShellCommand(name: .redo, usage: ":redo", help: "does again what was taken back"),
    ShellCommand(
      name: .vars, usage: ":vars", help: "shows the names of this session and what they stand for"),
    ShellCommand(
      name: .save, aliases: ["w"], usage: ":save FILE.nn",
      help: "writes the session as a script that gives the same weights", argument: .script),
    ShellCommand(name: .run, usage: ":run FILE.nn", help: "runs a script in this session", argument: .script),
    ShellCommand(
      name: .time, usage: ":time STATEMENT", help: "runs a statement and tells how long it took",
      argument: .statement),
    ShellCommand(
      name: .edit, aliases: ["e"], usage: ":edit [all]",
      help: "opens the last statement, or all, in $EDITOR, and runs what comes back"),
    ShellCommand(
      name: .set, usage: ":set [NAME VALUE]", help: "shows or changes how the shell works", argument: .setting
    ),
    ShellCommand(name: .quit, aliases: ["q", "exit"], usage: ":quit", help: "leaves, as Ctrl-D does"),
  ]

  static func named(_ name: String) -> ShellCommand? {
    all.first { $0.name.rawValue == name || $0.aliases.contains(name) }
  }

  /// The command that was meant by a misspelt one.
  static func near(_ name: String) -> ShellCommand? {
    let begun = all.filter { $0.name.rawValue.hasPrefix(name) && !name.isEmpty }
    if begun.count == 1 { return begun[0] }
    return Spelling.nearest(to: name, in: all.map(\.name.rawValue)).flatMap(named)
  }

  /// A line that is for the shell, in parts; nil for one of the language. The words that other shells take stand for its commands.
  static func words(of line: String) -> (name: String, argument: String)? {
    var text = Substring(line)
    while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
    while let last = text.last, last == " " || last == "\t" { text.removeLast() }
    let isColon = text.hasPrefix(":")
    if isColon { text.removeFirst() }
    let name = text.prefix { $0 != " " && $0 != "\t" }
    let argument = String(text.dropFirst(name.count).drop { $0 == " " || $0 == "\t" })
    if isColon { return (String(name), argument) }
    switch (name, argument.isEmpty) {
    case ("help", _), ("?", _): return ("help", argument)
    case ("help()", true): return ("help", "")
    case ("quit", true), ("exit", true), ("quit()", true), ("exit()", true): return ("quit", "")
    default: return nil
    }
  }

  // MARK: Completion

  /// What may stand where a command is being typed; nil for a line of the language.
  static func completions(_ before: String, options: RunOptions) -> Completions? {
    let blanks = before.prefix { $0 == " " }.count
    let text = before.dropFirst(blanks)
    guard text.hasPrefix(":") || text.hasPrefix("help ") || text.hasPrefix("? ") else { return nil }
    let end = before.utf8.count
    guard let blank = text.firstIndex(of: " ") else {
      let items = all.map { Completion(.keyword, ":" + $0.name.rawValue, $0.help) }
      return Completions(
        span: Span(blanks, end), items: items.filter { $0.label.hasPrefix(text) })
    }
    let word = text[text.index(after: blank)...].drop { $0 == " " }
    let span = Span(end - word.utf8.count, end)
    guard let (name, _) = words(of: before), let command = named(name) else {
      return Completions(span: span, items: [])
    }
    let items: [Completion]
    switch command.argument {
    case .none: items = []
    case .topic:
      items = (["tutorial"] + all.map { ":" + $0.name.rawValue } + Help.topics).map {
        Completion(.name, $0, "")
      }
    case .setting: items = ShellSettings.descriptions.map { Completion(.option, $0.name, $0.help) }
    case .script: items = Completer.files(word, endings: [".nn"], options: options)
    case .statement:
      let shift = span.start
      var found = Completer(
        SourceFile(name: "<shell>", text: String(word)), at: word.utf8.count, options: options
      )
      .completions
      found.span = Span(found.span.start + shift, found.span.end + shift)
      return found
    }
    return Completions(span: span, items: items.filter { $0.label.hasPrefix(word) })
  }
}
