/// One fit under way.
///
/// A **pass** takes the rows once in one order; without `stepsPerEpoch` it is an epoch.
final class FitRun {
  var network: Network
  var state: TrainingState
  let options: FitOptions
  let training: any RowSource
  let validation: (any RowSource)?
  let plan: TrainingPlan
  let evaluator: Evaluator?
  let metricNames: [String]
  var callbacks: [any Callback]
  /// The callbacks' places in the order in which they are asked.
  let turns: [Int]
  var records: [EpochRecord] = []
  /// Steps in a pass.
  let batches: Int
  /// The epoch after which this fit is done.
  let lastEpoch: Int
  /// The epoch at hand while callbacks are asked between its steps; nil while they are asked after it.
  var open: OpenEpoch?
  /// Steps of this fit.
  var steps = 0
  /// The step of this fit after which callbacks are to be asked next.
  var nextStepCall = Int.max
  /// A callback has asked to stop.
  var isStopping = false
  var failure: StopReason?
  /// A callback has tried to set a rate that a schedule gives.
  var setsScheduledRate = false
  var observer: (any TrainingObserver)?
  /// Weights after the last whole epoch, for when a loss stops being finite.
  var lastWhole: [Float] = []
  /// The optimizer's memory led to a loss that is not finite.
  var forgetsSlots = false
  /// The step at which the loss stopped being finite.
  var divergence: Divergence?
  var windows: Windows
  /// How the window at hand is shared among ranks, where no rank holds all of it.
  var shared: SharedWindow?
  /// Where the rows at hand are in the pass whose order the plan has.
  var positions = 0..<0
  private var orderedPass: Int?
  let loss: any Loss
  let started: Double

  init(
    network: Network, loss: any Loss, options: FitOptions, training: any RowSource,
    validation: (any RowSource)?,
    state: TrainingState, snapshot: FitSnapshot?, executor: Executor
  ) throws(EngineError) {
    try snapshot?.check(network, callbacks: options.callbacks.count)
    lastEpoch = state.epochsDone + options.epochs
    let state = snapshot?.state ?? state
    let network = snapshot?.network ?? network
    self.network = network
    self.state = state
    self.options = options
    self.training = training
    self.validation = validation
    started = monotonicSeconds() - (snapshot?.seconds ?? 0)
    metricNames = options.metrics.map(\.name)
    self.loss = loss
    let rowCount = training.rowCount
    batches = (rowCount + options.batchSize - 1) / options.batchSize
    windows = Windows(training, batchSize: options.batchSize, seed: options.seed, shuffle: options.shuffle)
    callbacks = options.callbacks
    let places = options.callbacks.indices
    turns =
      places.filter { !options.callbacks[$0].isLast } + places.filter { options.callbacks[$0].isLast }
    plan = TrainingPlan(
      network, data: training.shape, window: windows.size, loss: loss, optimizer: state.optimizer,
      options: options, executor: executor,
      iterations: state.iterations)
    evaluator = validation.map {
      Evaluator(
        network, data: $0, loss: loss, metrics: options.metrics, batchSize: options.batchSize,
        executor: executor)
    }
    try together { () throws(EngineError) in try beginCallbacks() }
    try loadSlots()
    // Those of several ranks are set.
    if isShared { options.ranks?.barrier() }
    keepWhole()
    if let snapshot { try goOn(from: snapshot) }
    scheduleSteps()
  }

  // MARK: The loop

  func run(observer: (any TrainingObserver)?, stop: StopSignal?) -> FitOutcome {
    self.observer = observer
    var pace = Pace(started: started, budget: options.budgetSeconds)
    // The rows at hand, and where their numbers are: counting references takes longer than a small step should, and of rows
    // that fits side by side share the counter would go from core to core.
    var window = Dataset.none
    var data = DatasetRows(window)
    defer { withExtendedLifetime(window) {} }
    while state.epochsDone < lastEpoch, !isStopping, isShared || failure == nil {
      var epoch = beginEpoch()
      while epoch.step < epoch.count {
        if let early = pause(stop, pace) {
          leave(epoch)
          return finish(early)
        }
        let start = (epoch.first + epoch.step) * options.batchSize
        let rows = min(options.batchSize, windows.rowCount - start)
        if !positions.contains(start) || orderedPass != state.passesDone {
          do throws(EngineError) {
            try takeWindow(at: start, &window)
            data = DatasetRows(window)
          } catch {
            leave(epoch)
            return finish(.rowsFailed(error))
          }
        }
        let place = place(of: start, rows: rows)
        guard
          let value = plan.step(
            data, start: place, rows: rows, step: state.stepsDone, iteration: state.iterations)
        else {
          leave(epoch)
          return finish(.interrupted)
        }
        guard value.isFinite else {
          let here = plan.takeAgain(data, start: place, rows: rows, step: state.stepsDone)
          let layer = plan.network.firstNotFinite(rows: here)
          divergence = examine(
            start: start, rows: rows, here: here, epoch: state.epochsDone + 1, step: epoch.step + 1,
            layer: layer,
            loss: value)
          backToLastWhole(epoch)
          return finish(
            .nonFinite(epoch: state.epochsDone + 1, step: epoch.step + 1, layer: layer))
        }
        epoch.add(Double(value), rows)
        state.stepsDone += 1
        state.iterations += 1
        steps += 1
        if steps == nextStepCall {
          open = epoch
          askAfterStep()
          open = nil
        }
        if pace.tick(), let observer {
          observer.stepEnded(
            epoch: state.epochsDone + 1, step: epoch.step, stepsPerEpoch: epoch.count,
            runningLoss: epoch.mean)
        }
      }
      guard end(epoch) else { return finish(.interrupted) }
    }
    return finish(failure ?? (isStopping ? .earlyStopping : .epochs))
  }

