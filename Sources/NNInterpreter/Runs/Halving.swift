import NNData
import NNDiagnostics
import NNEngine
import Synchronization

/// The turns of `halving=3` (synchronous successive halving, Jamieson and Talwalkar 2016): all runs train for a part of their
/// epochs, the best third for three times as many, and so on. A turn ends when all its runs have come as far, so that who goes
/// on depends on what they reached and never on when.
struct Rungs {
  let factor: Int
  /// Turns before the last.
  let count: Int
  let metric: String
  let isLess: Bool
  /// The epochs that each run's fit is given.
  let epochs: [Int]

  /// - Returns: nil without `halving`.
  init?(_ sweep: SweepStage) {
    guard let factor = sweep.bound.arguments.integer("halving") else { return nil }
    let members = sweep.members.members
    self.factor = factor
    epochs = members.map { $0.plan.fitStages.first?.bound.arguments.integer("epochs", or: 1) ?? 1 }
    let fewest = epochs.min() ?? 1
    var count = 0
    var power = factor
    while power <= members.count, power <= fewest {
      count += 1
      guard power <= Int.max / factor else { break }
      power *= factor
    }
    self.count = count
    let end = members.first?.end ?? Experiment()
    metric = SweepStage.halvingMetric(sweep.bound, end)
    isLess = end.model?.compile?.direction(of: metric) != .maximize
  }

  /// How many epochs of a run's fit are done at the end of a turn; all of them in the last.
  func epochs(of index: Int, through turn: Int) -> Int {
    var result = epochs[index]
    for _ in turn..<max(count, turn) { result = (result + factor - 1) / factor }
    return max(result, 1)
  }

  /// Who goes on: of equal ones those in front.
  func survivors(of alive: [Int], _ values: [Int: Double]) -> Set<Int> {
    let ranked = alive.sorted { one, other in
      let (a, b) = (values[one] ?? .nan, values[other] ?? .nan)
      if a.isFinite != b.isFinite { return a.isFinite }
      if a.isFinite, a != b { return isLess ? a < b : a > b }
      return one < other
    }
    return Set(ranked.prefix(max(1, (alive.count + factor - 1) / factor)))
  }

  /// A run's value when it had taken so many epochs, or where it ended before.
  func value(of history: History?, epochs: Int) -> Double {
    history?.last { $0.epoch <= epochs && $0[metric] != nil }?[metric] ?? .nan
  }
}

/// Lets a fit go on from where its last turn ended, up to the end of this one.
struct Rung: Sendable {
  let snapshot: FitSnapshot?
  let epochs: Int
  let taken: Taken

  /// What the gate has taken at the turn's end.
  final class Taken: Sendable {
    private let value = Mutex<FitSnapshot?>(nil)
    var snapshot: FitSnapshot? { value.withLock { $0 } }
    fileprivate func take(_ snapshot: FitSnapshot) { value.withLock { $0 = snapshot } }
  }

  /// - Parameter first: epochs before the fit.
  func gate(after first: Int) -> any Callback { Gate(last: first + epochs, taken: taken) }

  private struct Gate: Callback {
    let last: Int
    let taken: Taken
    let isLast = true

    mutating func epochEnded(_ logs: inout EpochRecord, _ fit: any FitUnderWay) -> CallbackAction {
      guard logs.epoch == last else { return .proceed }
      taken.take(fit.snapshot())
      return .stop
    }
  }
}

extension SweepStage {
  static func halvingMetric(_ bound: BoundStage, _ end: Experiment) -> String {
    bound.arguments.text("by") ?? (end.metrics.contains { $0.name == "val_loss" } ? "val_loss" : "loss")
  }

  func checkHalving(_ experiment: Experiment, _ context: CheckContext) {
    let arguments = bound.arguments
    guard arguments.isGiven("halving") else {
      if arguments.isGiven("by") {
        context.report(
          RunsProblem.halvingBody("there is none for `by` to serve"), at: arguments.span("by"))
      }
      return
    }
    for member in members.members {
      if member.isNested || member.plan.fitStages.count != 1 {
        context.report(
          RunsProblem.halvingBody(
            member.isNested
              ? "this body has runs of its own"
              : "this body has \(counted(member.plan.fitStages.count, "fit"))"),
          at: arguments.span("halving"))
        return
      }
    }
    guard let end = members.members.first?.end, !end.isUncertain else { return }
    let metric = SweepStage.halvingMetric(bound, end)
    let names = end.metrics.map(\.name).filter { !$0.hasPrefix("test_") }
    if !names.contains(metric) {
      context.report(
        RunsProblem.notMeasured(
          metric, known: names, suggestion: end.model?.compile.suggestion(for: metric, among: names)),
        at: arguments.span("by") ?? bound.nameSpan)
    } else if end.model?.compile?.direction(of: metric) == nil, metric != "loss", metric != "val_loss" {
      context.report(RunsProblem.noDirection(metric), at: arguments.span("by") ?? bound.nameSpan)
    }
  }
}

extension ManyRuns {
  /// What is known of a run between its turns.
  private struct UnderWay: Sendable {
    var start: Experiment
    var signal: StopSignal
    var observer: TurnsObserver?
    var snapshot: FitSnapshot?
    var experiment: Experiment?
    var failure: Diagnostic?
    var seconds = 0.0
    /// Its fit has ended by itself.
    var isComplete = false
    /// What was kept of it by an earlier sweep.
    var known: Runs.Run?

    var history: History? { experiment?.history ?? known?.history }
  }

