import CKernels

extension Dropout: PlannedLayer {
  func isIdentity(training: Bool) -> Bool { !training || rate == 0 }

  func makePlan(_ site: LayerSite) -> (any LayerPlan)? { DropoutPlan(self, site) }
}

/// y = x · mask, the mask drawn by step, row of the batch and unit.
final class DropoutPlan: LayerPlan {
  let output: MatrixView
  let outputGradient: MatrixView?

  private let kernels: UnsafePointer<ck_kernels>
  private let input: MatrixView
  private let mask: MatrixView
  private let generator: Philox
  private let threshold: UInt32
  private let scale: Float

  init(_ layer: Dropout, _ site: LayerSite) {
    kernels = site.executor.kernels
    input = site.input
    output = site.arena.matrix(rows: site.rows, columns: input.columns)
    mask = site.arena.matrix(rows: site.rows, columns: input.columns)
    outputGradient = site.inputGradient ?? site.arena.matrix(rows: site.rows, columns: input.columns)
    generator = Philox(seed: site.seed, purpose: "dropout", path: "layers.\(site.index)")
    threshold = UInt32(clamping: UInt64((layer.rate * 0x1p32).rounded()))
    scale = Float(1 / (1 - layer.rate))
  }

  func forward(rows: Int, step: UInt64) {
    var key = generator.key
    withUnsafePointer(to: &key) { pair in
      // SAFETY: a tuple of two UInt32 lies in memory as an array of two.
      pair.withMemoryRebound(to: UInt32.self, capacity: 2) { words in
        kernels.pointee.dropout(
          words, step, 0, threshold, scale, input.base, input.stride, output.base, output.stride, mask.base,
          mask.stride, rows, output.columns)
      }
    }
  }

  func backward(rows: Int) {
    guard let gradient = outputGradient else { return }
    kernels.pointee.multiply(gradient.base, gradient.stride, mask.base, mask.stride, rows, output.columns)
  }
}
