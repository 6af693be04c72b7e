import CReadline
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

/// Lines from GNU readline, with history in `$XDG_STATE_HOME/nn/history`.
///
/// Readline's callback interface is used, so that a line can be dropped at Ctrl-C without code in a signal handler: the
/// watcher writes to a pipe that is polled beside standard input.
final class ReadlineReader: LineReader {
  private let wake: (read: Int32, write: Int32)
  private let historyPath: String?
  /// The most statements kept on disk.
  private static let historyLimit: Int32 = 10_000

  init(signals: SignalWatcher) {
    var ends: [Int32] = [-1, -1]
    _ = pipe(&ends)
    wake = (ends[0], ends[1])
    historyPath = Self.makeHistoryPath()
    readline_leave_signals_alone()
    using_history()
    if let historyPath {
      read_history(historyPath)
      stifle_history(Self.historyLimit)
    }
    let writeEnd = ends[1]
    signals.whileIdle(
      { _ in
        var byte: UInt8 = 0
        _ = write(writeEnd, &byte, 1)
      }, beforeExit: { rl_deprep_terminal() })
  }

  /// Lines arrive here from readline's callback, which can carry no context.
  private static let arrived = Mutex<[LineInput]>([])

  func readLine(prompt: String) -> LineInput {
    Output.standard.flush()
    Self.arrived.withLock { $0 = [] }
    rl_callback_handler_install(prompt) { line in
      // Removed at once, or readline would draw the next prompt before the statement has run.
      rl_callback_handler_remove()
      guard let line else {
        ReadlineReader.arrived.withLock { $0.append(.end) }
        return
      }
      // SAFETY: readline hands over a NUL-terminated string that is freed here and nowhere else.
      let text = String(cString: line)
      free(line)
      ReadlineReader.arrived.withLock { $0.append(.line(text)) }
    }
    defer { rl_callback_handler_remove() }
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
      if sources[1].revents != 0 {
        var byte: UInt8 = 0
        _ = read(wake.read, &byte, 1)
        return dropLine()
      }
      if sources[0].revents != 0 {
        rl_callback_read_char()
        if let input = Self.arrived.withLock({ $0.first }) {
          if input == .end { Output.standard.write("\n") }
          return input
        }
      }
    }
  }

  /// Ctrl-C: what was typed is left standing, and a new prompt follows.
  private func dropLine() -> LineInput {
    rl_free_line_state()
    rl_replace_line("", 0)
    Output.standard.write("^C\n")
    return .interrupted
  }

  func remember(_ statement: String) {
    guard !statement.isEmpty else { return }
    add_history(statement)
  }

  /// Writes the history; what cannot be written is lost, which is no reason to complain at the door.
  func close() {
    guard let historyPath else { return }
    write_history(historyPath)
    chmod(historyPath, 0o600)
  }

  private static func makeHistoryPath() -> String? {
    let state: String
    if let directory = environment("XDG_STATE_HOME"), directory.hasPrefix("/") {
      state = directory
    } else if let home = environment("HOME") {
      state = home + "/.local/state"
    } else {
      return nil
    }
    var path = ""
    for part in (state + "/nn").split(separator: "/") {
      path += "/" + part
      mkdir(path, 0o700)
    }
    return path + "/history"
  }
}
