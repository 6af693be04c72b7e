import CKernels

/// Rows of a fixed block: losses and metrics add up block after block.
let evaluationBlock = 4096
/// Rows that go through a network at a time, so that buffers stay small; a row's numbers do not depend on it.
let forwardBlock = 256

/// Copies rows between matrices of different row distances.
func copyRows(
  _ from: UnsafePointer<Float>, _ fromStride: Int, _ to: UnsafeMutablePointer<Float>, _ toStride: Int,
  _ rows: Int,
  _ columns: Int
) {
  for row in 0..<rows { (to + row * toStride).update(from: from + row * fromStride, count: columns) }
}

/// The loss and metrics of a network on some rows: `loss` first, penalties included, as Keras has it.
public func evaluate(
  _ network: Network, on data: any RowSource, loss: any Loss, metrics: [any Metric] = [], threads: Int? = nil,
  batchSize: Int = 32, instructionSet: InstructionSet? = nil
) throws(EngineError) -> [(name: String, value: Double)] {
  guard network.hasWeights else { throw .noWeights }
  try loss.check()
  try data.check(network, loss: loss, what: "evaluation")
  try Accumulators.check(metrics, network, targetWidth: data.shape.targets)
  try checkMemory(
    floats: Evaluator.floats(network, data),
    "the outputs of \(data.rowCount) rows, \(network.outputWidth) each")
  let executor = Executor(
    kernels: try InstructionSet.resolve(instructionSet), threads: threads ?? machineThreads)
  let evaluator = Evaluator(
    network, data: data, loss: loss, metrics: metrics, batchSize: batchSize, executor: executor)
  return zip(["loss"] + metrics.map(\.name), try evaluator.run(data) ?? []).map { (name: $0, value: $1) }
}

/// Evaluates the same rows again and again, as validation does.
final class Evaluator {
  let plan: NetworkPlan
  private let loss: LossPlan
  private let metrics: [any Metric]
  private let block: Int
  private let arena = Arena()
  private let outputs: MatrixView
  private let logits: MatrixView?
  private let targets: MatrixView
  private let values: UnsafeMutablePointer<Float>
  private let weights: UnsafeMutablePointer<Float>?
  private let scratch: UnsafeMutablePointer<Float>
  private let accumulators: Accumulators
  private let network: Network
  private let givenLoss: any Loss

  init(
    _ network: Network, data: any RowSource, loss: any Loss, metrics: [any Metric], batchSize: Int,
    executor: Executor
  ) {
    // Where a row's loss depends on its batch, those are Keras's.
    let dependsOnBatch =
      loss.kernel.dependsOnBatch
      || metrics.contains { $0.measuredLoss?.kernel.signsBinaryTargets ?? false }
    block = min(dependsOnBatch ? max(batchSize, 1) : evaluationBlock, data.rowCount)
    let shape = data.shape
    self.network = network
    givenLoss = loss
    let head = LossPlan.head(loss, network, training: false)
    plan = NetworkPlan(
      network, rows: min(forwardBlock, block), executor: executor, slotNames: nil, head: head,
      metrics: metrics)
    outputs = arena.matrix(rows: block, columns: network.outputWidth)
    logits = plan.logits == nil ? nil : arena.matrix(rows: block, columns: network.outputWidth)
    targets = arena.matrix(rows: block, columns: shape.targets)
    values = arena.floats(block)
    weights = !shape.hasWeights ? nil : arena.floats(block)
    scratch = arena.floats(network.outputWidth)
    self.metrics = metrics
    let lossPlan = LossPlan(loss, plan: plan)
    self.loss = lossPlan.reading(lossPlan.readsLogits ? logits ?? outputs : outputs)
    accumulators = Accumulators(metrics, outputWidth: network.outputWidth)
  }

