/// One fit under way.
final class FitRun {
  private(set) var network: Network
  private(set) var state: TrainingState
  private let options: FitOptions
  private let training: Dataset
  private let validation: Dataset?
  private let plan: TrainingPlan
  private let evaluator: Evaluator?
  private let metricNames: [String]
  private var callbacks: [any Callback]
  private var records: [EpochRecord] = []
  /// The step within the epoch from which this fit went on.
  private var resumedFrom = 0
  /// Weights after the last whole epoch, for when a loss stops being finite.
  private var lastWhole: [Float]
  private let started = monotonicSeconds()

  init(
    network: Network, loss: any Loss, options: FitOptions, training: Dataset, validation: Dataset?,
    state: TrainingState, executor: Executor
  ) throws(EngineError) {
    self.network = network
    self.options = options
    self.training = training
    self.validation = validation
    self.state = state
    metricNames = options.metrics.map(\.name)
    callbacks = options.callbacks
    var values: [(name: String, direction: MetricDirection?)] = [("loss", .minimize)]
    for metric in options.metrics { values.append((metric.name, metric.direction)) }
    if validation != nil {
      for value in values { values.append(("val_" + value.name, value.direction)) }
    }
    for index in callbacks.indices { try callbacks[index].begin(CallbackStart(values: values)) }
    plan = TrainingPlan(
      network, data: training, loss: loss, optimizer: state.optimizer, options: options, executor: executor)
    evaluator = validation.map {
      Evaluator(
        network, data: $0, loss: loss, metrics: options.metrics, batchSize: options.batchSize,
        executor: executor)
    }
    lastWhole = []
    try loadSlots()
  }

  // MARK: The loop

  func run(observer: (any TrainingObserver)?, stop: StopSignal?) -> FitOutcome {
    let target = state.epochsDone + options.epochs
    let stepsPerEpoch = (training.features.rows + options.batchSize - 1) / options.batchSize
    var reason = StopReason.epochs
    var stepsLeft = options.stepLimit ?? .max
    var pace = Pace(started: started, budget: options.budgetSeconds)
    snapshot()
    training: while state.epochsDone < target {
      let epochStart = monotonicSeconds()
      var progress = resume(stepsPerEpoch)
      plan.beginEpoch(state.epochsDone)
      while progress.step < stepsPerEpoch {
        if let early = pause(stepsLeft, stop, pace) {
          reason = early
          leave(progress, since: epochStart, observer)
          break training
        }
        let start = progress.step * options.batchSize
        let rows = min(options.batchSize, training.features.rows - start)
        let value = plan.step(
          training, start: start, rows: rows, step: state.stepsDone, iteration: state.iterations)
        guard value.isFinite else {
          reason = .nonFinite(
            epoch: state.epochsDone + 1, step: progress.step + 1,
            layer: plan.network.firstNotFinite(rows: rows))
          backToLastWhole()
          break training
        }
        progress.add(Double(value), rows)
        state.stepsDone += 1
        state.iterations += 1
        stepsLeft -= 1
        if pace.tick(), let observer {
          observer.stepEnded(
            epoch: state.epochsDone + 1, step: progress.step, stepsPerEpoch: stepsPerEpoch,
            runningLoss: progress.mean)
        }
      }
      state.epochsDone += 1
      let record = self.record(progress, since: epochStart, partial: false)
      records.append(record)
      observer?.epochEnded(record)
      snapshot()
      if askCallbacks(record) {
        reason = .earlyStopping
        break
      }
    }
    return finish(reason)
  }

  /// A reason to end before the next step.
  private func pause(_ stepsLeft: Int, _ stop: StopSignal?, _ pace: Pace) -> StopReason? {
    if stop?.isRequested == true { return .interrupted }
    if stepsLeft <= 0 { return .steps }
    if pace.isSpent { return .budget }
    return nil
  }

  private func askCallbacks(_ record: EpochRecord) -> Bool {
    var stops = false
    for index in callbacks.indices {
      let action = callbacks[index].epochEnded(record) { currentNetwork() }
      if action == .stop { stops = true }
    }
    return stops
  }

  private func finish(_ reason: StopReason) -> FitOutcome {
    var keptEpoch = state.epochsDone
    var bestEpoch: Int?
    var restored = false
    network = currentNetwork()
    for index in callbacks.indices {
      let end = callbacks[index].end()
      bestEpoch = end.bestEpoch ?? bestEpoch
      if let best = end.restored {
        network = best
        restored = true
        keptEpoch = end.restoredEpoch ?? keptEpoch
      }
    }
    storeSlots()
    return FitOutcome(
      records: records, reason: reason, bestEpoch: bestEpoch ?? lowestLoss(), restored: restored,
      seconds: monotonicSeconds() - started, keptEpoch: keptEpoch, stepInEpoch: state.partialEpoch?.step)
  }

