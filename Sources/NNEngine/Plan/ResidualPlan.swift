import CKernels

extension Repeat: PlannedLayer {
  // `placed` writes the copies out, so a repeated block has no plan of its own.
  func makePlan(_ site: LayerSite) -> (any LayerPlan)? { nil }

  func bufferFloats(inputWidth: Int) -> Double { copies.bufferFloats(inputWidth: inputWidth) }
}

extension Residual: PlannedLayer {
  func makePlan(_ site: LayerSite) -> (any LayerPlan)? { ResidualPlan(self, site) }

  func bufferFloats(inputWidth: Int) -> Double {
    Double(paddedWidth(inputWidth)) + layers.bufferFloats(inputWidth: inputWidth)
  }
}

/// y = x + f(x).
final class ResidualPlan: LayerPlan {
  let output: MatrixView
  let outputGradient: MatrixView?

  private let kernels: UnsafePointer<ck_kernels>
  private let input: MatrixView
  private let inputGradient: MatrixView?
  private let chain: Chain

  init(_ layer: Residual, _ site: LayerSite) {
    kernels = site.executor.kernels
    input = site.input
    inputGradient = site.training ? site.inputGradient : nil
    chain = ChainBuilder(resources: site.resources).chain(
      layer.layers, path: site.path + ".layers", input: site.input, inputGradient: inputGradient)
    output = site.arena.matrix(rows: site.rows, columns: site.input.columns)
    // A buffer of its own: what flows round the layers must outlast what flows through them.
    outputGradient = site.training ? site.arena.matrix(rows: site.rows, columns: site.input.columns) : nil
  }

  func forward(rows: Int, step: UInt64) {
    chain.forward(rows: rows, step: step)
    copyRows(input.base, input.stride, output.base, output.stride, rows, output.columns)
    kernels.pointee.add(
      output.base, output.stride, chain.output.base, chain.output.stride, rows, output.columns)
  }

  func backward(rows: Int) {
    guard let gradient = outputGradient else { return }
    if let inner = chain.outputGradient {
      copyRows(gradient.base, gradient.stride, inner.base, inner.stride, rows, gradient.columns)
      chain.backward(rows: rows)
    }
    if let inputGradient {
      kernels.pointee.add(
        inputGradient.base, inputGradient.stride, gradient.base, gradient.stride, rows, gradient.columns)
    }
  }

  func penalty(_ rows: Range<Int>, of batch: Int) -> Float { chain.penalty(rows, of: batch) }
}
