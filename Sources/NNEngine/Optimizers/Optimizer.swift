/// How gradients move weights, with Keras 3's formulas and defaults. A type is also an ``ElementwiseOptimizer`` or a
/// ``TensorOptimizer``.
public protocol Optimizer: Sendable {
  /// The name in the catalog, as in `adam`.
  var name: String { get }
  /// The options that all optimizers have.
  var settings: OptimizerSettings { get set }
  /// What is kept for each weight from step to step.
  var slots: [OptimizerSlot] { get }
  /// Throws if an option makes no sense.
  func check() throws(EngineError)
  /// The next value of a number that is kept from update to update, from 1 before the first, such as a product of momenta.
  /// It must come to rest. By default it stays.
  ///
  /// - Parameter iteration: updates before this one.
  func carry(_ number: Float, iteration: Int) -> Float
}

extension Optimizer {
  public func carry(_ number: Float, iteration: Int) -> Float { number }

  /// The rate, where no schedule says otherwise.
  public var learningRate: Double {
    get { settings.learningRate }
    set { settings.learningRate = newValue }
  }

  /// The optimizer's own slots, then those of its settings.
  var allSlots: [OptimizerSlot] { slots + settings.slots }

  /// Saved as `optimizer.<slot>.<parameter>`.
  var slotNames: [String] { allSlots.map(\.name) }
}

/// What an optimizer keeps for each weight.
public struct OptimizerSlot: Sendable {
  public let name: String
  /// Its value before the first step.
  public var initial: Float = 0
  /// It starts as a copy of the weights.
  public var startsAsWeights = false

  init(_ name: String, initial: Float = 0, startsAsWeights: Bool = false) {
    self.name = name
    self.initial = initial
    self.startsAsWeights = startsAsWeights
  }
}

/// The numbers of a step that are the same for all weights.
public struct OptimizerStep: Sendable {
  /// By the schedule, if there is one.
  let rate: Float
  /// Updates before this one.
  let iteration: Int
  /// What ``Optimizer/carry(_:iteration:)`` made for this update.
  let carried: Float

  /// 1 − βᵗ for the update's number t, from 1.
  func correction(_ beta: Double) -> Float { 1 - Elementary.power(Float(beta), iteration &+ 1) }
}
