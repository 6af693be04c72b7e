import CKernels

/// An optimizer at work on a plan's weights: accumulates and clips gradients, decays weights, moves them, and keeps their
/// averages, in Keras's order. Made once a fit; a step allocates nothing.
final class OptimizerPlan {
  private(set) var settings: OptimizerSettings {
    didSet { fixedRate = Float(settings.learningRate) }
  }
  private var fixedRate: Float
  private let schedule: (any LearningRateSchedule)?
  /// Looking at the schedule itself takes as long as moving a small network's weights.
  private let isScheduled: Bool
  private let optimizer: any Optimizer
  private let executor: Executor
  private let region: UpdateRegion
  /// Moves single weights, if the optimizer does.
  private let elementwise: (any ElementwiseOptimizer)?
  /// The same where nothing comes before or after the update, in plain memory: taking it out of a property would count a
  /// reference each step.
  private let plain: UnsafeMutablePointer<any ElementwiseOptimizer>?
  /// Moves tensors, if the optimizer does.
  private let byTensor: (any TensorOptimizer)?
  private let tensors: UnsafeMutablePointer<UpdateTensor>
  private let tensorCount: Int
  /// For each tensor Σg².
  private let squares: UnsafeMutablePointer<Double>
  private let accumulator: Int?
  private let average: Int?
  /// The optimizer's own number, from update to update.
  private var carried: Float = 1

  /// - Parameter iterations: batches before the next one.
  init(_ optimizer: any Optimizer, _ network: Network, plan: NetworkPlan, iterations: Int) {
    self.optimizer = optimizer
    settings = optimizer.settings
    fixedRate = Float(settings.learningRate)
    schedule = settings.schedule
    isScheduled = schedule != nil
    executor = plan.executor
    elementwise = optimizer as? any ElementwiseOptimizer
    byTensor = optimizer as? any TensorOptimizer
    plain = OptimizerPlan.movesEachAlone(optimizer) ? elementwise.map(OptimizerPlan.lay) : nil
    let store = plan.parameters
    region = UpdateRegion(
      kernels: executor.kernels, weights: store.values, gradients: store.gradients, slots: store.slots,
      count: store.trainableCount)
    accumulator = store.slotNames.firstIndex(of: OptimizerSettings.accumulator)
    average = store.slotNames.firstIndex(of: OptimizerSettings.average)
    for (index, slot) in optimizer.allSlots.enumerated() where index < store.slotNames.count && store.sets {
      // Padding too, whose gradients are always 0.
      if slot.startsAsWeights {
        store.slots[index].update(from: store.values, count: store.trainableCount)
      } else {
        store.slots[index].update(repeating: slot.initial, count: store.trainableCount)
      }
    }
    let trainable = store.entries.indices.filter { store.entries[$0].isTrainable }
    tensorCount = trainable.count
    tensors = UnsafeMutablePointer.allocate(capacity: max(tensorCount, 1))
    squares = UnsafeMutablePointer.allocate(capacity: max(tensorCount, 1))
    squares.initialize(repeating: 0, count: tensorCount)
    let scratch = plan.arena.floats(OptimizerPlan.scratchCount(optimizer, network))
    for (place, index) in trainable.enumerated() {
      let entry = store.entries[index]
      (tensors + place).initialize(
        to: UpdateTensor(
          executor: executor, region: region.part(offset: entry.offset, count: entry.rows * entry.stride),
          rows: entry.rows, columns: entry.columns, stride: entry.stride, isVector: entry.isVector,
          rule: byTensor?.rule(for: index, of: network.parameters) ?? TensorRule(), scratch: scratch))
    }
    catchUp(updates: iterations / (settings.accumulationSteps ?? 1))
  }

  deinit {
    tensors.deinitialize(count: tensorCount)
    tensors.deallocate()
    squares.deallocate()
    plain?.deinitialize(count: 1)
    plain?.deallocate()
  }

  /// Whether a step moves each weight by its own gradient and memory, and does nothing else.
  static func movesEachAlone(_ optimizer: any Optimizer) -> Bool {
    let settings = optimizer.settings
    return optimizer is any ElementwiseOptimizer && settings.weightDecay == nil && settings.clipping == nil
      && settings.averaging == nil && settings.accumulationSteps == nil
  }

