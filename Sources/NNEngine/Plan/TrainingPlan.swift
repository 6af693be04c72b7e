import CKernels

/// Everything that a step needs, made once a fit: a step allocates nothing.
final class TrainingPlan {
  let network: NetworkPlan
  let accumulators: Accumulators
  private let kernels: UnsafePointer<ck_kernels>
  private let loss: LossPlan
  private let targets: MatrixView
  private let weights: UnsafeMutablePointer<Float>?
  private let values: UnsafeMutablePointer<Float>
  private let scratch: UnsafeMutablePointer<Float>
  private let hasMetrics: Bool
  private let isBound: Bool
  private let units: TargetUnits?
  /// Predictions in the units of the metrics, where those are others; the backward pass needs the network's own.
  private let inUnits: MatrixView?
  /// Where several threads take each step together.
  private let team: TeamStep?
  /// The fewest rows that they take; looking at the team itself would count a reference.
  private let rowsOfTeam: Int
  /// Where layers are so narrow that a batch's rows fill the lanes better.
  private let narrow: NarrowStep?
  /// Where batches are cut into shards.
  private let sharded: ShardedSums?
  /// Its learning rate may change between steps.
  let optimizer: OptimizerPlan
  /// The order of the rows at hand.
  private let order: UnsafeMutablePointer<UInt32>
  /// Random words for a run of rows, drawn together because that is faster.
  private let draws: UnsafeMutablePointer<UInt32>
  private static let drawBlocks = 128
  /// What layers keep themselves, as it was before a step that may be given up; nil where steps are too short for that.
  private let keptByLayers: UnsafeMutablePointer<Float>?
  /// This rank has a reason to stop after the step at hand; all then do.
  var wantsToStop = false
  /// Some rank has had one.
  private(set) var ranksStop = false
  private let shuffler: Philox
  private let shuffle: Bool

  /// - Parameters:
  ///   - window: the most rows that are at hand at a time.
  ///   - iterations: the optimizer's steps so far.
  init(
    _ network: Network, data: RowShape, window: Int, loss: any Loss, optimizer: any Optimizer,
    options: FitOptions, executor: Executor, iterations: Int = 0
  ) {
    let cut = options.shards > 1
    let rows =
      cut
      ? ShardCut.mostRows(
        of: min(options.batchSize, window), shards: options.shards, ranks: options.ranks?.count ?? 1)
      : min(options.batchSize, window)
    hasMetrics = !options.metrics.isEmpty
    units = data.units
    self.network = NetworkPlan(
      network, rows: rows, executor: executor, slotNames: optimizer.slotNames, seed: options.seed,
      head: LossPlan.head(loss, network, training: true), metrics: options.metrics,
      sharding: cut
        ? Sharding(
          shards: options.shards, ranks: options.ranks,
          movesEachAlone: OptimizerPlan.movesEachAlone(optimizer))
        : nil)
    let plan = self.network
    kernels = executor.kernels
    self.loss = LossPlan(loss, plan: plan)
    targets = plan.arena.matrix(rows: rows, columns: data.targets)
    weights = !data.hasWeights ? nil : plan.arena.floats(rows)
    values = plan.arena.floats(rows)
    scratch = plan.arena.floats(network.outputWidth)
    inUnits =
      hasMetrics && data.units != nil ? plan.arena.matrix(rows: rows, columns: network.outputWidth) : nil
    accumulators = Accumulators(options.metrics, outputWidth: network.outputWidth)
    self.optimizer = OptimizerPlan(optimizer, network, plan: plan, iterations: iterations)
    order = UnsafeMutablePointer.allocate(capacity: window)
    order.initialize(repeating: 0, count: window)
    draws = UnsafeMutablePointer.allocate(capacity: 4 * TrainingPlan.drawBlocks)
    draws.initialize(repeating: 0, count: 4 * TrainingPlan.drawBlocks)
    let store = plan.parameters
    keptByLayers =
      rows * store.trainableCount >= executor.grain.interruption
      ? plan.arena.floats(max(store.count - store.trainableCount, 1)) : nil
    shuffler = Philox(seed: options.seed, purpose: "shuffle")
    shuffle = options.shuffle
    if let cut = plan.cut {
      sharded = ShardedSums(
        cut, loss: self.loss, targets: targets, weights: weights, values: values,
        gradient: plan.outputGradient, metrics: hasMetrics ? accumulators : nil)
    } else {
      sharded = nil
    }
    team =
      cut
      ? nil
      : TeamStep(
        plan, loss: self.loss, optimizer: self.optimizer, order: order, targets: targets, weights: weights,
        values: values)
    rowsOfTeam = team?.lanes ?? .max
    isBound = plan.parameters.isBound
    narrow =
      cut
      ? nil
      : NarrowStep(
        plan, loss: self.loss, targetColumns: data.targets, weights: weights, hasMetrics: hasMetrics)
  }

