import ArgumentParser
import NN

/// `nn run SCRIPT`, `nn SCRIPT`, `nn -e SOURCE`, and `nn` alone.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Checks a script as a whole, then runs it.")

  @Option(name: [.customShort("e"), .long], help: ArgumentHelp("Run this text.", valueName: "source"))
  var expression: String?

  @Argument(help: "A script, or - for standard input.", completion: .file(extensions: ["nn"]))
  var script: String?

  @OptionGroup var options: RunningOptions

  func validate() throws {
    if expression != nil, script != nil {
      throw ValidationError("Give a script or -e, not both.")
    }
  }

  func run() throws {
    if let expression {
      try execute(SourceFile(name: "<command line>", text: expression), options)
    } else if let script {
      try executeFile(script, options)
    } else if Job.ranks != nil {
      throw ValidationError("Several ranks need a script, or -e.")
    } else if InputFile.standardInputIsTerminal {
      try ReplCommand.start(options)
    } else {
      try executeFile("-", options)
    }
  }
}

/// Runs a script; one that cannot be read is told as any other mistake is.
private func executeFile(_ path: String, _ options: RunningOptions) throws(ExitStatus) {
  let source: SourceFile
  do {
    source = try readSource(path)
  } catch {
    let console = Console(options, script: path)
    console.begin()
    console.end([error], status: .rejected)
    if let ranks = Job.ranks { throw leave(.rejected, ranks, [error]) }
    throw .rejected
  }
  try execute(source, options)
}

/// Runs a source from beginning to end; how it ended is thrown unless all went well.
func execute(_ source: SourceFile, _ options: RunningOptions) throws(ExitStatus) {
  let console = Console(options, script: source.name)
  let signals = SignalWatcher.start()
  console.begin()
  var interpreter = Interpreter()
  let result = signals.watching { stop in
    interpreter.run(source, options: options.runOptions, stop: stop, observer: console)
  }
  let status = signals.status ?? ExitStatus(result.status)
  console.end(result.diagnostics, status: status)
  if let ranks = Job.ranks { throw leave(status, ranks, result.diagnostics) }
  if status != .done { throw status }
}

extension ExitStatus {
  init(_ status: Interpreter.Status) {
    switch status {
    case .done: self = .done
    case .failed: self = .failed
    case .rejected: self = .rejected
    case .interrupted: self = .signal(2)
    }
  }
}