  private static func lay(
    _ optimizer: any ElementwiseOptimizer
  ) -> UnsafeMutablePointer<any ElementwiseOptimizer> {
    let place = UnsafeMutablePointer<any ElementwiseOptimizer>.allocate(capacity: 1)
    place.initialize(to: optimizer)
    return place
  }

  /// Floats that the tensors of a network share.
  static func scratchCount(_ optimizer: any Optimizer, _ network: Network) -> Int {
    guard let optimizer = optimizer as? any TensorOptimizer else { return 0 }
    return network.parameters.indices.map {
      network.parameters[$0].isTrainable ? optimizer.rule(for: $0, of: network.parameters).scratchCount : 0
    }.max() ?? 0
  }

  /// The number that earlier updates would have left; it comes to rest.
  private func catchUp(updates: Int) {
    var update = 0
    while update < updates {
      let next = optimizer.carry(carried, iteration: update)
      if next == carried { return }
      carried = next
      update += 1
    }
  }

  /// The rate, where no schedule gives it; a callback may set it between epochs.
  var learningRate: Double {
    get { settings.learningRate }
    set { settings.learningRate = newValue }
  }

  private func rate(_ iteration: Int) -> Float {
    isScheduled ? schedule?.rate(step: iteration) ?? fixedRate : fixedRate
  }

  /// The weights' averages, laid out as the weights are, if there are any yet.
  func averages(iterations: Int) -> UnsafeMutablePointer<Float>? {
    iterations > 0 ? average.map { region.slot($0) } : nil
  }

  // MARK: A step

  /// One batch's gradients.
  ///
  /// - Parameter iteration: batches before this one.
  func step(iteration: Int) {
    if let plain {
      let step = beginStep(iteration: iteration)
      guard executor.threads > 1, region.count >= executor.grain.update else {
        return plain.pointee.update(region, step)
      }
      var pass = ElementPass(step: step)
      pass.update = plain.pointee
      return run(&pass)
    }
    let every = settings.accumulationSteps ?? 1
    let updates = iteration / every
    var pass = ElementPass(step: OptimizerStep(rate: 0, iteration: updates, carried: carried))
    if let averaging = settings.averaging, let average {
      let momentum = updates == 0 ? 0 : Float(averaging.momentum)
      pass.average = (average, momentum, 1 - momentum)
    }
    if (iteration &+ 1) % every == 0 {
      update(&pass, iteration: iteration)
    } else if let accumulator {
      pass.accumulates = accumulator
      run(&pass)
    }
    if let frequency = settings.averaging?.overwriteFrequency, let average,
      (updates &+ 1) % frequency == 0
    {
      region.weights.update(from: region.slot(average), count: region.count)
    }
  }

  /// What moves the weights, where each is moved by itself and nothing comes before or after; ``beginStep(iteration:)`` has its
  /// numbers.
  var plainUpdate: (any ElementwiseOptimizer, UpdateRegion)? { plain.map { ($0.pointee, region) } }

  /// Moves some weights, by gradients that lie elsewhere and are laid out alike. Only where each moves by itself.
  func move(_ part: Range<Int>, by gradients: UnsafeMutablePointer<Float>, _ step: OptimizerStep) {
    guard let plain else { return }
    let moved = UpdateRegion(
      kernels: executor.kernels, weights: region.weights, gradients: gradients, slots: region.slots,
      count: region.count)
    plain.pointee.update(moved.part(offset: part.lowerBound, count: part.count), step)
  }

  /// The numbers of the next step.
  func beginStep(iteration: Int) -> OptimizerStep {
    carried = optimizer.carry(carried, iteration: iteration)
    return OptimizerStep(rate: rate(iteration), iteration: iteration, carried: carried)
  }

  private func update(_ pass: inout ElementPass, iteration: Int) {
    carried = optimizer.carry(carried, iteration: pass.step.iteration)
    pass.step = OptimizerStep(
      rate: rate(iteration), iteration: pass.step.iteration, carried: carried)
    if let accumulator { pass.takes = (accumulator, Float(settings.accumulationSteps ?? 1)) }
    clip(&pass)
    guard let byTensor else {
      pass.decay = settings.weightDecay.map { Float($0) }
      pass.update = elementwise
      return run(&pass)
    }
    let average = pass.average
    pass.average = nil
    run(&pass)
    move(byTensor, pass.step)
    var last = ElementPass(step: pass.step)
    last.average = average
    run(&last)
  }

