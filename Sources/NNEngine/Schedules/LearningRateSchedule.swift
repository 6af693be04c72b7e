/// A learning rate that depends on the step, with Keras 3's formulas and defaults, in float32 as Keras computes it.
public protocol LearningRateSchedule: Sendable {
  /// The name in the catalog, as in `cosine`.
  var name: String { get }
  /// Throws if an option makes no sense.
  func check() throws(EngineError)
  /// The rate of the step that follows `step` earlier ones. A step is a batch, also where gradients are accumulated.
  func rate(step: Int) -> Float
}

extension LearningRateSchedule {
  func refuse(_ option: String, _ value: String, _ requirement: String) -> EngineError {
    .invalidOption(owner: name, option: option, value: value, requirement: requirement)
  }

  /// Throws unless these are finite and not below 0.
  func checkRates(_ rates: [(option: String, value: Double)]) throws(EngineError) {
    for (option, value) in rates where !(value >= 0 && value.isFinite) {
      throw refuse(option, "\(value)", "a number from 0 on")
    }
  }

  func checkFinite(_ option: String, _ value: Double) throws(EngineError) {
    guard value.isFinite else { throw refuse(option, "\(value)", "a finite number") }
  }

  func checkSteps(_ option: String, _ steps: Int) throws(EngineError) {
    guard steps > 0 else { throw refuse(option, "\(steps)", "a whole number above 0") }
  }
}
