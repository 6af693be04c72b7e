import CTerminal
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

/// The program around the shell: runs what it reads, shows what comes of it, and starts the user's editor and pager.
final class TerminalHost: ShellHost {
  private let options: RunningOptions
  private let signals: SignalWatcher
  /// Set when a signal has asked for the program's end.
  private(set) var ending: ExitStatus?

  init(_ options: RunningOptions, signals: SignalWatcher) {
    self.options = options
    self.signals = signals
  }

  var columns: Int { Output.standard.width }
  var isUnicode: Bool { isUnicodeTerminal }

  // MARK: Running

  func run(
    _ source: SourceFile, on interpreter: inout Interpreter, _ settings: ShellSettings, log: FitLog
  ) -> ShellRun {
    var current = options
    if !settings.colors { current.color = .never }
    current.noProgress = !settings.progress
    current.threads = settings.threads
    let pager = settings.paging && !options.json ? self.pager : nil
    let console = Console(current, script: source.name, page: pager)
    // The window may have been resized since.
    var running = current.runOptions
    running.isWholeScript = false
    running.answers = !options.json && !options.quiet
    // What is typed ahead is for the next prompt, and would stand in the midst of a bar.
    let hushes = Output.standard.isTerminal && !Self.readsTerminal(source)
    if hushes { terminal_hush() }
    defer { if hushes { terminal_unhush() } }
    let started = ContinuousClock.now
    let result = signals.watching { stop in
      interpreter.run(source, options: running, stop: stop, observer: log.passing(on: console))
    }
    let time = ContinuousClock.now - started
    let status = signals.status ?? ExitStatus(result.status)
    // A fit has said already that it was interrupted.
    console.end(result.diagnostics, status: log.endsInterrupted && !options.json ? .done : status)
    if !result.answers.isEmpty {
      let style = TextStyle(isOn: current.color.isOn(for: .standard))
      let room = max(columns - 1, 20)
      say(result.answers.map { style.dim(wrapping($0, toWidth: room, indent: 2)) }.joined(separator: "\n"))
    }
    Output.standard.flush()
    // Ctrl-C gives the prompt back; whoever sends TERM or HUP wants the program to end.
    if let status = signals.status, status != .signal(2) { ending = status }
    let seconds = Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18
    return ShellRun(result, seconds: seconds, goesOn: ending == nil)
  }

  /// Whether a lone `-`, standard input, stands somewhere in the text: then somebody types a table.
  private static func readsTerminal(_ source: SourceFile) -> Bool {
    source.bytes.split { [0x20, 0x09, 0x0A, 0x0D, 0x22, 0x27, 0x3B, 0x3D, 0x7C].contains($0) }
      .contains { $0.elementsEqual([UInt8(ascii: "-")]) }
  }

  // MARK: Showing

  func say(_ text: String) { Output.standard.write(text + "\n") }

  func show(_ page: HelpPage, under introduction: String) {
    let text =
      (introduction.isEmpty ? "" : introduction + "\n\n")
      + page.text(width: columns, usesColor: options.color.isOn(for: .standard))
    if pager?(text) != true { say(text) }
  }

  /// Shows a text that is longer than the screen in $PAGER; nil where there is no terminal to show it on.
  private var pager: (@Sendable (String) -> Bool)? {
    guard Output.standard.isTerminal, isatty(STDIN_FILENO) == 1, !isDumbTerminal else {
      return nil
    }
    let signals = signals
    return { text in
      let rows = text.utf8.reduce(1) { $1 == UInt8(ascii: "\n") ? $0 + 1 : $0 }
      guard rows > Output.standard.height - 1 else { return false }
      Output.standard.flush()
      Output.diagnostics.flush()
      return signals.standingBack { Self.page(text) }
    }
  }

  private static func page(_ text: String) -> Bool {
    guard let file = TemporaryFile(text + "\n") else { return false }
    defer { file.remove() }
    let input = open(file.path, O_RDONLY | O_CLOEXEC)
    guard input >= 0 else { return false }
    defer { close(input) }
    let status = terminal_run(
      #"${PAGER:-less -RFX "-PsSpace goes on, q goes back"}"#, file.path, input)
    // Not found, or not to be started: then it is written as it would be without a pager.
    return status >= 0 && status != 126 && status != 127
  }

  // MARK: Files and programs

  func edit(_ text: String) -> Result<String, ShellProblem> {
    guard let file = TemporaryFile(text) else {
      return .failure(ShellProblem("cannot write a file for the editor: \(systemMessage(errno))"))
    }
    defer { file.remove() }
    let status = signals.standingBack {
      terminal_run("${VISUAL:-${EDITOR:-vi}} \"$1\"", file.path, -1)
    }
    guard status == 0 else {
      let name = environment("VISUAL") ?? environment("EDITOR") ?? "vi"
      return .failure(
        ShellProblem(
          status == 127 || status == 126
            ? "the editor `\(escapingControls(name))` could not be started; $EDITOR names another"
            : "the editor `\(escapingControls(name))` ended with status \(status); nothing is run"))
    }
    switch InputFile.read(file.path) {
    case .success(let bytes): return .success(String(decoding: bytes, as: UTF8.self))
    case .failure(let error):
      return .failure(ShellProblem("cannot read what was edited: \(error.description)"))
    }
  }

  func read(_ path: String) -> Result<SourceFile, ShellProblem> {
    switch InputFile.read(expandingHome(path)) {
    case .success(let bytes): .success(SourceFile(name: path, bytes: bytes))
    case .failure(let error): .failure(ShellProblem("cannot read \(quoted(path)): \(error.description)"))
    }
  }

  func write(_ text: String, to path: String) -> ShellProblem? {
    do throws(DataError) {
      let file = try AtomicFile(path: expandingHome(path))
      try file.write(Array(text.utf8))
      try file.commit()
      return nil
    } catch {
      return ShellProblem(error.description)
    }
  }

  private func expandingHome(_ path: String) -> String {
    guard path.hasPrefix("~/"), let home = environment("HOME") else { return path }
    return home + path.dropFirst()
  }
}

/// A file that only this user can read, for another program to work on.
private struct TemporaryFile {
  let path: String

  init?(_ text: String) {
    let template = (environment("TMPDIR") ?? "/tmp") + "/nn-XXXXXX.nn"
    var bytes = Array(template.utf8CString)
    let descriptor = mkstemps(&bytes, 3)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    path = String(decoding: bytes.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    var content = Array(text.utf8)[...]
    while !content.isEmpty {
      let count = content.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { break }
      content = content.dropFirst(count)
    }
  }

  func remove() { unlink(path) }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
