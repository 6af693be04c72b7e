import Dispatch
import NNEngine
import Synchronization

/// The interpreter, embedded: runs text, keeps the experiment from one run to the next, and tells what happens.
///
///     let session = Session()
///     let outcome = try await session.run("model < dense 8 relu; output > | fit iris.csv epochs=50 seed=1")
///     print(outcome.history.last?.loss ?? .nan, outcome.digest ?? "")
///
/// Runs of one session wait for one another; sessions are independent. Cancelling the task that runs a script ends its
/// fit at the next batch and keeps what was trained.
public final class Session: Sendable {
  private struct State {
    var interpreter = Interpreter()
    var options = RunOptions()
    var streams: [Int: AsyncStream<RunEvent>.Continuation] = [:]
    var nextStream = 0
  }

  private let state = Mutex(State())
  /// Runs block their thread, so they have one of their own.
  private let queue = DispatchQueue(label: "nn.session")

  /// - Parameter threads: worker threads of the engine; nil for the machine's cores. Results do not depend on it.
  public init(threads: Int? = nil) {
    state.withLock {
      $0.options.threads = threads
      $0.options.isWholeScript = false
    }
  }

  deinit {
    state.withLock { state in
      for stream in state.streams.values { stream.finish() }
    }
  }

  /// Tables in memory, read as `data table:NAME`.
  public var tables: [String: Table] {
    get { state.withLock { $0.options.tables } }
    set { state.withLock { $0.options.tables = newValue } }
  }

  /// Callbacks of the program's own, by the names that scripts use.
  ///
  ///     session.callbacks["log_to_db"] = EpochCallback { logs, fit in
  ///       database.insert(logs.epoch, logs["val_loss"])
  ///       return .proceed
  ///     }
  ///     try await session.run("fit iris.csv epochs=50 callbacks=[log_to_db]")
  ///
  /// A name that the language has already stands for what it has.
  public var callbacks: [String: any Callback] {
    get { state.withLock { $0.options.callbacks } }
    set { state.withLock { $0.options.callbacks = newValue } }
  }

  /// Losses of the program's own, by the names that scripts use: `compile loss=asymmetric`. They take number targets.
  ///
  /// A name that the language has already stands for what it has. A model that is trained with one cannot be saved.
  public var losses: [String: CustomLoss] {
    get { state.withLock { $0.options.losses } }
    set { state.withLock { $0.options.losses = newValue } }
  }

  /// Activations of the program's own, by the names that scripts use: `dense 8 swishy`, `activation swishy`.
  ///
  /// A name that the language has already stands for what it has. A model that has one cannot be saved.
  public var activations: [String: CustomActivation] {
    get { state.withLock { $0.options.activations } }
    set { state.withLock { $0.options.activations = newValue } }
  }

  /// Worker threads of the engine; nil for the machine's cores.
  public var threads: Int? {
    get { state.withLock { $0.options.threads } }
    set { state.withLock { $0.options.threads = newValue } }
  }

  /// What happens in the runs that start from now on. Each access is a stream of its own, which ends with the session.
  public var events: AsyncStream<RunEvent> {
    let (stream, continuation) = AsyncStream.makeStream(of: RunEvent.self)
    let id = state.withLock { state in
      state.nextStream += 1
      state.streams[state.nextStream] = continuation
      return state.nextStream
    }
    continuation.onTermination = { [weak self] _ in
      self?.state.withLock { _ = $0.streams.removeValue(forKey: id) }
    }
    return stream
  }

  /// Checks a script without running it.
  /// - Returns: every error and warning, in the source's order.
  public func check(_ script: String, name: String = "<script>") -> [Diagnostic] {
    let (interpreter, options) = state.withLock { ($0.interpreter, $0.options) }
    return interpreter.check(SourceFile(name: name, text: script), options: options).diagnostics
  }

  /// Checks a script and runs it.
  /// - Parameter settings: values for the script's `param`s.
  /// - Throws: a ``Diagnostic``, the first error; ``check(_:name:)`` gives all that a script has.
  ///   `CancellationError` if the task was cancelled.
  public func run(
    _ script: String, name: String = "<script>", settings: [String: String] = [:]
  ) async throws -> Outcome {
    let stop = StopSignal()
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        queue.async { continuation.resume(returning: self.runNow(script, name, settings, stop)) }
      }
    } onCancel: {
      stop.request()
    }
    if let error = result.diagnostics.first(where: { $0.severity == .error }) { throw error }
    if result.status == .interrupted { throw CancellationError() }
    return state.withLock { Outcome(experiment: $0.interpreter.experiment, threads: $0.options.threads) }
  }

  private func runNow(
    _ script: String, _ name: String, _ settings: [String: String], _ stop: StopSignal
  ) -> Interpreter.Result {
    var (interpreter, options) = state.withLock { ($0.interpreter, $0.options) }
    let streams = state.withLock { Array($0.streams.values) }
    options.settings = settings.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
    let result = interpreter.run(
      SourceFile(name: name, text: script), options: options, stop: stop,
      observer: StreamObserver(streams: streams))
    state.withLock { $0.interpreter = interpreter }
    return result
  }
}

/// Hands events to the session's streams.
private struct StreamObserver: RunObserver {
  let streams: [AsyncStream<RunEvent>.Continuation]

  func observe(_ event: RunEvent) {
    for stream in streams { stream.yield(event) }
  }
}
