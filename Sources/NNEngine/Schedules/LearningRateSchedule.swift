/// A learning rate that depends on the step, with Keras 3's formulas and defaults, in float32 as Keras computes it.
public protocol LearningRateSchedule: Sendable {
  /// The name in the catalog, as in `cosine`.
  var name: String { get }
  /// Throws if an option makes no sense.
  func check() throws(EngineError)
  /// The rate of the step that follows `step` earlier ones. A step is a batch, also where gradients are accumulated.
  func rate(step: Int) -> Float
}