  /// A reason to end before the next step.
  private func pause(_ stop: StopSignal?, _ pace: Pace) -> StopReason? {
    if isShared { return sharedPause(stop, pace) }
    if let failure { return failure }
    if isStopping { return .earlyStopping }
    if stop?.isRequested == true { return .interrupted }
    if let limit = options.stepLimit, steps >= limit { return .steps }
    if pace.isSpent { return .budget }
    return nil
  }

  private func finish(_ reason: StopReason) -> FitOutcome {
    var reason = reason
    var keptEpoch = state.epochsDone
    var bestEpoch: Int?
    var restored: Network?
    for index in turns {
      var callback = callbacks[index]
      let end = callback.end(reason, self)
      callbacks[index] = callback
      bestEpoch = end.bestEpoch ?? bestEpoch
      if let best = end.restored {
        restored = best
        keptEpoch = end.restoredEpoch ?? keptEpoch
      }
      if let text = end.failure, failure == nil {
        failure = .callbackFailed(callback: index, reason: text)
        if case .nonFinite = reason {} else { reason = failure ?? reason }
      }
    }
    if let elsewhere = failureOfAny(), failure == nil {
      failure = elsewhere
      if case .nonFinite = reason {} else { reason = elsewhere }
    }
    state.slots = storedSlots()
    network = restored ?? keptNetwork()
    let stepInEpoch = state.openPass.map { $0.step - $0.epochStart } ?? 0
    return FitOutcome(
      records: records, reason: reason, bestEpoch: bestEpoch ?? lowestLoss(), restored: restored != nil,
      seconds: monotonicSeconds() - started, keptEpoch: keptEpoch,
      stepInEpoch: stepInEpoch > 0 ? stepInEpoch : nil, divergence: divergence,
      waited: isShared ? plan.network.waited : nil)
  }

  /// The training rows that come at a place of the pass at hand, in its order.
  func sourceRows(from start: Int, count: Int) -> [Int] {
    let index = windows.window(of: start)
    let ranges = windows.rows(of: index)
    // What was dealt out lies in another order.
    if shared != nil { plan.beginWindow(index, rows: positions.count, pass: state.passesDone) }
    return (0..<count).map { offset in
      var row = plan.row(at: start - positions.lowerBound + offset)
      for range in ranges {
        if row < range.count { return range.lowerBound + row }
        row -= range.count
      }
      return row
    }
  }

  private func lowestLoss() -> Int? {
    let name = records.contains { $0["val_loss"] != nil } ? "val_loss" : "loss"
    var best: (epoch: Int, value: Double)?
    for record in records where !record.isPartial {
      guard let value = record[name] else { continue }
      if best.map({ value < $0.value }) ?? true { best = (record.epoch, value) }
    }
    return best?.epoch
  }

  // MARK: Epochs

  /// An epoch's place in its pass, and its steps and sums so far.
  struct OpenEpoch {
    /// The batch of the pass that it begins with.
    var first = 0
    /// Its steps.
    var count = 0
    var step = 0
    /// The step with which this fit came into it.
    var resumedFrom = 0
    var sum = 0.0
    var rows = 0
    let started = monotonicSeconds()
    var mean: Double { rows == 0 ? 0 : sum / Double(rows) }

    mutating func add(_ loss: Double, _ count: Int) {
      sum += loss * Double(count)
      rows += count
      step += 1
    }
  }

  /// Begins the next epoch, or goes on in the middle of one if that is where the last fit was stopped, and data and order
  /// are the same.
  private func beginEpoch() -> OpenEpoch {
    var epoch = OpenEpoch()
    plan.accumulators.reset()
    if let pass = state.openPass {
      if goesOn(pass) {
        epoch.first = pass.epochStart
        epoch.step = pass.step - pass.epochStart
        epoch.resumedFrom = max(epoch.step - steps, 0)
        epoch.rows = rows(from: pass.epochStart, to: pass.step)
        epoch.sum = pass.sums.first ?? 0
        if pass.sums.count == plan.accumulators.count + 1 {
          plan.accumulators.restore(pass.sums.dropFirst())
        }
      } else if pass.epochStart > 0 {
        // Some of its rows have had their epoch, so that what begins now is another pass.
        state.passesDone += 1
      }
      state.openPass = nil
    }
    epoch.count = min(options.stepsPerEpoch ?? .max, batches - epoch.first)
    return epoch
  }