  deinit {
    order.deallocate()
    draws.deallocate()
  }

  /// Puts the rows of a window of a pass (both from 0) in their order. They must not be more than the plan was made for.
  func beginWindow(_ window: Int, rows rowCount: Int, pass: Int) {
    for row in 0..<rowCount { order[row] = UInt32(truncatingIfNeeded: row) }
    guard shuffle else { return }
    // Fisher and Yates, each row with its own 64-bit draw, two of them to a block.
    let rowsOfChunk = 2 * TrainingPlan.drawBlocks
    let (order, draws) = (order, draws)
    var row = rowCount - 1
    while row > 0 {
      let first = row / rowsOfChunk * rowsOfChunk
      draw(chunk: row / rowsOfChunk, window: window, pass: pass)
      // First where each row goes, so that the exchange is loads and stores alone.
      for at in 0...(row - first) {
        let bits = UInt64(draws[2 &* at]) | UInt64(draws[2 &* at &+ 1]) &<< 32
        draws[at] = UInt32(
          truncatingIfNeeded: Philox.below(UInt64(truncatingIfNeeded: first &+ at &+ 1), bits))
      }
      while row >= max(first, 1) {
        let other = Int(draws[row &- first])
        let held = order[row]
        order[row] = order[other]
        order[other] = held
        row &-= 1
      }
    }
  }

  private func draw(chunk: Int, window: Int, pass: Int) {
    let first = chunk * TrainingPlan.drawBlocks
    // SAFETY: `draws` holds four words a block.
    shuffler.withKey { key in
      kernels.pointee.philox(
        key, UInt32(truncatingIfNeeded: first), UInt32(truncatingIfNeeded: window),
        UInt32(truncatingIfNeeded: pass), UInt32(truncatingIfNeeded: pass >> 32), TrainingPlan.drawBlocks,
        draws)
    }
  }

  /// Where the first row of a batch that is here is, for a batch that begins at `start` in the order of all its rows.
  func place(of start: Int, rows: Int) -> Int { start + (sharded?.cut.firstRow(of: rows) ?? 0) }

  /// The rows at hand are those of the shards here, in their order.
  func keepOrder(rows: Int) {
    for row in 0..<rows { order[row] = UInt32(truncatingIfNeeded: row) }
  }

  /// The rows at hand in their order.
  var rowOrder: UnsafePointer<UInt32> { UnsafePointer(order) }

  /// One step on the rows from `start` on in the order of those at hand; of a batch that is cut over ranks, on those that are here.
  ///
  /// - Parameter rows: of the whole batch.
  /// - Returns: the batch's loss, penalties included; if it is not finite, no weight has moved. Nil if the step was given up:
  ///   then nothing has.
  func step(_ data: Dataset, start: Int, rows: Int, step: Int, iteration: Int) -> Float? {
    withExtendedLifetime(data) {
      self.step(DatasetRows(data), start: start, rows: rows, step: step, iteration: iteration)
    }
  }