  private func lowestLoss() -> Int? {
    let name = validation == nil ? "loss" : "val_loss"
    var best: (epoch: Int, value: Double)?
    for record in records where !record.isPartial {
      guard let value = record[name] else { continue }
      if best.map({ value < $0.value }) ?? true { best = (record.epoch, value) }
    }
    return best?.epoch
  }

  // MARK: Epochs

  /// An epoch's steps and sums so far.
  private struct Progress {
    var step = 0
    var sum = 0.0
    var rows = 0
    var mean: Double { rows == 0 ? 0 : sum / Double(rows) }
    mutating func add(_ loss: Double, _ count: Int) {
      sum += loss * Double(count)
      rows += count
      step += 1
    }
  }

  /// Goes on in the middle of an epoch if that is where the last fit was stopped, and data and order are the same.
  private func resume(_ stepsPerEpoch: Int) -> Progress {
    var progress = Progress()
    resumedFrom = 0
    plan.accumulators.reset()
    if let partial = state.partialEpoch, partial.rows == training.features.rows,
      partial.batchSize == options.batchSize, partial.seed == options.seed,
      partial.shuffle == options.shuffle,
      partial.step >= 0, partial.step < stepsPerEpoch, let first = partial.sums.first
    {
      progress.step = partial.step
      progress.sum = first
      progress.rows = partial.step * options.batchSize
      resumedFrom = partial.step
      if partial.sums.count == plan.accumulators.count + 1 {
        plan.accumulators.restore(partial.sums.dropFirst())
      }
    }
    state.partialEpoch = nil
    return progress
  }

  private func leave(_ progress: Progress, since start: Double, _ observer: (any TrainingObserver)?) {
    guard progress.step > 0 else { return }
    let before = resumedFrom
    state.partialEpoch = TrainingState.PartialEpoch(
      step: progress.step, rows: training.features.rows, batchSize: options.batchSize, seed: options.seed,
      shuffle: options.shuffle, sums: [progress.sum] + plan.accumulators.sums)
    guard progress.step > before else { return }
    let record = self.record(progress, since: start, partial: true)
    records.append(record)
    observer?.epochEnded(record)
  }

  private func record(_ progress: Progress, since start: Double, partial: Bool) -> EpochRecord {
    var values = [(name: "loss", value: Double(Float(progress.mean)))]
    for (name, value) in zip(metricNames, plan.accumulators.results()) { values.append((name, value)) }
    if let evaluator, let validation {
      let store = evaluator.plan.parameters
      store.values.update(from: plan.network.parameters.values, count: store.count)
      for (name, value) in zip(["loss"] + metricNames, evaluator.run(validation)) {
        values.append(("val_" + name, value))
      }
    }
    return EpochRecord(
      epoch: partial ? state.epochsDone + 1 : state.epochsDone, values: values,
      learningRate: state.optimizer.learningRate, seconds: monotonicSeconds() - start, isPartial: partial)
  }

  // MARK: Weights and slots

  private func currentNetwork() -> Network {
    var copy = network
    plan.network.parameters.store(into: &copy)
    return copy
  }

  private func snapshot() {
    let store = plan.network.parameters
    if lastWhole.isEmpty { lastWhole = [Float](repeating: 0, count: store.count) }
    lastWhole.withUnsafeMutableBufferPointer { buffer in
      if let base = buffer.baseAddress { base.update(from: store.values, count: store.count) }
    }
  }

  /// What was trained before the loss stopped being finite is not lost; the optimizer's memory is, for it led there.
  private func backToLastWhole() {
    let store = plan.network.parameters
    lastWhole.withUnsafeBufferPointer { buffer in
      if let base = buffer.baseAddress { store.values.update(from: base, count: store.count) }
    }
    for index in store.slotNames.indices {
      store.slots[index].update(repeating: 0, count: store.trainableCount)
    }
    state.iterations = 0
  }

  private func slotName(_ slot: Int, _ entry: ParameterStore.Entry) -> String {
    "optimizer.\(plan.network.parameters.slotNames[slot]).\(entry.name)"
  }

  private func loadSlots() throws(EngineError) {
    let store = plan.network.parameters
    for slot in store.slotNames.indices {
      for entry in store.entries where entry.isTrainable {
        let name = slotName(slot, entry)
        guard let values = state.slots[name] else { continue }
        guard values.count == entry.rows * entry.columns else {
          throw .slotShape(name: name, expected: entry.rows * entry.columns, found: values.count)
        }
        store.write(values, entry: entry, to: store.slots[slot])
      }
    }
  }

  private func storeSlots() {
    let store = plan.network.parameters
    var slots: [String: [Float]] = [:]
    for slot in store.slotNames.indices {
      for entry in store.entries where entry.isTrainable {
        slots[slotName(slot, entry)] = store.read(entry: entry, from: store.slots[slot])
      }
    }
    state.slots = slots
  }
}
