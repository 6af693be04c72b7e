import ArgumentParser
import NN
import NNDiagnostics
import NNShell

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// `nn repl`: the interactive shell; `nn` alone starts it on a terminal.
struct ReplCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repl", abstract: "Starts the interactive shell.")

  @OptionGroup var options: RunningOptions

  func run() throws { try Self.start(options) }

  static func start(_ options: RunningOptions) throws(ExitStatus) {
    let signals = SignalWatcher.start(mindsTerminal: true)
    let reader = ReadlineReader(signals: signals)
    let host = TerminalHost(options, signals: signals)
    let colors = options.color.isOn(for: .standard)
    let settings = ShellSettings(
      colors: colors, hints: !isDumbTerminal, progress: !options.noProgress,
      threads: options.threads)
    if !options.json { Output.standard.write(greeting(columns: host.columns) + "\n") }
    var shell = Shell(reader: reader, host: host, settings: settings, options: options.runOptions)
    if let path = initialFile {
      switch host.read(path) {
      case .success(let source): shell.begin(with: source)
      case .failure(let problem): host.say(problem.message)
      }
    }
    if host.ending == nil { shell.loop() }
    reader.close()
    if let ending = host.ending { throw ending }
  }

  private static func greeting(columns: Int) -> String {
    let long =
      "nn \(version)  `help` tells what there is, `help tutorial` leads through a first model, Ctrl-D leaves"
    let forms = [
      long, "nn \(version)  `help`, `help tutorial` for a first model, Ctrl-D to leave",
      "nn \(version)  help · help tutorial · Ctrl-D",
    ]
    return forms.first { displayWidth(of: $0) < columns } ?? "nn \(version)  `help`"
  }

  /// `$XDG_CONFIG_HOME/nn/init.nn`, if it is there.
  private static var initialFile: String? {
    let folder =
      environment("XDG_CONFIG_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil }
      ?? environment("HOME").map { $0 + "/.config" }
    guard let path = folder.map({ $0 + "/nn/init.nn" }), access(path, F_OK) == 0 else { return nil }
    return path
  }
}
