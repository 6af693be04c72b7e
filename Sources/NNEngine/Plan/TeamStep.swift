import CKernels

/// A step of a small network that several threads take together: rows are split on the way there and back, lines of weights where
/// gradients are made and weights moved. No sum runs over the threads' shares, so the split never shows in a bit.
///
/// What the threads share is in plain memory: counting references would cost them more than the step does.
final class TeamStep {
  /// Rows for each thread.
  private static let leastRows = 8

  /// What the lanes read.
  private struct Job {
    let kernels: UnsafePointer<ck_kernels>
    let layers: UnsafePointer<ck_dense>
    let layerCount: Int
    let lanes: Int
    /// For each lane its lines of weights, and the same as a range of the plan's run of weights.
    let shares: UnsafePointer<Share>
    let region: UpdateRegion
    let optimizer: UnsafePointer<any ElementwiseOptimizer>
    let form: ck_loss
    let outputs: MatrixView
    let outputGradient: MatrixView
    let values: UnsafeMutablePointer<Float>
    // Of a step.
    var parameters = ck_params()
    var update = OptimizerStep(rate: 0, iteration: 0, carried: 0)
    var order: UnsafePointer<UInt32>
    var rows = 0
    var features: Gathered
    var targets: Gathered
    /// Null where rows have no weights.
    let weights: UnsafeMutablePointer<Float>?
    var weightsFrom: UnsafePointer<Float>?
  }

  private struct Share {
    var lines: Range<Int>
    var floats: Range<Int>
  }

  /// A column of a data set, or several, and where a batch's rows of them go.
  struct Gathered {
    var from: UnsafePointer<Float>
    let columns: Int
    let to: MatrixView
  }

  let lanes: Int
  private let team = Team()
  private let run: DenseRun
  private let shares: UnsafeMutablePointer<Share>
  private let optimizer: UnsafeMutablePointer<any ElementwiseOptimizer>
  private let job: UnsafeMutablePointer<Job>

  /// Nil where the network's step is not one that can be split so, or is not worth it.
  init?(
    _ plan: NetworkPlan, loss: LossPlan, optimizer: OptimizerPlan, order: UnsafePointer<UInt32>,
    targets: MatrixView,
    weights: UnsafeMutablePointer<Float>?, values: UnsafeMutablePointer<Float>
  ) {
    guard let run = plan.chain.soleRun, let (elementwise, region) = optimizer.plainUpdate,
      !loss.kernel.dependsOnBatch, loss.kernel.custom == nil, plan.parameters.penalties.isEmpty,
      !plan.parameters.isBound,
      let outputGradient = plan.outputGradient
    else { return nil }
    let work = plan.rows * run.lines.reduce(0) { $0 + $1.multiplications }
    let lanes = min(
      plan.executor.threads, plan.rows / TeamStep.leastRows, work / plan.executor.grain.share, Team.mostLanes)
    guard lanes > 1 else { return nil }
    self.lanes = lanes
    self.run = run
    shares = UnsafeMutablePointer.allocate(capacity: lanes)
    TeamStep.share(run.lines, rows: plan.rows, lanes: lanes, into: shares)
    self.optimizer = UnsafeMutablePointer.allocate(capacity: 1)
    self.optimizer.initialize(to: elementwise)
    job = UnsafeMutablePointer.allocate(capacity: 1)
    // Where from is set with each step.
    let nowhere = UnsafePointer(values)
    job.initialize(
      to: Job(
        kernels: plan.executor.kernels, layers: run.layers, layerCount: run.count, lanes: lanes,
        shares: shares,
        region: region, optimizer: self.optimizer, form: loss.form, outputs: loss.outputs,
        outputGradient: outputGradient, values: values, order: order,
        features: Gathered(from: nowhere, columns: plan.input.columns, to: plan.input),
        targets: Gathered(from: nowhere, columns: targets.columns, to: targets),
        weights: weights))
  }

  deinit {
    shares.deallocate()
    optimizer.deinitialize(count: 1)
    optimizer.deallocate()
    job.deinitialize(count: 1)
    job.deallocate()
  }

