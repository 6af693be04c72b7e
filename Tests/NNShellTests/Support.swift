import NN
import NNShell

/// Lines from a list.
final class ScriptedReader: LineReader {
  private var inputs: [LineInput]
  private(set) var requests: [LineRequest] = []
  private(set) var remembered: [String] = []
  /// Each prompt as it was shown.
  var prompts: [String] { requests.map(\.prompt.text) }
  /// What stood in each line at first.
  var prefills: [String] { requests.map(\.prefill) }

  init(_ inputs: [LineInput]) { self.inputs = inputs }

  convenience init(lines: [String]) { self.init(lines.map { .line($0) }) }

  func readLine(_ request: LineRequest) -> LineInput {
    requests.append(request)
    return inputs.isEmpty ? .end : inputs.removeFirst()
  }

  func remember(_ statement: String) { remembered.append(statement) }
}

/// Writes down what the shell asks for; runs what it is given, if it is to.
final class RecordingHost: ShellHost {
  private let runs: Bool
  var columns = 80
  var isUnicode = true
  private(set) var ran: [String] = []
  private(set) var said: [String] = []
  private(set) var results: [Interpreter.Result] = []
  /// After each statement.
  private(set) var epochs: [Int] = []
  private(set) var digests: [String?] = []
  var files: [String: String] = [:]
  /// What an editor makes of a text.
  var editing: (String) -> Result<String, ShellProblem> = { .success($0) }
  /// Asks for the end of the run at its nth step.
  var interruptsAtStep: Int?

  init(runs: Bool = false) { self.runs = runs }

  func run(
    _ source: SourceFile, on interpreter: inout Interpreter, _ settings: ShellSettings, log: FitLog
  ) -> ShellRun {
    ran.append(String(decoding: source.bytes, as: UTF8.self))
    guard runs else { return ShellRun(Interpreter.Result(status: .done)) }
    let stop = StopSignal()
    var options = RunOptions()
    options.isWholeScript = false
    options.answers = true
    options.threads = settings.threads
    let observer = log.passing(on: Stopper(epoch: interruptsAtStep, stop: stop))
    let result = interpreter.run(source, options: options, stop: stop, observer: observer)
    if stop.isRequested { interruptsAtStep = nil }
    results.append(result)
    epochs.append(interpreter.experiment.history?.count ?? 0)
    digests.append(interpreter.experiment.digest)
    return ShellRun(result)
  }

  private struct Stopper: RunObserver {
    let epoch: Int?
    let stop: StopSignal

    func observe(_ event: RunEvent) {
      if case .epoch(let ended) = event, ended.record.epoch == epoch { stop.request() }
    }
  }

  func say(_ text: String) { said.append(text) }
  func show(_ page: HelpPage) { said.append(page.text(width: columns, usesColor: false)) }
  func edit(_ text: String) -> Result<String, ShellProblem> { editing(text) }

  func read(_ path: String) -> Result<SourceFile, ShellProblem> {
    files[path].map { .success(SourceFile(name: path, text: $0)) }
      ?? .failure(ShellProblem("no file \(path)"))
  }

  func write(_ text: String, to path: String) -> ShellProblem? {
    files[path] = text
    return nil
  }
}
