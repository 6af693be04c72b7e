import CKernels

extension GaussianDropout: PlannedLayer {
  func isIdentity(training: Bool) -> Bool { !training || rate == 0 }

  func makePlan(_ site: LayerSite) -> (any LayerPlan)? {
    NoisePlan(
      site, purpose: "gaussian_dropout", mean: 1, stddev: Float((rate / (1 - rate)).squareRoot()), adds: false
    )
  }
}

extension GaussianNoise: PlannedLayer {
  func isIdentity(training: Bool) -> Bool { !training || stddev == 0 }

  func makePlan(_ site: LayerSite) -> (any LayerPlan)? {
    NoisePlan(site, purpose: "noise", mean: 0, stddev: Float(stddev), adds: true)
  }
}

/// y = x · z or x + z, z normal, drawn by step, row of the batch and unit. The gradient is taken in place.
final class NoisePlan: LayerPlan {
  let output: MatrixView
  let outputGradient: MatrixView?

  private let shards: ShardCut?
  private let kernels: UnsafePointer<ck_kernels>
  private let input: MatrixView
  private let draws: MatrixView
  private let generator: Philox
  private let mean: Float
  private let stddev: Float
  private let adds: Bool

  init(_ site: LayerSite, purpose: String, mean: Float, stddev: Float, adds: Bool) {
    shards = site.shards
    kernels = site.executor.kernels
    input = site.input
    output = site.arena.matrix(rows: site.rows, columns: input.columns)
    draws = site.arena.matrix(rows: site.rows, columns: input.columns)
    outputGradient = site.inputGradient ?? site.arena.matrix(rows: site.rows, columns: input.columns)
    generator = Philox(seed: site.seed, purpose: purpose, path: site.path)
    self.mean = mean
    self.stddev = stddev
    self.adds = adds
  }

  func forward(rows: Int, step: UInt64) {
    generator.withKey { key in
      ck_normals(key, step, shards.row0, mean, stddev, draws.base, draws.stride, rows, draws.columns)
    }
    kernels.pointee.apply_mask(
      input.base, input.stride, draws.base, draws.stride, adds ? 1 : 0, rows, input.columns, output.base,
      output.stride)
  }

  func backward(rows: Int) {
    guard !adds, let gradient = outputGradient else { return }
    kernels.pointee.multiply(
      gradient.base, gradient.stride, draws.base, draws.stride, rows, output.columns)
  }
}
