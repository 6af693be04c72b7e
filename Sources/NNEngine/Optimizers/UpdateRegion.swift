import CKernels

/// An optimizer that moves each weight by itself.
public protocol ElementwiseOptimizer: Optimizer {
  func update(_ region: UpdateRegion, _ step: OptimizerStep)
}

/// Weights of a plan with their gradients and slots, in whole groups of sixteen floats.
public struct UpdateRegion {
  let kernels: UnsafePointer<ck_kernels>
  let weights: UnsafeMutablePointer<Float>
  let gradients: UnsafeMutablePointer<Float>
  /// In the order of the optimizer's slots; each starts at `offset`.
  let slots: UnsafePointer<UnsafeMutablePointer<Float>>
  private let offset: Int
  let count: Int

  init(
    kernels: UnsafePointer<ck_kernels>, weights: UnsafeMutablePointer<Float>,
    gradients: UnsafeMutablePointer<Float>, slots: UnsafePointer<UnsafeMutablePointer<Float>>,
    offset: Int = 0, count: Int
  ) {
    self.kernels = kernels
    self.weights = weights
    self.gradients = gradients
    self.slots = slots
    self.offset = offset
    self.count = count
  }

  func slot(_ index: Int) -> UnsafeMutablePointer<Float> { slots[index] + offset }

  /// A part of the run, for one of several threads.
  func part(offset start: Int, count: Int) -> UpdateRegion {
    UpdateRegion(
      kernels: kernels, weights: weights + start, gradients: gradients + start, slots: slots,
      offset: offset + start, count: count)
  }
}
