import CKernels

extension Dropout: PlannedLayer {
  func isIdentity(training: Bool) -> Bool { !training || rate == 0 }

  func makePlan(_ site: LayerSite) -> (any LayerPlan)? {
    DropoutPlan(site, purpose: "dropout", rate: rate, scale: Float(1 / (1 - rate)), dropped: 0, shift: 0)
  }
}

extension AlphaDropout: PlannedLayer {
  func isIdentity(training: Bool) -> Bool { !training || rate == 0 }

  func makePlan(_ site: LayerSite) -> (any LayerPlan)? {
    // Keras: a·(x·kept + α'·(1 − kept)) + b, α' being selu's lower bound.
    let bound = -1.6732632423543772 * 1.0507009873554805
    let scale = 1 / ((1 - rate) * (1 + rate * bound * bound)).squareRoot()
    return DropoutPlan(
      site, purpose: "alpha_dropout", rate: rate, scale: Float(scale), dropped: Float(scale * bound),
      shift: Float(-scale * bound * rate))
  }
}

/// y = x · mask, the mask drawn by step, row of the batch and unit; and with a bound, y = x · mask + shift where it is kept
/// and `dropped` + shift elsewhere. The gradient is taken in place.
final class DropoutPlan: LayerPlan {
  let output: MatrixView
  let outputGradient: MatrixView?

  private let shards: ShardCut?
  private let kernels: UnsafePointer<ck_kernels>
  private let input: MatrixView
  private let mask: MatrixView
  private let generator: Philox
  private let threshold: UInt32
  private let scale: Float
  private let dropped: Float
  private let shift: Float

  init(
    _ site: LayerSite, purpose: String, rate: Double, scale: Float, dropped: Float, shift: Float
  ) {
    shards = site.shards
    kernels = site.executor.kernels
    input = site.input
    output = site.arena.matrix(rows: site.rows, columns: input.columns)
    mask = site.arena.matrix(rows: site.rows, columns: input.columns)
    outputGradient = site.inputGradient ?? site.arena.matrix(rows: site.rows, columns: input.columns)
    generator = Philox(seed: site.seed, purpose: purpose, path: site.path)
    threshold = UInt32(clamping: UInt64((rate * 0x1p32).rounded()))
    self.scale = scale
    self.dropped = dropped
    self.shift = shift
  }

  func forward(rows: Int, step: UInt64) {
    generator.withKey { key in
      kernels.pointee.dropout(
        key, step, shards.row0, threshold, scale, input.base, input.stride, output.base, output.stride,
        mask.base,
        mask.stride, rows, output.columns)
    }
    if shift != 0 {
      kernels.pointee.add_masked(
        output.base, output.stride, mask.base, mask.stride, dropped + shift, shift, rows, output.columns)
    }
  }

  func backward(rows: Int) {
    guard let gradient = outputGradient else { return }
    kernels.pointee.multiply(gradient.base, gradient.stride, mask.base, mask.stride, rows, output.columns)
  }
}