  /// The same for numbers that somebody keeps.
  func step(_ data: DatasetRows, start: Int, rows: Int, step: Int, iteration: Int) -> Float? {
    if rows >= rowsOfTeam, let team {
      return take(team, data, start: start, rows: rows, iteration: iteration)
    }
    if let sharded {
      return take(sharded, data, start: start, rows: rows, step: step, iteration: iteration)
    }
    if let narrow { return take(narrow, data, start: start, rows: rows, iteration: iteration) }
    let plan = network
    let store = plan.parameters
    let kept = store.count - store.trainableCount
    if kept > 0 { keptByLayers?.update(from: store.values + store.trainableCount, count: kept) }
    gatherBatch(data, start: start, rows: rows)
    plan.forward(rows: rows, step: UInt64(truncatingIfNeeded: step))
    let divisor = loss.run(
      targets: targets, weights: weights, rows: rows, values: values, gradient: plan.outputGradient)
    let total = sum(rows, divisor) + plan.penalty(rows: rows)
    if isGivenUp { return giveUp() }
    guard total.isFinite else { return total }
    plan.backward(rows: rows)
    if isGivenUp { return giveUp() }
    // From here on the step is taken, whatever happens.
    if hasMetrics { measure(rows) }
    optimizer.step(iteration: iteration)
    plan.parameters.constrain()
    return total
  }

  /// Whether the step at hand may have holes; short ones are always taken whole.
  private var isGivenUp: Bool { keptByLayers != nil && network.executor.isGivenUp }

  /// Puts moving statistics back, which the way forward has moved.
  private func giveUp() -> Float? {
    let store = network.parameters
    if let keptByLayers {
      (store.values + store.trainableCount).update(
        from: keptByLayers, count: store.count - store.trainableCount)
    }
    return nil
  }

  /// Takes a step up to the gradient by the outputs, layer by layer, so that each leaves what it gave; no weight moves.
  ///
  /// - Returns: the rows of the batch that are here.
  func takeAgain(_ data: DatasetRows, start: Int, rows: Int, step: Int) -> Int {
    if let sharded {
      let here = sharded.cut.cut(rows)
      gatherBatch(data, start: start, rows: here)
      network.forward(rows: here, step: UInt64(truncatingIfNeeded: step))
      _ = sharded.loss(network)
      return here
    }
    gatherBatch(data, start: start, rows: rows)
    network.forward(rows: rows, step: UInt64(truncatingIfNeeded: step))
    _ = loss.run(
      targets: targets, weights: weights, rows: rows, values: values, gradient: network.outputGradient)
    return rows
  }

  /// The same of a batch that is cut into shards, some of them here.
  private func take(
    _ sharded: ShardedSums, _ data: DatasetRows, start: Int, rows: Int, step: Int, iteration: Int
  ) -> Float? {
    let plan = network
    let store = plan.parameters
    let kept = store.count - store.trainableCount
    if kept > 0 { keptByLayers?.update(from: store.values + store.trainableCount, count: kept) }
    let here = sharded.cut.cut(rows)
    gatherBatch(data, start: start, rows: here)
    plan.forward(rows: here, step: UInt64(truncatingIfNeeded: step))
    store.sums[ParameterStore.lossSum] = sharded.loss(plan)
    store.sums[ParameterStore.stopSum] = wantsToStop ? 1 : 0
    if isGivenUp { return giveUp() }
    plan.sharedStep?.update = SharedStep.Update(
      optimizer: optimizer, step: optimizer.beginStep(iteration: iteration))
    plan.backward(rows: here)
    if isGivenUp { return giveUp() }
    if store.sums[ParameterStore.stopSum] != 0 { ranksStop = true }
    let total = store.sums[ParameterStore.lossSum] + plan.weightPenalty()
    // The way back of a loss that is not finite moves no weight either.
    guard total.isFinite else { return total }
    if hasMetrics { sharded.measure(metricBatch(here)) }
    guard plan.sharedStep == nil else { return total }
    optimizer.step(iteration: iteration)
    plan.parameters.constrain()
    return total
  }

  /// Which of the rows at hand comes at a place of their order.
  func row(at place: Int) -> Int { Int(order[place]) }

  private func sum(_ rows: Int, _ divisor: Float) -> Float {
    divisor == 0 ? 0 : kernels.pointee.lane_sum(values, weights, rows) / divisor
  }

