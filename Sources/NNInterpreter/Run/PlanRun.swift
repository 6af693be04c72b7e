import Dispatch
import NNDiagnostics
import NNEngine
import Synchronization

/// Runs a plan: as many of its tasks side by side as there are threads, each as soon as what it needs is there, those in front
/// first. What comes of it, and what is told, is that of running one after another; only the time differs.
///
/// If a task fails, those in front of it still come to their end, for one of them may be the first mistake; those behind it are
/// stopped and not heard.
final class PlanRun: Sendable {
  private struct State {
    /// Of tasks that have ended, those that something may still want.
    var experiments: [Int: Experiment] = [:]
    /// How much may still want each task's experiment.
    var wanted: [Int]
    /// Tasks that still need others, and how many.
    var open: [Int: Set<Int>] = [:]
    var ready: [Int] = []
    var running: [Int: StopSignal] = [:]
    /// The foremost thing that went wrong.
    var failure: (task: Int, diagnostic: Diagnostic)?
    /// What a task left that went wrong.
    var partial: Experiment?
    var postponed: (task: Int, diagnostic: Diagnostic)?
    var fitCount: Int
    /// Threads that have ended a task and not yet told of it.
    var telling = 0
  }

  private let plan: Plan
  private let start: Experiment
  private let sources: SourceMap
  private let options: RunOptions
  private let tables: TableStore
  private let stop: StopSignal
  private let events: OrderedEvents?
  private let fitCount: Int
  /// Warnings of the check, which are not said again.
  private let told: [Diagnostic]
  /// Threads, for tasks and the engine together.
  private let threads: Int
  private let state: Mutex<State>
  private let ended = DispatchSemaphore(value: 0)
  /// Held while what waited is told, so that the run ends behind it.
  private let telling = Mutex<Void>(())
  /// Tasks that need each task.
  private let dependants: [[Int]]
  /// The script's own task in front of each task: its experiment is what is left if the task fails.
  private let lastOfScript: [Int?]
  /// The flows that end with a task.
  private let futures: [Int: [FlowFuture]]

  init(
    _ plan: Plan, from start: Experiment, sources: SourceMap, options: RunOptions, tables: TableStore,
    stop: StopSignal, observer: (any RunObserver)?, fitCount: Int, told: [Diagnostic] = []
  ) {
    self.plan = plan
    self.start = start
    self.sources = sources
    self.options = options
    self.tables = tables
    self.stop = stop
    events = observer.map { OrderedEvents($0) }
    self.fitCount = fitCount
    self.told = told
    threads = max(1, min(options.threads ?? machineThreads, machineThreads))
    var dependants = [[Int]](repeating: [], count: plan.tasks.count)
    var state = State(wanted: [Int](repeating: 0, count: plan.tasks.count), fitCount: fitCount)
    var lastOfScript: [Int?] = []
    var last: Int?
    for (index, task) in plan.tasks.enumerated() {
      if task.needs.isEmpty { state.ready.append(index) } else { state.open[index] = task.needs }
      for need in task.needs { dependants[need].append(index) }
      if case .task(let start) = task.start { state.wanted[start] += 1 }
      if let last { state.wanted[last] += 1 }
      lastOfScript.append(last)
      if task.isOfScript { last = index }
    }
    if case .task(let end) = plan.end { state.wanted[end] += 1 }
    self.dependants = dependants
    self.lastOfScript = lastOfScript
    var futures: [Int: [FlowFuture]] = [:]
    for case (let future, .task(let end)) in plan.futures { futures[end, default: []].append(future) }
    self.futures = futures
    self.state = Mutex(state)
  }

  /// What a run leaves.
  struct Result {
    /// The script's own experiment.
    var experiment: Experiment
    var failure: Diagnostic?
    /// Tasks that count as run: all, or those in front of the one that failed.
    var tasksDone: Int
    var fitCount: Int
  }

  /// Runs everything, on this thread and, where that pays, on others; returns when all is done.
  func run() -> Result {
    for (future, end) in plan.futures {
      if case .task = end { continue }
      future.fulfil(state.withLock { experiment(at: end, $0) })
    }
    if let first = state.withLock({ begin(&$0).first }) {
      work(first)
      ended.wait()
    }
    return result()
  }

  // MARK: Tasks

  /// Takes ready tasks for as many threads as are free, and starts all but the first of them.
  private func begin(_ state: inout State) -> [(task: Int, threads: Int)] {
    var taken: [Int] = []
    while state.running.count < threads, !state.ready.isEmpty {
      let task = state.ready.removeFirst()
      state.running[task] = StopSignal(within: stop)
      taken.append(task)
    }
    // Those that run share the threads, so that they are never more than there are.
    let share = max(1, threads / max(state.running.count, 1))
    let begun = taken.map { (task: $0, threads: share) }
    for other in begun.dropFirst() {
      DispatchQueue.global(qos: .userInitiated).async { self.work(other) }
    }
    return begun
  }