  /// About how many floats it needs at most; in double, for sums of sizes must not overflow.
  static func floats(_ network: Network, _ data: any RowSource) -> Double {
    let rows = min(evaluationBlock, data.rowCount)
    return NetworkPlan.floats(network, rows: min(forwardBlock, rows), slots: nil)
      + 2 * Double(rows) * Double(paddedWidth(network.outputWidth))
  }

  /// The loss, then each metric, as float32 values; nil if it was given up. Throws where rows cannot be read.
  func run(_ source: any RowSource) throws(EngineError) -> [Double]? {
    accumulators.reset()
    var total = 0.0
    // Whole blocks at a time, so that they are the same however much is held.
    let count = source.rowCount
    let part = source.windowRows >= count ? count : max(source.windowRows / block, 1) * block
    var start = 0
    while start < count {
      let rows = try source.checkedRows(
        [start..<min(start + part, count)], network, loss: givenLoss, what: "evaluation")
      guard add(rows, to: &total) else { return nil }
      start += part
    }
    return [Double(Float(total / Double(count)))] + accumulators.results()
  }

  /// Adds loss · rows, block by block.
  /// - Returns: false if it was given up.
  private func add(_ data: Dataset, to total: inout Double) -> Bool {
    let penalty = plan.weightPenalty()
    var start = 0
    while start < data.features.rows {
      let rows = min(block, data.features.rows - start)
      let activity = forward(data, start, rows)
      if plan.executor.isGivenUp { return false }
      copyPart(data.targets.values, start * data.targets.columns, targets, rows, data.targets.columns)
      if let from = data.weights, let weights {
        copyPart(from, start, MatrixView(base: weights, columns: 1, stride: 1), rows, 1)
      }
      let divisor = loss.run(targets: targets, weights: weights, rows: rows, values: values, gradient: nil)
      let sum = plan.executor.kernels.pointee.lane_sum(values, weights, rows)
      let mean = divisor == 0 ? 0 : sum / divisor
      total += Double(mean + activity + penalty) * Double(rows)
      if !metrics.isEmpty {
        // The loss has been read from both, so they can change their units where they are.
        data.units?.apply(to: outputs, rows: rows)
        data.units?.apply(to: targets, rows: rows)
        accumulators.update(
          MetricBatch(
            kernels: plan.executor.kernels, rows: rows, predictions: outputs,
            logits: data.units == nil ? logits : nil,
            outputActivation: plan.outputActivation, targets: targets, rowValues: values, scratch: scratch,
            rowWeights: weights.map { UnsafePointer($0) }))
      }
      start += rows
    }
    return true
  }

  /// Fills `outputs` (and `logits`) for a block. - Returns: the penalty on activities, as a mean over its rows.
  private func forward(_ data: Dataset, _ start: Int, _ rows: Int) -> Float {
    let width = data.features.columns
    var activity = 0.0
    var done = 0
    while done < rows, !plan.executor.isGivenUp {
      let part = min(plan.rows, rows - done)
      copyPart(data.features.values, (start + done) * width, plan.input, part, width)
      plan.forward(rows: part, step: 0)
      activity += Double(plan.activityPenalty(0..<part, of: part)) * Double(part)
      copyRows(
        plan.output.base, plan.output.stride, outputs.base + done * outputs.stride, outputs.stride, part,
        outputs.columns)
      if let from = plan.logits, let logits {
        copyRows(
          from.base, from.stride, logits.base + done * logits.stride, logits.stride, part, logits.columns)
      }
      done += part
    }
    return Float(activity / Double(max(rows, 1)))
  }
}

/// Copies rows from within an array; nothing if they are not all there.
func copyPart(_ from: [Float], _ offset: Int, _ to: MatrixView, _ rows: Int, _ columns: Int) {
  guard offset >= 0, offset + rows * columns <= from.count else { return }
  from.withUnsafeBufferPointer { buffer in
    guard let base = buffer.baseAddress else { return }
    copyRows(base + offset, columns, to.base, to.stride, rows, columns)
  }
}
