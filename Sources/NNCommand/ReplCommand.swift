import ArgumentParser
import NN
import NNShell

/// `nn repl`: the interactive shell; `nn` alone starts it on a terminal.
struct ReplCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repl", abstract: "Starts the interactive shell.")

  @OptionGroup var options: RunningOptions

  func run() throws { try Self.start(options) }

  static func start(_ options: RunningOptions) throws(ExitStatus) {
    let signals = SignalWatcher.start()
    let reader = ReadlineReader(signals: signals)
    Output.standard.write("nn \(version)  :help for help, :quit or Ctrl-D to leave\n")
    var ending: ExitStatus?
    var shell = Shell(
      reader: reader,
      run: { interpreter, source in
        let console = Console(options, script: source.name)
        // The window may have been resized since.
        var current = options.runOptions
        current.isWholeScript = false
        let result = signals.watching { stop in
          interpreter.run(source, options: current, stop: stop, observer: console)
        }
        console.end(result.diagnostics, status: signals.status ?? ExitStatus(result.status))
        Output.standard.flush()
        // Ctrl-C gives the prompt back; whoever sends TERM or HUP wants the program to end.
        if let status = signals.status, status != .signal(2) { ending = status }
        return ending == nil
      },
      say: { Output.standard.write($0 + "\n") },
      setPage: {
        $0.text(width: Output.standard.width, usesColor: options.color.isOn(for: .standard))
      })
    shell.loop()
    reader.close()
    if let ending { throw ending }
  }
}
