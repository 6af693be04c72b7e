import NNData
import NNEngine

/// Writes the model to a file after epochs or steps, by the rules of Keras 3's ModelCheckpoint.
struct ModelCheckpoint: Callback {
  enum Frequency: Sendable, Equatable {
    /// After every so many epochs, as they are numbered.
    case epochs(Int)
    /// After every so many steps of the fit.
    case steps(Int)
  }

  let pattern: PathPattern
  var monitor: Monitor
  let savesBestOnly: Bool
  /// Leaves the optimizer's memory out.
  let savesWeightsOnly: Bool
  let frequency: Frequency
  let threshold: Double?
  let environment: CallbackEnvironment

  private var best: Double?
  private var hasWarned = false

  init(
    pattern: PathPattern, monitor: Monitor, savesBestOnly: Bool, savesWeightsOnly: Bool,
    frequency: Frequency, threshold: Double?, environment: CallbackEnvironment
  ) {
    self.pattern = pattern
    self.monitor = monitor
    self.savesBestOnly = savesBestOnly
    self.savesWeightsOnly = savesWeightsOnly
    self.frequency = frequency
    self.threshold = threshold
    self.environment = environment
  }

  var stepInterval: Int? {
    if case .steps(let count) = frequency { count } else { nil }
  }

  mutating func begin(_ start: inout CallbackStart) throws(EngineError) {
    if savesBestOnly { try monitor.begin(start) }
    best = threshold
    hasWarned = false
  }

  mutating func stepEnded(_ fit: any FitUnderWay) -> CallbackAction {
    save(fit, epoch: fit.epoch, batch: fit.stepInEpoch, values: fit.runningValues)
  }

  mutating func epochEnded(_ logs: inout EpochRecord, _ fit: any FitUnderWay) -> CallbackAction {
    guard case .epochs(let count) = frequency, logs.epoch % max(count, 1) == 0 else { return .proceed }
    return save(fit, epoch: logs.epoch, batch: nil, values: logs.values)
  }

  private mutating func save(
    _ fit: any FitUnderWay, epoch: Int, batch: Int?, values: [(name: String, value: Double)]
  ) -> CallbackAction {
    let (path, missing) = pattern.path(epoch: epoch, batch: batch, values: values)
    guard let path else {
      warnOnce(RunProblem.checkpointUnnamed(pattern.source, missing: missing ?? "", epoch: epoch))
      return .proceed
    }
    guard isWorthSaving(epoch, values) else { return .proceed }
    let file = expandingTilde(path)
    do {
      do throws(DataError) {
        try makeFolders(above: file)
      } catch {
        return .fail(error.description)
      }
      try environment.models.write(fit.snapshot(), to: file, withOptimizer: !savesWeightsOnly)
    } catch {
      return .fail(error.problem.message)
    }
    environment.tell(.checkpoint(.init(fit: environment.fit, epoch: epoch, path: path)))
    return .proceed
  }

  private mutating func isWorthSaving(_ epoch: Int, _ values: [(name: String, value: Double)]) -> Bool {
    guard savesBestOnly else { return true }
    guard let current = values.first(where: { $0.name == monitor.name })?.value else {
      // Keras saves where there is nothing to compare.
      warnOnce(RunProblem.checkpointUncompared(monitor.name, epoch: epoch))
      return true
    }
    guard monitor.improves(current, over: best) else { return false }
    best = current
    return true
  }

  private mutating func warnOnce(_ problem: RunProblem) {
    if !hasWarned { environment.warn(problem) }
    hasWarned = true
  }

  var memory: CallbackMemory {
    var memory = CallbackMemory()
    memory.numbers["best"] = best
    return memory
  }

  mutating func restore(_ memory: CallbackMemory, _ fit: any FitUnderWay) throws(EngineError) {
    best = memory.numbers["best"]
  }
}
