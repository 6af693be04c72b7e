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
  /// Tasks that a name stands for the end of: what follows is another task.
  private var sealed: Set<Int> = []
  private var fits = 0
  private var ends: [ObjectIdentifier: Plan.Start] = [:]

  init(keepsExperiments: Bool) { self.keepsExperiments = keepsExperiments }

  mutating func append(_ step: Plan.Step, to cursor: inout Cursor) {
    let touched = step.stage.files
    let index = task(for: touched, cursor)
    // Reads and writes of one path keep the source's order.
    for earlier in 0..<index where files[earlier].conflicts(with: touched) {
      plan.tasks[index].needs.insert(earlier)
    }
    files[index].add(touched)
    fits += step.stage.fits
    var step = step
    if !keepsExperiments { step.after = nil }
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
    var task = Plan.Task(
      start: cursor.start, isOfScript: cursor.isOfScript, name: cursor.name, waitsForAll: touched.isResult,
      fitsBefore: fits)
    if case .task(let before) = cursor.start { task.needs.insert(before) }
    // The script's own statements come one after another, wherever each starts from.
    if task.isOfScript, let before = plan.tasks.lastIndex(where: \.isOfScript) { task.needs.insert(before) }
    if task.waitsForAll { task.needs.formUnion(0..<index) }
    plan.tasks.append(task)
    files.append(StageFiles())
    return index
  }

  /// The task behind which a flow's experiment is there; nil if it is there already.
  func task(behind future: FlowFuture) -> Int? {
    if case .task(let index)? = ends[ObjectIdentifier(future)] { return index }
    return nil
  }

  /// The task at the cursor needs the ends of flows that names are bound to.
  mutating func need(_ futures: [FlowFuture], at cursor: Cursor) {
    guard case .task(let index) = cursor.start else { return }
    plan.tasks[index].needs.formUnion(futures.compactMap { task(behind: $0) }.filter { $0 < index })
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