  /// Gives each lane lines of about the same cost.
  private static func share(
    _ lines: [DenseRun.Line], rows: Int, lanes: Int, into shares: UnsafeMutablePointer<Share>
  ) {
    let total = lines.reduce(0) { $0 + $1.cost(rows: rows) }
    var (line, float, spent) = (0, 0, 0)
    for lane in 0..<lanes {
      let (firstLine, firstFloat) = (line, float)
      while line < lines.count, lane == lanes - 1 || spent * lanes < total * (lane + 1) {
        spent += lines[line].cost(rows: rows)
        float += lines[line].floats
        line += 1
      }
      (shares + lane).initialize(to: Share(lines: firstLine..<line, floats: firstFloat..<float))
    }
  }

  /// Takes the step: gathers rows, fills `values` with their losses, and if those are finite moves the weights.
  func take(
    features: UnsafePointer<Float>, targets: UnsafePointer<Float>, weights: UnsafePointer<Float>?,
    order: UnsafePointer<UInt32>, rows: Int, loss: ck_params, update: OptimizerStep
  ) {
    job.pointee.features.from = features
    job.pointee.targets.from = targets
    job.pointee.weightsFrom = weights
    job.pointee.order = order
    job.pointee.rows = rows
    job.pointee.parameters = loss
    job.pointee.update = update
    team.run(stages: 3, lanes: lanes, context: job) { raw, stage, lane in
      // SAFETY: the context is the job above, which lives as long as this object.
      TeamStep.run(stage, lane, raw.assumingMemoryBound(to: Job.self))
    }
  }

  private static func run(_ stage: Int, _ lane: Int, _ job: UnsafePointer<Job>) {
    let kernels = job.pointee.kernels
    let (layers, count) = (job.pointee.layers, job.pointee.layerCount)
    let lanes = job.pointee.lanes
    let all = job.pointee.rows
    let first = all * lane / lanes
    let rows = all * (lane + 1) / lanes - first
    switch stage {
    case 0:
      kernels.pointee.dense_transpose(layers, count, lane, lanes)
      gather(job, job.pointee.features, first, rows)
      gather(job, job.pointee.targets, first, rows)
      if let weights = job.pointee.weights, let from = job.pointee.weightsFrom {
        let to = MatrixView(base: weights, columns: 1, stride: 1)
        gather(job, Gathered(from: from, columns: 1, to: to), first, rows)
      }
      kernels.pointee.dense_forward(layers, count, first, rows)
      let outputs = job.pointee.outputs.rows(from: first)
      let targets = job.pointee.targets.to.rows(from: first)
      let gradient = job.pointee.outputGradient.rows(from: first)
      kernels.pointee.loss(
        job.pointee.form, job.pointee.parameters, outputs.base, outputs.stride, targets.base, targets.stride,
        job.pointee.weights.map { UnsafePointer($0 + first) }, 1 / Float(all), rows, outputs.columns,
        job.pointee.values + first, gradient.base, gradient.stride)
    case 1:
      kernels.pointee.dense_backward(layers, count, first, rows)
    default:
      // Each lane sees for itself whether the loss is finite.
      let sum = kernels.pointee.lane_sum(
        job.pointee.values, job.pointee.weights.map { UnsafePointer($0) }, all)
      guard (sum / Float(all)).isFinite else { return }
      let share = job.pointee.shares[lane]
      kernels.pointee.dense_weights(layers, count, all, share.lines.lowerBound, share.lines.upperBound)
      let part = job.pointee.region.part(offset: share.floats.lowerBound, count: share.floats.count)
      job.pointee.optimizer.pointee.update(part, job.pointee.update)
    }
  }

  private static func gather(_ job: UnsafePointer<Job>, _ what: Gathered, _ first: Int, _ rows: Int) {
    job.pointee.kernels.pointee.gather(
      what.from, what.columns, job.pointee.order + first, rows, what.columns,
      what.to.base + first * what.to.stride, what.to.stride)
  }
}
