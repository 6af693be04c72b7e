import NNData
import NNDiagnostics
import NNEngine
import Synchronization

extension ManyRunsStage {
  var members: RunMembers {
    bound.members ?? RunMembers(members: [], repetitions: [], bodySpan: bound.span, drawnSeed: 0)
  }
  var fits: Int { members.fits }

  var files: StageFiles {
    var files = members.files
    if let folder = bound.arguments.text("save") { files.add(StageFiles(writes: [.folder(folder)])) }
    return files
  }

  func run(_ experiment: inout Experiment, _ context: RunContext) throws {
    let many = try ManyRuns(self, from: experiment, context)
    experiment.lineage = many.start.lineage
    var runs = try many.run()
    context.fitCount += members.fits
    if context.run == nil, !context.stop.isRequested {
      runs.baselines = RunsBaselines(runs: runs, context: context).measured()
    }
    experiment.runs = runs
    if runs.rows.contains(where: { $0.history != nil }) { experiment.data?.isAnnounced = true }
    if context.run == nil, !runs.rows.isEmpty { context.tell(.runs(runs)) }
  }
}

/// The runs of one stage, under way.
final class ManyRuns: Sendable {
  /// What a member left.
  struct Ending: Sendable {
    /// Its own row, or those of a nested stage.
    var rows: [Runs.Run]
    var inner: Runs?
    /// nil for what the checker knows.
    var measures: Runs.Measures?
  }

  /// What the runs take over from where their stage stands.
  struct Surroundings: Sendable {
    let sources: SourceMap
    let options: RunOptions
    let tables: TableStore
    let stop: StopSignal
    let fitCount: Int
    let told: [Diagnostic]
    var run: RunPlace?

    init(_ context: RunContext) {
      sources = context.sources
      options = context.options
      tables = context.tables
      stop = context.stop
      fitCount = context.fitCount
      told = context.told
      run = context.run
    }

    /// The same where nobody is told of anything.
    var silent: Surroundings {
      var copy = self
      copy.run?.board = RunBoard(total: 0, observer: nil)
      return copy
    }
  }

  struct State {
    var endings: [Int: Ending] = [:]
    var signals: [Int: StopSignal] = [:]
    var failure: (member: Int, diagnostic: Diagnostic)?
    /// Of weights that are kept.
    var bytes = 0
  }

  /// What an experiment takes beside its weights and its optimizer's state, about.
  static let leastBytes = 16 << 10
  /// Multiplications of a step's forward pass from which a fit gets all the threads, and others wait: two such steps side by
  /// side would only take the caches from each other, and twice the memory.
  private static let largeStep = 1 << 28

  let stage: any ManyRunsStage
  let members: RunMembers
  let start: Experiment
  let context: Surroundings
  let folds: FoldedRows?
  let pool: RunPool
  let board: RunBoard
  let store: RunStore?
  let events: OrderedEvents?
  let state = Mutex(State())
  /// Makes runs again for the rows. They must not hold this object: it holds rows, and an observer, who may keep rows too.
  let remaker: ManyRuns?

  init(_ stage: any ManyRunsStage, from experiment: Experiment, _ context: RunContext) throws {
    self.stage = stage
    self.context = Surroundings(context)
    var members = stage.members
    var start = experiment
    start.runs = nil
    folds =
      stage is FoldsStage
      ? try placed(at: stage.bound.nameSpan) { () throws(Found) in
        try FoldsStage.rows(stage.bound, experiment)
      } : nil
    if let outer = context.run {
      pool = outer.pool
      board = outer.board
      events = context.observer.map { OrderedEvents($0) }
    } else {
      let observer = context.observer.map { RunsObserver($0) }
      pool = RunPool(
        threads: context.options.runThreads
          ?? max(1, min(context.options.threads ?? machineThreads, machineThreads)))
      board = RunBoard(total: stage.members.rowCount, observer: observer)
      events = observer.map { OrderedEvents($0) }
    }
    let replay = context.options.replay
    if let folder = stage.bound.arguments.text("save"), replay == nil {
      // Its folder is cleared of what a kill has left before any rank writes there.
      store = try context.options.ranks.inTurn {
        try placed(at: stage.bound.arguments.span("save")) { () throws(Found) in
          try RunStore(
            folder: expandingTilde(folder), keepsWeights: stage.bound.arguments.boolean("weights"), start)
        }
      }
    } else {
      store = context.run?.store
    }
    if let store, context.run == nil {
      // What was drawn before it was ended from outside.
      members.drawnSeed = try placed(at: stage.bound.arguments.span("save")) { () throws(Found) in
        try store.drawnSeed(members.drawnSeed)
      }
    }
    members.drawnSeed = context.options.ranks.map { $0.fromFirst(members.drawnSeed) } ?? members.drawnSeed
    members.drawnSeed = replay?.seal.draws[stage.bound.nameSpan.start] ?? members.drawnSeed
    start.lineage.draws[stage.bound.nameSpan.start] = members.drawnSeed
    self.start = start
    self.members = members
    remaker = ManyRuns(
      remaking: stage, members, from: start, self.context.silent, folds: folds, pool: pool, store: store)
  }

  private init(
    remaking stage: any ManyRunsStage, _ members: RunMembers, from start: Experiment, _ context: Surroundings,
    folds: FoldedRows?, pool: RunPool, store: RunStore?
  ) {
    self.stage = stage
    self.members = members
    self.start = start
    self.context = context
    self.folds = folds
    self.pool = pool
    self.store = store
    board = RunBoard(total: 0, observer: nil)
    events = nil
    remaker = nil
  }