  func runByHalving(_ rungs: Rungs) {
    let count = members.members.count
    let board = Mutex<[Int: UnderWay]>([:])
    for index in 0..<count {
      guard let signal = begin(index) else { return }
      let start = experiment(of: members.members[index])
      var run = UnderWay(start: start, signal: signal)
      run.observer = events.map { TurnsObserver($0.observer(of: index)) }
      run.known = store?.known(
        members.members[index], from: start, seed: seed(of: members.members[index]), halved: true)
      run.isComplete = run.known.map { $0.status != .halved } ?? false
      board.withLock { $0[index] = run }
    }
    var alive = Array(0..<count)
    for turn in 0...rungs.count {
      let current = alive.filter(isOwn)
      pool.run(count: current.count, isAlone: false) { place, threads in
        let index = current[place]
        guard var run = board.withLock({ $0[index] }) else { return }
        let epochs = rungs.epochs(of: index, through: turn)
        self.take(&run, index, epochs: turn == rungs.count ? .max : epochs, threads: threads)
        board.withLock { [run] in $0[index] = run }
      }
      if let ranks = context.options.ranks {
        board.withLock { [alive] in shareTurn(&$0, alive, ranks) }
      }
      if context.stop.isRequested || hasFailed { break }
      if turn == rungs.count { break }
      let runs = board.withLock { $0 }
      var values: [Int: Double] = [:]
      for index in alive {
        values[index] = rungs.value(of: runs[index]?.history, epochs: rungs.epochs(of: index, through: turn))
      }
      let survivors = rungs.survivors(of: alive, values)
      for index in alive where !survivors.contains(index) {
        if let run = runs[index] { close(run, index, isHalved: !run.isComplete) }
        board.withLock { $0[index] = nil }
      }
      alive.removeAll { !survivors.contains($0) }
    }
    let runs = board.withLock { $0 }
    for index in alive {
      if let run = runs[index] { close(run, index, isHalved: false) }
    }
  }

  /// Whether this rank makes a run, and goes on with it turn after turn.
  private func isOwn(_ index: Int) -> Bool {
    context.options.ranks.map { index % $0.count == $0.rank } ?? true
  }

  /// Makes known to all ranks how far each run has come.
  private func shareTurn(_ board: inout [Int: UnderWay], _ alive: [Int], _ ranks: any Ranks) {
    let own = alive.filter(isOwn).compactMap { index -> JSONValue? in
      guard let run = board[index] else { return nil }
      let row =
        run.known
        ?? run.experiment.map { self.row(index, $0, isDiverged: run.failure != nil, run.seconds) }
      return .object([
        "run": .integer(index), "row": row?.kept, "complete": .bool(run.isComplete),
        "failed": failedMember == index ? .bool(true) : nil,
      ])
    }
    var failed: [Int] = []
    for bytes in ranks.gather(Array(JSONValue.array(own).text().utf8)) {
      for json in (try? JSONValue(parsing: String(decoding: bytes, as: UTF8.self)).array) ?? [] {
        guard let index = json["run"]?.int, !isOwn(index) else { continue }
        board[index]?.known = json["row"].flatMap { Runs.Run(kept: $0) }
        board[index]?.isComplete = json["complete"]?.bool ?? false
        if json["failed"]?.bool == true { failed.append(index) }
      }
    }
    if let first = failed.min(), first < failedMember ?? .max { make(first, threads: pool.threads) }
  }

  /// Brings a run to the end of a turn.
  private func take(_ run: inout UnderWay, _ index: Int, epochs: Int, threads: Int) {
    if run.isComplete || context.stop.isRequested { return }
    if let known = run.known, run.experiment == nil {
      if let last = known.history?.last?.epoch, last >= epochs { return }
      // It was given up then, and goes on now.
      run.known = nil
    }
    run.observer?.beginTurn()
    let rung = Rung(snapshot: run.snapshot, epochs: epochs, taken: Rung.Taken())
    let (experiment, failure, seconds) = execute(
      index, from: run.start, threads: threads, run.signal, observer: run.observer, rung: rung)
    run.experiment = experiment
    run.failure = failure
    run.seconds += seconds
    run.snapshot = rung.taken.snapshot
    run.isComplete = run.snapshot == nil
    if let failure, failure.code != "E1003" { finish(index, experiment, failure, seconds, start: run.start) }
  }

  private func close(_ run: UnderWay, _ index: Int, isHalved: Bool) {
    run.observer?.endTurns()
    if var known = run.known, run.experiment == nil {
      if isHalved { known.status = .halved }
      adopt(index, known)
    } else if let experiment = run.experiment {
      finish(
        index, experiment, run.failure, run.seconds, start: run.start, status: isHalved ? .halved : nil)
    }
    events?.end(index)
  }
}

/// Of a run that is made in turns tells its beginning once, its epochs as they come, and what else there is of its last turn.
private final class TurnsObserver: RunObserver {
  private struct State {
    var hasBegun = false
    var waiting: [RunEvent] = []
  }

  private let state = Mutex(State())
  private let observer: any RunObserver

  init(_ observer: any RunObserver) { self.observer = observer }

  func beginTurn() { state.withLock { $0.waiting = [] } }

  func endTurns() {
    for event in state.withLock({ $0.waiting }) { observer.observe(event) }
  }

  func observe(_ event: RunEvent) {
    let tells = state.withLock { state in
      switch event {
      case .fitStarted:
        defer { state.hasBegun = true }
        return !state.hasBegun
      case .epoch, .step, .learningRate, .warning, .data: return true
      default:
        state.waiting.append(event)
        return false
      }
    }
    if tells { observer.observe(event) }
  }
}
