import CKernels

extension ActivationLayer: PlannedLayer {
  var lastActivation: ck_activation { activation.kernel.kind }

  func isIdentity(training: Bool) -> Bool { activation.kernel.isLinear }

  func makePlan(_ site: LayerSite) -> (any LayerPlan)? { ActivationPlan(self, site) }
}

/// y = f(x). The gradient is taken in place: by the input it lies where it lay by the output.
final class ActivationPlan: LayerPlan {
  let output: MatrixView
  let outputGradient: MatrixView?
  var logits: MatrixView? { input }
  var outputActivation: ck_activation { activation.kind }

  private let kernels: UnsafePointer<ck_kernels>
  private let input: MatrixView
  private let activation: ActivationKernel
  private let fused: Bool
  private let activates: Bool

  init(_ layer: ActivationLayer, _ site: LayerSite) {
    kernels = site.executor.kernels
    input = site.input
    activation = layer.activation.kernel
    fused = site.fused
    activates = !fused || site.wantsPredictions
    output = site.arena.matrix(rows: site.rows, columns: site.input.columns)
    outputGradient =
      site.training
      ? site.inputGradient ?? site.arena.matrix(rows: site.rows, columns: site.input.columns) : nil
  }

  func forward(rows: Int, step: UInt64) {
    guard activates else { return }
    kernels.pointee.activate(
      activation.kind, activation.parameters, input.base, input.stride, output.base, output.stride, rows,
      output.columns)
  }

  func backward(rows: Int) {
    guard !fused, let gradient = outputGradient else { return }
    kernels.pointee.activate_gradient(
      activation.kind, activation.parameters, input.base, input.stride, output.base, output.stride,
      gradient.base,
      gradient.stride, rows, output.columns)
  }
}
