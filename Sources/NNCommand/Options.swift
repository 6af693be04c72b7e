import ArgumentParser
import NN

/// When text is coloured.
enum ColorChoice: String, ExpressibleByArgument, CaseIterable {
  case auto, always, never

  /// Whether to colour what goes to an output.
  func isOn(for output: Output) -> Bool {
    switch self {
    case .always: true
    case .never: false
    case .auto: output.isTerminal && environment("NO_COLOR") == nil && !isDumbTerminal
    }
  }
}

/// `NAME=VALUE` of `--set`.
struct Setting {
  let name: String
  let value: String

  init(_ argument: String) throws {
    guard let sign = argument.firstIndex(of: "="), sign != argument.startIndex else {
      throw ValidationError("--set takes NAME=VALUE, not \(argument).")
    }
    name = String(argument[..<sign])
    value = String(argument[argument.index(after: sign)...])
  }
}

/// The options of `run`, shared by the commands that run something.
struct RunningOptions: ParsableArguments {
  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("Give a `param` its value; repeatable.", valueName: "name=value"),
    transform: Setting.init)
  var settings: [Setting] = []

  @Option(help: "Worker threads; the result does not depend on it. Default: the machine's cores.")
  var threads: Int?

  @Flag(help: "Write one JSON object a line for each event, on standard output.")
  var json = false

  @Flag(help: "No progress and no notes on standard error; warnings and errors stay.")
  var quiet = false

  @Flag(name: .customLong("no-progress"), help: "No progress bar and no progress lines.")
  var noProgress = false

  @Option(help: ArgumentHelp("Colour the output.", valueName: "auto|always|never"))
  var color: ColorChoice = .auto

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads takes a whole number from 1 to 1024, not \(threads).")
    }
  }

  /// What the interpreter is told.
  var runOptions: RunOptions {
    var options = RunOptions()
    options.ranks = Job.ranks
    options.threads = threads ?? Job.ranks?.threadsHere
    options.settings = settings.map { ($0.name, $0.value) }
    options.needsPredictionFile = json
    options.rescuesModels = true
    options.width = Output.standard.width
    options.usesColor = !json && color.isOn(for: .standard)
    return options
  }
}
