import ArgumentParser
import NN

/// `nn check FILE…`: all errors, nothing runs.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Shows every mistake of a script; nothing runs.")

  @Argument(help: "Scripts, or - for standard input.", completion: .file(extensions: ["nn"]))
  var files: [String]

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("Give a `param` its value; repeatable.", valueName: "name=value"),
    transform: Setting.init)
  var settings: [Setting] = []

  @Flag(help: "Write one JSON object a line for each problem, on standard output.")
  var json = false

  @Flag(help: "Tell what each script would do, stage by stage, if nothing is wrong.")
  var explain = false

  @Option(help: ArgumentHelp("Colour the output.", valueName: "auto|always|never"))
  var color: ColorChoice = .auto

  func validate() throws {
    if explain, json { throw ValidationError("Give --explain or --json, not both.") }
  }

  func run() throws {
    var worst = ExitStatus.done
    for file in files {
      let source: SourceFile
      do {
        source = try readSource(file)
      } catch {
        show([error])
        worst = worse(worst, .rejected)
        continue
      }
      var options = RunOptions()
      options.settings = settings.map { ($0.name, $0.value) }
      let result: Interpreter.Result
      if explain {
        let (checked, text) = Interpreter().explain(source, options: options)
        result = checked
        if let text { Output.standard.write("\(source.name)\n\n\(text)\n") }
      } else {
        result = Interpreter().check(source, options: options)
      }
      show(result.diagnostics)
      worst = worse(worst, ExitStatus(result.status))
    }
    if worst != .done { throw worst }
  }

  private func show(_ diagnostics: [Diagnostic]) {
    if json {
      for diagnostic in diagnostics { Output.standard.write(jsonLine(diagnostic)) }
    } else if !diagnostics.isEmpty {
      let renderer = Renderer(usesColor: color.isOn(for: .diagnostics), width: Output.diagnostics.width)
      Output.diagnostics.write(renderer.text(of: diagnostics) + "\n")
    }
  }

  private func worse(_ first: ExitStatus, _ second: ExitStatus) -> ExitStatus {
    first.code >= second.code ? first : second
  }
}
