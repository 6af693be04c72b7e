import CKernels

extension ActivationLayer: PlannedLayer {
  var lastActivation: ck_activation { activation.kernel.kind }

  func isIdentity(training: Bool) -> Bool { activation.kernel.isLinear }

  func makePlan(_ site: LayerSite) -> (any LayerPlan)? { ActivationPlan(self, site) }
}

/// y = f(x). The gradient is taken in place where the width stays: by the input it lies where it lay by the output.
final class ActivationPlan: LayerPlan {
  let output: MatrixView
  let outputGradient: MatrixView?
  var logits: MatrixView? { activation.changesWidth ? nil : input }
  var outputActivation: ck_activation { activation.kind }

  private let kernels: UnsafePointer<ck_kernels>
  private let input: MatrixView
  private let inputGradient: MatrixView?
  private let activation: ActivationKernel
  private let fused: Bool
  private let activates: Bool

  init(_ layer: ActivationLayer, _ site: LayerSite) {
    kernels = site.executor.kernels
    input = site.input
    activation = layer.activation.kernel
    fused = site.fused
    activates = !fused || site.wantsPredictions
    output = site.arena.matrix(rows: site.rows, columns: site.outputWidth)
    inputGradient = site.training ? site.inputGradient : nil
    let inPlace = activation.changesWidth ? nil : inputGradient
    outputGradient =
      site.training ? inPlace ?? site.arena.matrix(rows: site.rows, columns: site.outputWidth) : nil
  }

  func forward(rows: Int, step: UInt64) {
    if activates { activation.forward(kernels, input, output, rows: rows) }
  }

  func backward(rows: Int) {
    guard !fused, let gradient = outputGradient else { return }
    let inner = activation.changesWidth ? inputGradient : gradient
    // Without an input gradient no layer before has weights.
    guard let inner else { return }
    activation.backward(kernels, input, output, gradient: gradient, inner: inner, rows: rows)
  }
}
