import NN
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Standard output or standard error, written whole; when a pipe's reader has gone the program leaves quietly.
final class Output: Sendable {
  static let standard = Output(descriptor: STDOUT_FILENO)
  static let diagnostics = Output(descriptor: STDERR_FILENO)

  private let descriptor: Int32
  /// 1 or 2, whatever it is written through.
  private let number: Int32
  private let buffer = Mutex<[UInt8]>([])
  let isTerminal: Bool
  /// Something could not be written.
  private let failed = Atomic(false)

  /// The program is to end soon: what nobody takes any more is left unsaid rather than waited for.
  static let isHurried = Atomic(false)

  private init(descriptor: Int32) {
    // mpirun reads what ranks say, and does not while it ends them: what is then written must not keep a rank from saving.
    var kind = stat()
    let mayFill = fstat(descriptor, &kind) == 0 && kind.st_mode & S_IFMT != S_IFREG
    let own =
      startedRanks > 1 && mayFill ? open("/dev/fd/\(descriptor)", O_WRONLY | O_NONBLOCK | O_NOCTTY) : -1
    self.descriptor = own >= 0 ? own : descriptor
    number = descriptor
    isTerminal =
      isatty(descriptor) == 1 && (startedRanks <= 1 || Output.isTerminal(ofLauncher: descriptor))
  }

  /// Open MPI gives ranks a terminal of their own, wherever what they say goes in the end: there it is mpirun's own that counts.
  private static func isTerminal(ofLauncher descriptor: Int32) -> Bool {
    var path = [CChar](repeating: 0, count: 64)
    let length = readlink("/proc/\(getppid())/fd/\(descriptor)", &path, path.count - 1)
    let target = String(decoding: path.prefix(max(length, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return target.hasPrefix("/dev/pts/") || target.hasPrefix("/dev/tty") || target == "/dev/console"
  }

  func write(_ text: String) { write(Array(text.utf8)) }

  /// Writes at once on a terminal, else when enough has come together.
  func write(_ bytes: [UInt8]) {
    buffer.withLock { buffer in
      buffer += bytes
      if isTerminal || buffer.count >= 1 << 16 { drain(&buffer) }
    }
  }

  func flush() {
    buffer.withLock { drain(&$0) }
  }

  /// Whether something could not be written.
  var hasFailed: Bool { failed.load(ordering: .relaxed) }

  private func drain(_ buffer: inout [UInt8]) {
    var start = 0
    while start < buffer.count {
      let written = buffer[start...].withUnsafeBytes { bytes in
        // SAFETY: the pointer and the count are those of one live buffer.
        systemWrite(descriptor, bytes.baseAddress, bytes.count)
      }
      if written > 0 {
        start += written
      } else if errno == EPIPE {
        // In the midst of the work, other threads' too: nothing is taken down under them.
        _exit(ExitStatus.closedPipe.code)
      } else if errno == EAGAIN {
        if Self.isHurried.load(ordering: .relaxed) {
          buffer = []
          return
        }
        var room = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&room, 1, 50)
      } else if errno != EINTR {
        break
      }
    }
    let isWhole = start == buffer.count
    let reason = errno
    buffer = []
    // The run goes on, so that a `save` behind this still keeps what was trained; the status tells of it at the end. Where
    // standard error is gone, nothing more can be said.
    guard !isWhole, number == STDOUT_FILENO, !failed.exchange(true, ordering: .relaxed) else { return }
    let problem = Diagnostic(code: "E1005", "cannot write standard output: \(systemMessage(reason))")
    Output.diagnostics.write(Renderer().text(of: problem) + "\n")
    Output.diagnostics.flush()
  }

  /// The terminal's height in rows; 24 where there is none.
  var height: Int {
    var size = winsize()
    if isTerminal, ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0 {
      return Int(size.ws_row)
    }
    return 24
  }

  /// The terminal's width in columns; 80 where there is none.
  var width: Int {
    // The terminal first: readline sets COLUMNS, and a window may be resized after that.
    var size = winsize()
    if isTerminal, ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
      return Int(size.ws_col)
    }
    if let text = environment("COLUMNS"), let columns = Int(text), columns > 0 { return columns }
    return 80
  }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}

/// Whether the terminal is one that takes no control sequences, or nobody says which it is.
var isDumbTerminal: Bool { environment("TERM").map { $0 == "dumb" } ?? true }

/// An environment variable; nil if it is not set or empty.
func environment(_ name: String) -> String? {
  guard let value = getenv(name) else { return nil }
  // SAFETY: getenv gives a NUL-terminated string, and nothing here changes the environment.
  let text = String(cString: value)
  return text.isEmpty ? nil : text
}
