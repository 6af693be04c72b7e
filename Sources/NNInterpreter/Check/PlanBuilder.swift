import NNDiagnostics

/// Divides the stages that the checker passes into tasks.
struct PlanBuilder {
  /// Where a flow has got to.
  struct Cursor {
    var start: Plan.Start
    let isOfScript: Bool
    /// The `let` name that it is bound to.
    let name: String?
  }

  private(set) var plan = Plan()
  /// Keeps the experiment behind every step, so that the plan can be shown.
  private let keepsExperiments: Bool
  private var files: [StageFiles] = []
  /// Of each task, how many of the first tasks it has to wait for by way of what it needs: those need not be named again.
  private var covered: [Int] = []
  /// Tasks that a name stands for the end of: what follows is another task.
  private var sealed: Set<Int> = []
  private var fits = 0
  private var ends: [ObjectIdentifier: Plan.Start] = [:]

  init(keepsExperiments: Bool) { self.keepsExperiments = keepsExperiments }

  /// - Parameter after: the experiment behind the step.
  mutating func append(_ step: Plan.Step, after: Experiment, to cursor: inout Cursor) {
    let touched = step.stage.files
    let index = task(for: touched, cursor)
    // Reads and writes of one path keep the source's order.
    var earlier = index - 1
    while earlier >= covered[index] {
      if files[earlier].conflicts(with: touched) { need(earlier, at: index) }
      earlier -= 1
    }
    files[index].add(touched)
    fits += step.stage.fits
    var step = step
    if keepsExperiments { step.keep(after) }
    plan.tasks[index].steps.append(step)
    cursor.start = .task(index)
  }

  /// The task that a flow's next stage belongs to.
  private mutating func task(for touched: StageFiles, _ cursor: Cursor) -> Int {
    if case .task(let last) = cursor.start, last == plan.tasks.count - 1, !sealed.contains(last),
      plan.tasks[last].isOfScript == cursor.isOfScript, plan.tasks[last].waitsForAll == touched.isResult
    {
      return last
    }
    let index = plan.tasks.count
    let before = cursor.isOfScript ? plan.tasks.lastIndex(where: \.isOfScript) : nil
    plan.tasks.append(
      Plan.Task(
        start: cursor.start, isOfScript: cursor.isOfScript, name: cursor.name, waitsForAll: touched.isResult,
        fitsBefore: fits))
    files.append(StageFiles())
    covered.append(0)
    if case .task(let start) = cursor.start { need(start, at: index) }
    // The script's own statements come one after another, wherever each starts from.
    if let before { need(before, at: index) }
    var earlier = touched.isResult ? index - 1 : -1
    while earlier >= covered[index] {
      need(earlier, at: index)
      earlier -= 1
    }
    return index
  }

  /// A task has to wait for another, and so for all that the other waits for.
  private mutating func need(_ earlier: Int, at index: Int) {
    guard plan.tasks[index].needs.insert(earlier).inserted else { return }
    let behind = covered[earlier] == earlier ? earlier + 1 : covered[earlier]
    covered[index] = max(covered[index], behind)
  }

  /// The task behind which a flow's experiment is there; nil if it is there already.
  func task(behind future: FlowFuture) -> Int? {
    if case .task(let index)? = ends[ObjectIdentifier(future)] { return index }
    return nil
  }

  /// The task at the cursor needs the ends of flows that names are bound to.
  mutating func need(_ futures: [FlowFuture], at cursor: Cursor) {
    guard case .task(let index) = cursor.start else { return }
    for earlier in futures.compactMap({ task(behind: $0) }) where earlier < index { need(earlier, at: index) }
  }

  /// Goes on from a flow that a name is bound to.
  func start(from future: FlowFuture, _ cursor: inout Cursor) {
    cursor.start = ends[ObjectIdentifier(future)] ?? .kept(future)
  }

  /// The flow at the cursor is bound to a name.
  mutating func bind(_ future: FlowFuture, at cursor: Cursor) {
    ends[ObjectIdentifier(future)] = cursor.start
    plan.futures.append((future, cursor.start))
    if case .task(let last) = cursor.start { sealed.insert(last) }
  }

  mutating func name(_ apply: @escaping @Sendable (inout Scope) -> Void) {
    plan.namings.append(Plan.Naming(tasksBefore: plan.tasks.count, apply: apply))
  }

  /// The plan, with the script's own flow at the cursor.
  func finished(at cursor: Cursor) -> Plan {
    var plan = plan
    plan.end = cursor.start
    return plan
  }
}