  /// Takes up the rows around a place in the pass at hand, and puts them in their order.
  private func takeWindow(at position: Int, _ window: inout Dataset) throws(EngineError) {
    if orderedPass != state.passesDone { windows.begin(pass: state.passesDone) }
    let index = windows.window(of: position)
    if let ranks = options.ranks, ranks.count > 1, !(training is Dataset), let cut = plan.network.cut {
      try takeShared(index, &window, cut, ranks)
    } else {
      if positions.isEmpty || !windows.isOne {
        // The rows before go first: two windows are not held.
        window = .none
        window = try training.checkedRows(windows.rows(of: index), network, loss: loss, what: "training")
      }
      positions = windows.positions(of: index)
      plan.beginWindow(index, rows: positions.count, pass: state.passesDone)
    }
    orderedPass = state.passesDone
  }

  /// Where the rows of a batch that are here begin among those at hand.
  private func place(of start: Int, rows: Int) -> Int {
    let start = start - positions.lowerBound
    return shared?.place(ofBatchAt: start) ?? plan.place(of: start, rows: rows)
  }

  private func goesOn(_ pass: TrainingState.OpenPass) -> Bool {
    pass.rows == windows.rowCount && pass.batchSize == options.batchSize && pass.seed == options.seed
      && pass.shuffle == options.shuffle && pass.stepsPerEpoch == options.stepsPerEpoch
      && pass.epochStart >= 0 && pass.epochStart < batches && pass.step >= pass.epochStart
      && pass.step <= min(batches, pass.epochStart + min(options.stepsPerEpoch ?? .max, batches))
      && (pass.step == pass.epochStart || !pass.sums.isEmpty)
  }

  /// Rows in some batches of a pass.
  private func rows(from first: Int, to last: Int) -> Int {
    min(last * options.batchSize, windows.rowCount) - first * options.batchSize
  }

  /// - Returns: false if measuring was given up: the epoch's end is then still to come, for a fit that goes on from here.
  private func end(_ epoch: OpenEpoch) -> Bool {
    guard let values = values(epoch, number: state.epochsDone + 1) else {
      leave(epoch)
      return false
    }
    let next = epoch.first + epoch.count
    if next >= batches {
      state.passesDone += 1
    } else {
      state.openPass = pass(at: next, epochStart: next, sums: [])
    }
    state.epochsDone += 1
    let record = record(epoch, values, number: state.epochsDone, partial: false)
    records.append(record)
    observer?.epochEnded(record)
    keepWhole()
    ask(about: record)
    return true
  }

  private func leave(_ epoch: OpenEpoch) {
    state.openPass = openPass(epoch)
    guard epoch.step > epoch.resumedFrom else { return }
    let number = state.epochsDone + 1
    let record = record(
      epoch, values(epoch, number: number) ?? trainingValues(epoch), number: number, partial: true)
    records.append(record)
    observer?.epochEnded(record)
  }

  /// Where the rows are in the middle of an epoch; nil before the first batch of a pass.
  func openPass(_ epoch: OpenEpoch) -> TrainingState.OpenPass? {
    if epoch.first == 0, epoch.step == 0 { return nil }
    return pass(
      at: epoch.first + epoch.step, epochStart: epoch.first,
      sums: epoch.step == 0 ? [] : [epoch.sum] + plan.accumulators.sums)
  }

  private func pass(at step: Int, epochStart: Int, sums: [Double]) -> TrainingState.OpenPass {
    TrainingState.OpenPass(
      step: step, epochStart: epochStart, rows: windows.rowCount, batchSize: options.batchSize,
      seed: options.seed, shuffle: options.shuffle, stepsPerEpoch: options.stepsPerEpoch, sums: sums)
  }

  /// What an epoch gave, on the rows to watch too if it is one that watches; nil if that was given up.
  private func values(_ epoch: OpenEpoch, number: Int) -> [(name: String, value: Double)]? {
    var values = trainingValues(epoch)
    guard let evaluator, let validation, options.validationFrequency.includes(number) else { return values }
    let store = evaluator.plan.parameters
    store.values.update(from: plan.network.parameters.values, count: store.count)
    do throws(EngineError) {
      guard let measured = try evaluator.run(validation) else { return nil }
      for (name, value) in zip(["loss"] + metricNames, measured) { values.append(("val_" + name, value)) }
    } catch {
      failure = failure ?? .rowsFailed(error)
    }
    return values
  }

  private func record(
    _ epoch: OpenEpoch, _ values: [(name: String, value: Double)], number: Int, partial: Bool
  ) -> EpochRecord {
    EpochRecord(
      epoch: number, values: values,
      learningRate: plan.optimizer.settings.shownRate(step: state.iterations),
      seconds: monotonicSeconds() - epoch.started, isPartial: partial)
  }

  func trainingValues(_ epoch: OpenEpoch) -> [(name: String, value: Double)] {
    [(name: "loss", value: Double(Float(epoch.mean)))]
      + zip(metricNames, plan.accumulators.results()).map { (name: $0, value: $1) }
  }
}
