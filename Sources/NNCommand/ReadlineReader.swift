import CReadline
import CTerminal
import NN
import NNShell
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Lines from GNU readline, with what the shell's assistant knows of them.
///
/// Readline's callback interface is used, so that a line can be dropped at Ctrl-C without code in a signal handler: the
/// watcher writes to a pipe that is polled beside standard input.
final class ReadlineReader: LineReader {
  private let wake: (read: Int32, write: Int32)
  private let history: HistoryStore?
  private let display = LineDisplay()
  private let completion = LineCompletion()
  private let draws: Bool

  /// What the watcher's thread asks for, as bytes of the pipe.
  private enum Request: UInt8 {
    case interrupt, resize, resume
  }

  init(signals: SignalWatcher) {
    Self.chooseLocale()
    var ends: [Int32] = [-1, -1]
    _ = pipe(&ends)
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    wake = (ends[0], ends[1])
    history = HistoryStore()
    draws = LineDisplay.isPossible
    readline_leave_signals_alone()
    // SAFETY: the texts live as long as the program.
    readline_set_name(strdup("nn"))
    using_history()
    stifle_history(Int32(HistoryText.limit))
    for entry in history?.read() ?? [] { add_history(entry) }
    // Readline sets its own defaults first; a user's inputrc is read once more, for it may say otherwise.
    rl_initialize()
    rl_variable_bind("show-all-if-ambiguous", "on")
    if !isDumbTerminal {
      rl_variable_bind("enable-bracketed-paste", "on")
    }
    rl_read_init_file(nil)
    terminal_guard_begin(STDIN_FILENO)
    let writeEnd = ends[1]
    signals.whileIdle(
      { number in
        var byte = number == SIGINT ? Request.interrupt : number == SIGWINCH ? .resize : .resume
        _ = write(writeEnd, &byte, 1)
      }, beforeExit: { terminal_guard_restore() })
    Self.current = self
    installCallbacks()
  }

  // SAFETY: readline's functions, which have no context, run on the one thread that reads lines; nothing else touches these.
  nonisolated(unsafe) private static var current: ReadlineReader?
  nonisolated(unsafe) private static var arrived: [LineInput] = []
  nonisolated(unsafe) private static var prefill = ""

  private func installCallbacks() {
    readline_set_startup_hook {
      if !ReadlineReader.prefill.isEmpty {
        rl_insert_text(ReadlineReader.prefill)
        ReadlineReader.prefill = ""
      }
      return 0
    }
    readline_set_completion(
      { _, start, end in
        guard let reader = ReadlineReader.current else { return nil }
        readline_completed(0)
        reader.display.eraseHint()
        return ReadlineReader.array(reader.completion.matches(start: Int(start), end: Int(end)))
      },
      { _, _, _ in
        guard let reader = ReadlineReader.current else { return }
        let list = reader.completion.list(
          width: Output.standard.width, height: Output.standard.height, usesColors: reader.usesColors)
        Output.standard.write("\r\n" + list)
        rl_forced_update_display()
      }, strdup(LineCompletion.breaks))
    guard draws else { return }
    readline_set_redisplay { ReadlineReader.current?.display.redisplay() }
  }

  /// Readline frees what it gets.
  private static func array(_ texts: [String]) -> UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? {
    guard !texts.isEmpty else { return nil }
    let bytes = (texts.count + 1) * MemoryLayout<UnsafeMutablePointer<CChar>?>.stride
    guard let memory = malloc(bytes) else { return nil }
    // SAFETY: the memory is as large as the strings' pointers and the null behind them.
    let array = memory.bindMemory(to: UnsafeMutablePointer<CChar>?.self, capacity: texts.count + 1)
    for (index, text) in texts.enumerated() { array[index] = strdup(text) }
    array[texts.count] = nil
    return array
  }

  private var usesColors = false

  // MARK: Reading

  func readLine(_ request: LineRequest) -> LineInput {
    Output.standard.flush()
    Output.diagnostics.flush()
    Self.arrived = []
    Self.prefill = request.prefill
    usesColors = request.usesColors && draws
    var request = request
    request.usesColors = usesColors
    display.begin(request)
    completion.begin(request.assistant)
    terminal_guard_changed(1)
    rl_callback_handler_install(prompt(request)) { line in
      // The cursor is on the row behind the line. Removed at once, or readline would draw the next prompt before the statement has run.
      rl_callback_handler_remove()
      ReadlineReader.current?.display.settle()
      guard let line else {
        ReadlineReader.arrived.append(.end)
        return
      }
      // SAFETY: readline hands over a NUL-terminated string that is freed here and nowhere else.
      let text = String(cString: line)
      free(line)
      ReadlineReader.arrived.append(.line(text))
    }
    defer {
      rl_callback_handler_remove()
      terminal_guard_changed(0)
    }
    while true {
      var sources = [
        pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
        pollfd(fd: wake.read, events: Int16(POLLIN), revents: 0),
      ]
      let ready = poll(&sources, nfds_t(sources.count), -1)
      if ready < 0 {
        if errno == EINTR { continue }
        return .end
      }
      if sources[1].revents != 0, let input = wakened() { return input }
      if sources[0].revents != 0 {
        rl_callback_read_char()
        if let input = Self.arrived.first {
          if input == .end { Output.standard.write("\n") }
          return input
        }
      }
    }
  }

  private func prompt(_ request: LineRequest) -> String {
    let prompt = request.prompt
    guard usesColors else { return prompt.text }
    return "\u{1}\u{1B}[38;5;74m\u{2}\(prompt.state)\u{1}\u{1B}[0m\u{2}\(prompt.sign)"
  }

  private func wakened() -> LineInput? {
    var byte: UInt8 = 0
    _ = read(wake.read, &byte, 1)
    switch Request(rawValue: byte) {
    case .interrupt: return dropLine()
    case .resize: draws ? display.resize() : rl_resize_terminal()
    case .resume:
      // The modes were put back when the program was stopped.
      rl_deprep_terminal()
      rl_prep_terminal(1)
      terminal_guard_changed(1)
      rl_forced_update_display()
    case nil: break
    }
    return nil
  }

  /// Ctrl-C: what was typed is left standing, and a new prompt follows.
  private func dropLine() -> LineInput {
    if draws {
      display.finish()
      display.goToEnd()
      display.leave()
    }
    rl_callback_sigcleanup()
    rl_free_line_state()
    rl_replace_line("", 0)
    Output.standard.write("^C\n")
    return .interrupted
  }

  // MARK: History

  func remember(_ statement: String) {
    guard HistoryText.line(statement) != nil else { return }
    // The same statement once, where it came last.
    let base = readline_history_base()
    var place = readline_history_length() - 1
    while place >= 0 {
      if let entry = history_get(base + place)?.pointee.line, strcmp(entry, statement) == 0 {
        free_history_entry(remove_history(place))
      }
      place -= 1
    }
    add_history(statement)
    history?.add(statement)
  }

  func close() {
    history?.tidy()
    terminal_guard_restore()
  }

  /// Without a locale (in containers, over ssh) a terminal shows UTF-8 all the same.
  private static func chooseLocale() {
    setlocale(LC_CTYPE, "")
    if isUnicodeTerminal || environment("LC_ALL") != nil { return }
    guard let name = setlocale(LC_CTYPE, nil) else { return }
    // SAFETY: setlocale gives a NUL-terminated string.
    guard ["C", "POSIX"].contains(String(cString: name)) else { return }
    // Readline reads the environment.
    if setlocale(LC_CTYPE, "C.UTF-8") != nil { setenv("LC_CTYPE", "C.UTF-8", 1) }
  }
}