  /// Runs a task, and then others, until none is left for this thread.
  private func work(_ first: (task: Int, threads: Int)) {
    var next: (task: Int, threads: Int)? = first
    while let (task, threads) = next {
      let outcome = run(task, threads: threads)
      let begun = state.withLock { state in
        state.running[task] = nil
        finish(task, outcome, &state)
        state.telling += 1
        return begin(&state).first
      }
      telling.withLock { _ in events?.end(task) }
      // Another thread may still have to tell of the task before.
      let isLast = state.withLock { state in
        state.telling -= 1
        return state.running.isEmpty && state.telling == 0
      }
      if isLast { ended.signal() }
      next = begun
    }
  }

  private func run(_ index: Int, threads: Int) -> TaskOutcome {
    let task = plan.tasks[index]
    let (start, signal, isEnding) = state.withLock { state in
      (
        experiment(at: task.start, state), state.running[index] ?? stop,
        (state.postponed?.task ?? index) < index
      )
    }
    var options = options
    options.threads = threads
    let context = RunContext(
      sources: sources, options: options, tables: tables, stop: signal, observer: events?.observer(of: index),
      fitCount: fitCount + task.fitsBefore, told: told)
    return task.run(on: start, context, isEnding: isEnding, isSavedLater: isSaved(behind: index))
  }

  /// Whether a task behind this one saves the model of the flow that they share.
  private func isSaved(behind index: Int) -> Bool {
    guard options.rescuesModels else { return false }
    var flow: Set<Int> = [index]
    for later in plan.tasks.indices.dropFirst(index + 1) {
      guard case .task(let start) = plan.tasks[later].start, flow.contains(start) else { continue }
      if plan.tasks[later].steps.contains(where: { $0.stage is SaveStage }) { return true }
      flow.insert(later)
    }
    return false
  }

  private func experiment(at start: Plan.Start, _ state: State) -> Experiment {
    switch start {
    case .given: self.start
    case .task(let index): state.experiments[index] ?? self.start
    case .kept(let future): future.experiment
    }
  }

  // MARK: Ends

  private func finish(_ task: Int, _ outcome: TaskOutcome, _ state: inout State) {
    switch outcome.ending {
    case .failed(let diagnostic):
      guard task < state.failure?.task ?? Int.max else { return }
      state.failure = (task, diagnostic)
      state.partial = outcome.experiment
      state.fitCount = max(state.fitCount, outcome.fitCount)
      state.ready.removeAll { $0 > task }
      state.open = state.open.filter { $0.key < task }
      events?.mute(task + 1..<plan.tasks.count)
      for (other, signal) in state.running where other > task { signal.request() }
      return
    case .postponed(let diagnostic) where task < state.postponed?.task ?? Int.max:
      state.postponed = (task, diagnostic)
      events?.mute(state.running.keys.filter { $0 > task })
      for (other, signal) in state.running where other > task { signal.request() }
    case .postponed, .done: break
    }
    guard task < state.failure?.task ?? Int.max else { return }
    if state.wanted[task] > 0 { state.experiments[task] = outcome.experiment }
    if case .task(let start) = plan.tasks[task].start { release(start, &state) }
    if let last = lastOfScript[task] { release(last, &state) }
    // Stages with bodies, and those that compare, look at what names stand for.
    for future in futures[task] ?? [] { future.fulfil(outcome.experiment) }
    state.fitCount = max(state.fitCount, outcome.fitCount)
    for dependant in dependants[task] {
      state.open[dependant]?.remove(task)
      if state.open[dependant]?.isEmpty == true {
        state.open[dependant] = nil
        let place = state.ready.firstIndex { $0 > dependant } ?? state.ready.count
        state.ready.insert(dependant, at: place)
      }
    }
  }

  /// One thing less wants a task's experiment; when nothing does, its weights are let go.
  private func release(_ task: Int, _ state: inout State) {
    state.wanted[task] -= 1
    if state.wanted[task] == 0 { state.experiments[task] = nil }
  }

  private func result() -> Result {
    state.withLock { state in
      let failed = state.failure?.task ?? plan.tasks.count
      var experiment = experiment(at: plan.end, state)
      if state.failure != nil {
        experiment = lastOfScript[failed].flatMap { state.experiments[$0] } ?? start
        if plan.tasks[failed].isOfScript, let partial = state.partial { experiment = partial }
      }
      let failure = [state.failure, state.postponed].compactMap { $0 }.min { $0.task < $1.task }
      return Result(
        experiment: experiment, failure: failure?.diagnostic, tasksDone: failed, fitCount: state.fitCount)
    }
  }
}