  /// The same by several threads together.
  private func take(_ team: TeamStep, _ data: DatasetRows, start: Int, rows: Int, iteration: Int) -> Float {
    let update = optimizer.beginStep(iteration: iteration)
    loss.kernel.withParameters(outputs: loss.outputs.columns) { parameters in
      guard let features = data.features, let targets = data.targets else { return }
      // SAFETY: as in gather(_:_:_:_:_:).
      team.take(
        features: features, targets: targets, weights: data.weights, order: order + start, rows: rows,
        loss: parameters, update: update)
    }
    let total = sum(rows, Float(rows))
    if hasMetrics, total.isFinite { measure(rows) }
    return total
  }

  /// The same where layers are narrow.
  private func take(
    _ narrow: NarrowStep, _ data: DatasetRows, start: Int, rows: Int, iteration: Int
  ) -> Float {
    guard let features = data.features, let targets = data.targets else { return 0 }
    narrow.forward(features, order + start, rows: rows)
    gatherWeights(data, start, rows)
    let total: Float
    if narrow.hasLoss {
      total = narrow.loss(targets, order + start, rows: rows) / Float(rows)
    } else {
      gather(targets, data.targetColumns, start, rows, self.targets)
      let divisor = loss.run(
        targets: self.targets, weights: weights, rows: rows, values: values, gradient: network.outputGradient)
      total = sum(rows, divisor)
    }
    guard total.isFinite else { return total }
    narrow.backward(rows: rows)
    if hasMetrics { measure(rows) }
    optimizer.step(iteration: iteration)
    if isBound { network.parameters.constrain() }
    return total
  }

  /// Adds the step's rows to the metrics' sums.
  private func measure(_ rows: Int) { accumulators.update(metricBatch(rows)) }

  /// What metrics see of the step's rows.
  private func metricBatch(_ rows: Int) -> MetricBatch {
    let plan = network
    var predictions = plan.output
    if let units, let inUnits {
      copyRows(plan.output.base, plan.output.stride, inUnits.base, inUnits.stride, rows, inUnits.columns)
      units.apply(to: inUnits, rows: rows)
      units.apply(to: targets, rows: rows)
      predictions = inUnits
    }
    return MetricBatch(
      kernels: kernels, rows: rows, predictions: predictions, logits: units == nil ? plan.logits : nil,
      outputActivation: plan.outputActivation, targets: targets, rowValues: values, scratch: scratch,
      rowWeights: weights.map { UnsafePointer($0) })
  }

  private func gatherBatch(_ data: DatasetRows, start: Int, rows: Int) {
    gather(data.features, data.featureColumns, start, rows, network.input)
    gather(data.targets, data.targetColumns, start, rows, targets)
    gatherWeights(data, start, rows)
  }

  private func gatherWeights(_ data: DatasetRows, _ start: Int, _ rows: Int) {
    if let from = data.weights, let weights {
      gather(from, 1, start, rows, MatrixView(base: weights, columns: 1, stride: 1))
    }
  }

  private func gather(
    _ from: UnsafePointer<Float>?, _ columns: Int, _ start: Int, _ rows: Int, _ to: MatrixView
  ) {
    guard let from else { return }
    // SAFETY: `order` holds rows of the data set, whose sizes were checked against its arrays when the fit began.
    kernels.pointee.gather(from, columns, order + start, rows, columns, to.base, to.stride)
  }
}

/// The numbers of a data set that is not written to meanwhile. Fits side by side share data sets, and counting who holds an array
/// at every step would send its counter from core to core.
struct DatasetRows {
  let features: UnsafePointer<Float>?
  let featureColumns: Int
  let targets: UnsafePointer<Float>?
  let targetColumns: Int
  let weights: UnsafePointer<Float>?
}

extension DatasetRows {
  /// Whoever takes them keeps the data set, and leaves it as it is, for as long as they are used.
  init(_ data: Dataset) {
    // SAFETY: an array's numbers stay where they are for as long as it is kept and not written to.
    features = data.features.values.withUnsafeBufferPointer(\.baseAddress)
    targets = data.targets.values.withUnsafeBufferPointer(\.baseAddress)
    weights = data.weights?.withUnsafeBufferPointer(\.baseAddress)
    featureColumns = data.features.columns
    targetColumns = data.targets.columns
  }
}
