import Foundation
import PseudoTerminal
import Support

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The program on a terminal of its own, whose keys are typed and whose screen is looked at. Everything waits for what it wants to see,
/// never for a time.
public final class ShellTerminal {
  public private(set) var screen: Screen
  /// All that was written, as it came.
  public private(set) var output: [UInt8] = []
  public let process: pid_t
  public let home: Folder
  private let controller: Int32
  private var ended: Int32?

  /// - Parameters:
  ///   - environment: in the place of what is set anyway; an empty value takes a variable away.
  ///   - program: another one in its place.
  ///   - home: where history and set-up are; a new folder if nil.
  public init(
    _ arguments: [String] = [], in folder: URL, rows: Int = 24, columns: Int = 80,
    environment: [String: String] = [:], home: Folder? = nil, program: String? = nil
  ) throws {
    self.home = try home ?? Folder()
    screen = Screen(rows: rows, columns: columns)
    var variables = [
      "HOME": self.home.url.path, "PATH": "/usr/bin:/bin", "TERM": "xterm-256color", "LC_ALL": "C.UTF-8",
      "INPUTRC": "/dev/null", "PAGER": "cat", "SWIFT_BACKTRACE": "enable=no",
    ]
    variables.merge(Program.instruments) { $1 }
    for (name, value) in environment { variables[name] = value.isEmpty ? nil : value }
    let words = (["nn"] + arguments).map { strdup($0) } + [nil]
    let settings = variables.map { strdup("\($0)=\($1)") } + [nil]
    defer { for text in words + settings { free(text) } }
    var side: Int32 = -1
    process = pseudo_terminal_start(
      program ?? Program.url.path, words, settings, folder.path, Int32(rows), Int32(columns), &side)
    guard process > 0 else { throw POSIXError(.ENOTTY) }
    controller = side
    _ = fcntl(controller, F_SETFL, O_NONBLOCK)
  }

  deinit {
    if ended == nil {
      kill(process, SIGKILL)
      waitpid(process, nil, 0)
    }
    close(controller)
  }

  // MARK: Typing

  public func type(_ text: String) {
    var bytes = Array(text.utf8)[...]
    let end = Date().addingTimeInterval(30)
    while !bytes.isEmpty, Date() < end {
      let count = bytes.withUnsafeBytes { write(controller, $0.baseAddress, min($0.count, 512)) }
      if count > 0 { bytes = bytes.dropFirst(count) }
      read()
    }
  }

  /// Pastes a text as a terminal does.
  public func paste(_ text: String) { type("\u{1B}[200~" + text + "\u{1B}[201~") }

  /// Types a line, and waits for the next prompt.
  @discardableResult
  public func enter(_ line: String, seconds: Double = 20) -> Bool {
    let before = screen.prompts
    type(line + "\r")
    return waitForPrompt(behind: before, seconds: seconds)
  }

  public func signal(_ number: Int32) { kill(process, number) }

  public func resize(rows: Int, columns: Int) {
    read()
    screen.resize(rows: rows, columns: columns)
    pseudo_terminal_resize(controller, Int32(rows), Int32(columns))
  }

  // MARK: Waiting

  /// Waits for a prompt that is not one of the first so many.
  @discardableResult
  public func waitForPrompt(behind count: Int = 0, seconds: Double = 20) -> Bool {
    wait(seconds: seconds) {
      $0.prompts > count && ($0.typed.contains("▸") || $0.typed.contains("…"))
    }
  }

  /// Waits until a text is on the screen.
  @discardableResult
  public func wait(for text: String, seconds: Double = 20) -> Bool {
    wait(seconds: seconds) { $0.text.contains(text) }
  }

  @discardableResult
  public func wait(seconds: Double = 20, until condition: (Screen) -> Bool) -> Bool {
    let end = Date().addingTimeInterval(seconds)
    while true {
      let got = read()
      if condition(screen) { return true }
      if Date() > end || !got && hasEnded && !read() { return condition(screen) }
      if !got {
        var side = pollfd(fd: controller, events: Int16(POLLIN), revents: 0)
        _ = poll(&side, 1, 20)
      }
    }
  }

  /// Waits for the end. - Returns: the exit status, 128 and the number for a signal; nil if it goes on.
  public func status(seconds: Double = 20) -> Int32? {
    wait(seconds: seconds) { _ in hasEnded }
    // What it said last may have come between the last look at it and its end.
    read()
    return ended
  }

  /// Whether the terminal is as a shell leaves it to a program.
  public var isCooked: Bool { pseudo_terminal_is_cooked(controller) == 1 }

  private var hasEnded: Bool {
    if ended != nil { return true }
    var status: Int32 = 0
    guard waitpid(process, &status, WNOHANG) == process else { return false }
    ended = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + status & 0x7F
    return true
  }

  /// Waits until the program has been stopped, as by Ctrl-Z.
  public func isStopped(seconds: Double = 30) -> Bool {
    let end = Date().addingTimeInterval(seconds)
    while Date() < end {
      read()
      var status: Int32 = 0
      if waitpid(process, &status, WNOHANG | WUNTRACED) == process, status & 0xFF == 0x7F { return true }
      usleep(2000)
    }
    return false
  }

  @discardableResult
  private func read() -> Bool {
    var block = [UInt8](repeating: 0, count: 1 << 16)
    var got = false
    while true {
      #if canImport(Glibc)
        let count = Glibc.read(controller, &block, block.count)
      #elseif canImport(Musl)
        let count = Musl.read(controller, &block, block.count)
      #else
        let count = Darwin.read(controller, &block, block.count)
      #endif
      guard count > 0 else { return got }
      got = true
      output += block[..<count]
      screen.feed(block[..<count])
    }
  }
}
