import CTerminal
import NN
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Takes over signals, for a program that makes threads before it runs anything: they are left to one that waits for them.
public func watchSignals() { _ = SignalWatcher.start() }

/// Turns INT, TERM and HUP into requests to stop. The first ends reading at its next block and a fit at its next
/// batch, the second the program.
///
/// The signals are blocked in every thread, and one thread waits for them, so that no code runs inside a handler.
final class SignalWatcher: Sendable {
  private struct State {
    var stop: StopSignal?
    var received: Int32?
    /// What to do where nothing runs that could be stopped: the shell's prompt.
    var idle: (@Sendable (Int32) -> Void)?
    var beforeExit: (@Sendable () -> Void)?
    /// Another program has the terminal.
    var standsBack = false
  }

  private let state = Mutex(State())
  private static let shared = Mutex<SignalWatcher?>(nil)

  /// The program's one watcher; starts it at the first call, before other threads are made.
  /// - Parameter minds: a terminal's window and its Ctrl-Z are to be minded as well, for a shell.
  static func start(mindsTerminal minds: Bool = false) -> SignalWatcher {
    shared.withLock { existing in
      if let existing { return existing }
      let watcher = SignalWatcher(watched: watched(minds ? [SIGWINCH, SIGTSTP] : []))
      watcher.begin()
      existing = watcher
      return watcher
    }
  }

  private let watched: sigset_t

  private init(watched: sigset_t) { self.watched = watched }

  /// INT, TERM, HUP and QUIT, but for those that the program was started without, as `nohup` does.
  private static func watched(_ others: [Int32]) -> sigset_t {
    var set = sigset_t()
    sigemptyset(&set)
    for number in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] + others {
      var inherited = sigaction()
      sigaction(number, nil, &inherited)
      // SAFETY: the handler is only compared with the constant for "ignored", never called.
      let handler = unsafeBitCast(inherited.__sigaction_handler.sa_handler, to: Int.self)
      if handler != unsafeBitCast(SIG_IGN, to: Int.self) { sigaddset(&set, number) }
    }
    return set
  }

  private func begin() {
    signal(SIGPIPE, SIG_IGN)
    // A file that grows over `ulimit -f` is an error of writing, as on a full disk.
    signal(SIGXFSZ, SIG_IGN)
    var set = watched
    pthread_sigmask(SIG_BLOCK, &set, nil)
    var thread = pthread_t()
    // SAFETY: the thread takes over the reference that is passed retained, and gives it back at its start.
    pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<SignalWatcher>.fromOpaque(argument).takeRetainedValue().wait()
        return nil
      }, Unmanaged.passRetained(self).toOpaque())
  }

  private func wait() {
    var set = watched
    while true {
      var number: Int32 = 0
      guard sigwait(&set, &number) == 0 else { continue }
      switch number {
      case SIGWINCH: tellIdle(number)
      case SIGTSTP: suspend()
      default: receive(number)
      }
    }
  }

  private func tellIdle(_ number: Int32) {
    let idle = state.withLock { $0.stop == nil ? $0.idle : nil }
    idle?(number)
  }

  /// Ctrl-Z: the terminal is left as it was found, and taken up again when the program goes on.
  private func suspend() {
    terminal_guard_restore()
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, SIGTSTP)
    // Only this thread takes it, by its default: the whole process stops here.
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
    kill(getpid(), SIGTSTP)
    pthread_sigmask(SIG_BLOCK, &set, nil)
    tellIdle(SIGCONT)
  }

  /// Runs another program, which is to be interrupted in this one's place.
  func standingBack<Result>(_ body: () -> Result) -> Result {
    state.withLock { $0.standsBack = true }
    defer { state.withLock { $0.standsBack = false } }
    return body()
  }

  private func receive(_ number: Int32) {
    let leave: (@Sendable () -> Void)? = state.withLock { state in
      if state.standsBack, number == SIGINT || number == SIGQUIT { return nil }
      if let stop = state.stop, state.received == nil, number != SIGQUIT {
        state.received = number
        Output.isHurried.store(true, ordering: .relaxed)
        stop.request()
        return nil
      }
      if state.stop == nil, let idle = state.idle, number == SIGINT {
        idle(number)
        return nil
      }
      return state.beforeExit ?? {}
    }
    guard let leave else { return }
    leave()
    _exit(ExitStatus.signal(number).code)
  }

  /// Runs something that a signal is to stop.
  func watching<Result>(_ body: (StopSignal) -> Result) -> Result {
    let stop = StopSignal()
    state.withLock {
      $0.stop = stop
      $0.received = nil
    }
    defer { state.withLock { $0.stop = nil } }
    return body(stop)
  }

  /// The status of a run that a signal has stopped.
  var status: ExitStatus? {
    state.withLock { $0.received.map { .signal($0) } }
  }

  /// What an interruption does while nothing runs, and what is put right before the program is ended.
  func whileIdle(_ idle: @escaping @Sendable (Int32) -> Void, beforeExit: @escaping @Sendable () -> Void) {
    state.withLock {
      $0.idle = idle
      $0.beforeExit = beforeExit
    }
  }
}
