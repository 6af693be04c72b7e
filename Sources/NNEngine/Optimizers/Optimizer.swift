import CKernels

/// How gradients move weights, with Keras 3's formulas and defaults.
public protocol Optimizer: Sendable {
  /// The name in the catalog, as in `adam`.
  var name: String { get }
  var learningRate: Double { get set }
  /// What is kept for each weight from step to step, as saved: `optimizer.<slot>.<parameter>`.
  var slotNames: [String] { get }
  /// Throws if an option makes no sense.
  func check() throws(EngineError)
  /// Moves a run of weights.
  ///
  /// - Parameter iteration: steps taken before this one.
  func update(_ region: UpdateRegion, iteration: Int)
}

/// Weights of a plan with their gradients and slots, in whole groups of sixteen floats.
public struct UpdateRegion {
  let kernels: UnsafePointer<ck_kernels>
  let weights: UnsafeMutablePointer<Float>
  let gradients: UnsafePointer<Float>
  /// In the order of `slotNames`; each starts at `offset`.
  private let slots: UnsafePointer<UnsafeMutablePointer<Float>>
  private let offset: Int
  let count: Int

  init(
    kernels: UnsafePointer<ck_kernels>, weights: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>,
    slots: UnsafePointer<UnsafeMutablePointer<Float>>, offset: Int = 0, count: Int
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
      offset: offset + start,
      count: count)
  }
}

func checkRate(_ rate: Double, _ owner: String) throws(EngineError) {
  guard rate.isFinite, rate >= 0 else {
    throw .invalidOption(
      owner: owner, option: "learning_rate", value: "\(rate)", requirement: "a number from 0 on")
  }
}