  /// Sets what the pass has to do to gradients; for norms they are looked at first.
  private func clip(_ pass: inout ElementPass) {
    guard let clipping = settings.clipping, let limit = clipping.limit else { return }
    if case .value = clipping {
      pass.limit = limit
      return
    }
    if pass.takes != nil {
      var first = ElementPass(step: pass.step)
      first.takes = pass.takes
      run(&first)
      pass.takes = nil
    }
    guard case .globalNorm = clipping else { return eachNorm(limit: limit) }
    eachNorm(limit: nil)
    var total = 0.0
    for index in 0..<tensorCount { total += squares[index] }
    let norm = Float(total.squareRoot())
    // Keras: a norm that is not finite makes every gradient so.
    pass.factor = limit * min(1 / norm, 1 / limit) + (norm - norm)
  }

  // MARK: Threads

  private func run(_ pass: inout ElementPass) {
    guard !pass.isEmpty else { return }
    guard executor.threads > 1, region.count >= executor.grain.update else { return pass.run(region) }
    var job = ElementJob(pass: pass, region: region)
    let tasks = job.tasks
    withUnsafePointer(to: &job) { pointer in
      WorkerPool.shared.run(threads: executor.threads, count: tasks, context: pointer) { raw, task in
        // SAFETY: the context is the job above, which outlives the run.
        raw.assumingMemoryBound(to: ElementJob.self).pointee.run(task)
      }
    }
  }

  /// Finds each tensor's Σg², and with a limit scales its gradients.
  private func eachNorm(limit: Float?) {
    var job = NormJob(tensors: tensors, squares: squares, limit: limit)
    guard executor.threads > 1, region.count >= executor.grain.update else {
      for index in 0..<tensorCount { job.run(index) }
      return
    }
    withUnsafePointer(to: &job) { pointer in
      WorkerPool.shared.run(threads: executor.threads, count: tensorCount, context: pointer) { raw, task in
        // SAFETY: as in run(_:).
        raw.assumingMemoryBound(to: NormJob.self).pointee.run(task)
      }
    }
  }

  private func move(_ optimizer: any TensorOptimizer, _ step: OptimizerStep) {
    var job = TensorJob(tensors: tensors, optimizer: optimizer, step: step)
    guard executor.threads > 1, region.count >= executor.grain.update, !optimizer.splitsItsWork else {
      for index in 0..<tensorCount { job.run(index) }
      return
    }
    withUnsafePointer(to: &job) { pointer in
      WorkerPool.shared.run(threads: executor.threads, count: tensorCount, context: pointer) { raw, task in
        // SAFETY: as in run(_:).
        raw.assumingMemoryBound(to: TensorJob.self).pointee.run(task)
      }
    }
  }
}

private struct NormJob {
  var tensors: UnsafePointer<UpdateTensor>
  var squares: UnsafeMutablePointer<Double>
  var limit: Float?

  func run(_ index: Int) {
    let region = tensors[index].region
    let kernels = region.kernels
    let sum = kernels.pointee.square_norm(
      region.gradients, tensors[index].stride, tensors[index].rows, tensors[index].columns)
    squares[index] = sum
    guard let limit else { return }
    let norm = Float(sum.squareRoot())
    // NaN stays NaN, as in TensorFlow.
    kernels.pointee.clip_norm(region.gradients, region.count, limit, norm < limit ? limit : norm)
  }
}

private struct TensorJob {
  var tensors: UnsafePointer<UpdateTensor>
  var optimizer: any TensorOptimizer
  var step: OptimizerStep

  func run(_ index: Int) {
    let region = tensors[index].region
    if let decay = tensors[index].rule.weightDecay {
      region.kernels.pointee.decay(region.weights, region.count, Float(decay), step.rate)
    }
    optimizer.update(tensors[index], step)
  }
}

private struct ElementJob {
  static let chunk = 1 << 14

  var pass: ElementPass
  var region: UpdateRegion

  var tasks: Int { (region.count + ElementJob.chunk - 1) / ElementJob.chunk }

  func run(_ task: Int) {
    let offset = task * ElementJob.chunk
    pass.run(region.part(offset: offset, count: min(ElementJob.chunk, region.count - offset)))
  }
}