  // MARK: All of them

  func run() throws -> Runs {
    if context.run == nil { board.begin() }
    if let sweep = stage as? SweepStage, let rungs = Rungs(sweep) {
      if context.options.ranks == nil {
        runByHalving(rungs)
      } else {
        context.tables.whileApart { runByHalving(rungs) }
      }
    } else if let ranks = context.options.ranks, !hasNested {
      let size = groupSize(ranks)
      if size > 1 { runDealt(to: RankGroup(ranks, of: size), ranks) } else { runDealt(ranks) }
    } else {
      // Ranks meet within nested runs.
      pool.run(count: members.members.count, isAlone: isLarge || context.options.ranks != nil) {
        index, threads in
        self.make(index, threads: threads)
        self.events?.end(index)
      }
    }
    if let failure = state.withLock({ $0.failure }) { throw FailedRun(diagnostic: failure.diagnostic) }
    return collected()
  }

  private func collected() -> Runs {
    var runs = Runs(
      rows: [], settingNames: [], repetitions: members.repetitions, metricNames: [], directions: [:],
      stages: [type(of: stage).declaration.name])
    let endings = state.withLock { $0.endings }
    for (index, member) in members.members.enumerated() {
      guard let ending = endings[index] else { continue }
      for var row in ending.rows {
        if member.isNested {
          row.settings = member.settings + row.settings
          row.script = member.script.head + row.script + member.script.tail
        }
        runs.append(row, inner: ending.inner)
      }
      if let measures = ending.measures ?? (ending.rows.isEmpty ? nil : Runs.Measures(member.end)) {
        runs.learn(from: measures)
      }
    }
    return runs
  }

  private var hasNested: Bool { members.members.contains { $0.isNested } }

  /// One fit fills all the cores.
  var isLarge: Bool {
    members.members.first.map { $0.largestStep >= ManyRuns.largeStep } ?? false
  }

  var hasFailed: Bool { state.withLock { $0.failure != nil } }

  /// The foremost member that failed here.
  var failedMember: Int? { state.withLock { $0.failure?.member } }

  /// A member's own row, if it has ended.
  func endedRow(_ index: Int) -> Runs.Run? { state.withLock { $0.endings[index]?.rows.first } }

  // MARK: One of them

  /// Makes a run, or takes what was kept of it.
  func make(_ index: Int, threads: Int) {
    guard let signal = begin(index) else { return }
    let member = members.members[index]
    let inside = experiment(of: member)
    if !member.isNested, let store, let known = store.known(member, from: inside, seed: seed(of: member)) {
      return adopt(index, known)
    }
    let (experiment, failure, seconds) = execute(
      index, from: inside, threads: threads, signal, observer: events?.observer(of: index))
    finish(index, experiment, failure, seconds, start: inside)
  }

  /// - Returns: nil where it is not to be made any more.
  func begin(_ index: Int) -> StopSignal? {
    state.withLock { state in
      if context.stop.isRequested || (state.failure?.member ?? .max) < index { return nil }
      let signal = StopSignal(within: context.stop)
      state.signals[index] = signal
      return signal
    }
  }

  func experiment(of member: RunMember) -> Experiment {
    var inside = start
    if let fold = member.fold { folds?.apply(fold, to: &inside) }
    return inside
  }

  /// The seed of fits without one; nil if it is drawn.
  func seed(of member: RunMember) -> UInt64? { member.seed ?? context.run?.ownSeed }

  /// Runs a member's body.
  /// - Parameter ranks: those that make it together; nil for this one alone. Nested runs see to it themselves.
  func execute(
    _ index: Int, from inside: Experiment, threads: Int, _ signal: StopSignal, observer: (any RunObserver)?,
    rung: Rung? = nil, by ranks: (any Ranks)? = nil
  ) -> (experiment: Experiment, failure: Diagnostic?, seconds: Double) {
    let member = members.members[index]
    let place = self.place(of: member, isFirst: index == 0, rung: rung)
    var options = context.options
    options.threads = threads
    if !member.isNested { options.ranks = ranks }
    let own = RunContext(
      sources: context.sources, options: options, tables: context.tables, stop: signal,
      observer: member.isNested || place.isWithin
        ? observer
        : observer.map {
          NumberedObserver(observer: $0, run: (context.run?.rowsBefore ?? 0) + member.rowsBefore + 1)
        },
      fitCount: context.fitCount + member.fitsBefore, told: context.told, run: place)
    let started = monotonicSeconds()
    let (experiment, failure) = member.plan.runInOrder(from: inside, own)
    return (experiment, failure, monotonicSeconds() - started)
  }

  func place(of member: RunMember, isFirst: Bool, rung: Rung?) -> RunPlace {
    let outer = context.run
    return RunPlace(
      ownSeed: seed(of: member), drawnSeed: outer?.drawnSeed ?? members.drawnSeed,
      isFirst: (outer?.isFirst ?? true) && (isFirst || stage is FoldsStage), pool: pool, board: board,
      store: store, isWithin: !(outer?.isCounted ?? true),
      settings: (outer?.settings ?? []) + member.settings,
      rowsBefore: (outer?.rowsBefore ?? 0) + member.rowsBefore,
      isCounted: member.isNested && (outer?.isCounted ?? true), rung: rung)
  }
}
