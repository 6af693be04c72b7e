/// What a step does to single weights, in this order. Slots are indices.
struct ElementPass {
  var step: OptimizerStep
  /// Adds the gradients to those of earlier batches, and nothing more.
  var accumulates: Int?
  /// Makes the gradients the mean with those of earlier batches.
  var takes: (slot: Int, steps: Float)?
  /// Scales gradients.
  var factor: Float?
  /// Bounds gradients.
  var limit: Float?
  /// Shrinks weights.
  var decay: Float?
  /// Moves weights.
  var update: (any ElementwiseOptimizer)?
  /// Averages weights.
  var average: (slot: Int, momentum: Float, rest: Float)?

  init(step: OptimizerStep) { self.step = step }

  /// Small enough to stay in the first cache from one part of the pass to the next.
  private static let block = 1 << 11

  private var isPlain: Bool {
    accumulates == nil && takes == nil && factor == nil && limit == nil && decay == nil && average == nil
  }

  var isEmpty: Bool { isPlain && update == nil }

  func run(_ region: UpdateRegion) {
    if isPlain {
      update?.update(region, step)
      return
    }
    var offset = 0
    while offset < region.count {
      let count = min(ElementPass.block, region.count - offset)
      runBlock(region.part(offset: offset, count: count))
      offset += count
    }
  }

  private func runBlock(_ part: UpdateRegion) {
    let kernels = part.kernels
    let (weights, gradients, count) = (part.weights, part.gradients, part.count)
    if let accumulates { kernels.pointee.add(part.slot(accumulates), count, gradients, count, 1, count) }
    if let takes { kernels.pointee.take_accumulated(gradients, part.slot(takes.slot), count, takes.steps) }
    if let factor { kernels.pointee.scale(gradients, gradients, count, factor) }
    if let limit { kernels.pointee.clip_value(gradients, count, limit) }
    if let decay { kernels.pointee.decay(weights, count, decay, step.rate) }
    update?.update(part, step)
    if let average {
      kernels.pointee.average(part.slot(average.slot), weights, count, average.momentum, average.rest)
    }
  }
}
