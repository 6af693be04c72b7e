import NNDiagnostics
import NNEngine
import Synchronization

/// Where among many runs something runs: what its stages need to know of it.
struct RunPlace: Sendable {
  /// The seed of `seeds`, which a fit without its own takes.
  var ownSeed: UInt64?
  /// The seed that fits without one share.
  var drawnSeed: UInt64
  /// It is the first, which says what would be said of all.
  var isFirst: Bool
  let pool: RunPool
  /// Tells of progress, past the order of the runs.
  var board: RunBoard
  /// Keeps what has ended.
  var store: RunStore?
  /// It is a part of a run that is one row in the end.
  var isWithin: Bool
  /// What tells it from the others, outermost first.
  var settings: [Runs.Setting] = []
  /// Rows of runs in front of it.
  var rowsBefore: Int
  /// The rows of a stage in it are rows of the leaderboard.
  var isCounted: Bool
  /// How far `halving` lets its fit go.
  var rung: Rung?
}

/// What went wrong in one of many runs, told as it would be without the others.
struct FailedRun: Error {
  var diagnostic: Diagnostic
}

/// How far many runs have come, for those who watch.
public struct RunsProgress: Sendable {
  public var done: Int
  public var total: Int
  /// The metric that runs are ranked by.
  public var metric: String?
  /// The best so far, best first.
  public var best: [(settings: [Runs.Setting], value: Double)]
  public var seconds: Double
  /// Once known.
  public var secondsLeft: Double?
}

/// Counts what has ended, and tells of it each time; how often that is shown is for those who watch.
final class RunBoard: Sendable {
  private struct State {
    var done = 0
    /// Runs that were there already, which took no time.
    var found = 0
    var best: [(settings: [Runs.Setting], value: Double)] = []
    var metric: String?
  }

  private let total: Int
  private let started = monotonicSeconds()
  private let state = Mutex(State())
  private let observer: (any RunObserver)?

  init(total: Int, observer: (any RunObserver)?) {
    self.total = total
    self.observer = observer
  }

  /// Says that there are so many to come.
  func begin() {
    observer?.observe(
      .runsProgress(RunsProgress(done: 0, total: total, metric: nil, best: [], seconds: 0, secondsLeft: nil)))
  }

  func ended(_ run: Runs.Run, metric: String?, isLess: Bool, wasThere: Bool) {
    let progress = state.withLock { state in
      state.done += 1
      if wasThere { state.found += 1 }
      state.metric = metric
      if let metric, let value = run.metric(metric), value.isFinite {
        let place = state.best.firstIndex { isLess ? value < $0.value : value > $0.value }
        state.best.insert((run.settings, value), at: place ?? state.best.count)
        if state.best.count > 5 { state.best.removeLast() }
      }
      let seconds = monotonicSeconds() - started
      let made = state.done - state.found
      return RunsProgress(
        done: state.done, total: total, metric: metric, best: state.best, seconds: seconds,
        secondsLeft: made > 0 ? seconds / Double(made) * Double(max(total - state.done, 0)) : nil)
    }
    observer?.observe(.runsProgress(progress))
  }
}

/// Hands on what one of many runs tells, one event at a time, with its number; what every run would say is said once.
final class RunsObserver: RunObserver {
  private struct State {
    var warnings: Set<String> = []
    var tables: Set<String> = []
  }

  private let state = Mutex(State())
  /// Held while something is told.
  private let telling = Mutex<Void>(())
  private let observer: any RunObserver

  init(_ observer: any RunObserver) { self.observer = observer }

  func observe(_ event: RunEvent) {
    let isNew = state.withLock { state in
      switch event {
      case .warning(let diagnostic):
        let place = diagnostic.span.map { "\($0.start) \($0.end)" } ?? diagnostic.message
        return state.warnings.insert("\(diagnostic.code) \(place)").inserted
      case .data(let data):
        let columns = data.columns.map { "\($0.name) \($0.role)" }.joined(separator: " ")
        return state.tables.insert("\(data.path) \(data.rows) \(columns)").inserted
      default: return true
      }
    }
    if isNew { telling.withLock { _ in observer.observe(event) } }
  }
}

/// Gives events the number of their run.
struct NumberedObserver: RunObserver {
  let observer: any RunObserver
  let run: Int

  func observe(_ event: RunEvent) {
    switch event {
    case .fitStarted(var fit):
      fit.run = fit.run ?? run
      observer.observe(.fitStarted(fit))
    case .step(var step):
      step.run = step.run ?? run
      observer.observe(.step(step))
    case .epoch(var epoch):
      epoch.run = epoch.run ?? run
      observer.observe(.epoch(epoch))
    case .learningRate(var change):
      change.run = change.run ?? run
      observer.observe(.learningRate(change))
    case .checkpoint(var checkpoint):
      checkpoint.run = checkpoint.run ?? run
      observer.observe(.checkpoint(checkpoint))
    case .fitStopped(var stop):
      stop.run = stop.run ?? run
      observer.observe(.fitStopped(stop))
    case .evaluated(var evaluated):
      evaluated.run = evaluated.run ?? run
      observer.observe(.evaluated(evaluated))
    default: observer.observe(event)
    }
  }
}
