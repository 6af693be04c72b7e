/// How to train.
public struct FitOptions: Sendable {
  /// How many epochs more.
  public var epochs: Int
  /// Rows in a step; the last step of an epoch takes what is left.
  public var batchSize: Int
  /// A new order of rows each epoch.
  public var shuffle: Bool
  /// For initial weights, shuffling and dropout.
  public var seed: UInt64
  /// Makes an epoch of so many steps, the next of the steps that follow, and so on through the rows. Where they end, the
  /// epoch ends with fewer, and the next one begins them in a new order. nil makes an epoch of all rows.
  public var stepsPerEpoch: Int?
  /// After which epochs to validate.
  public var validationFrequency: ValidationFrequency
  /// Ends the fit after so many steps, within an epoch if need be.
  public var stepLimit: Int?
  /// Ends the fit at the first step after so many seconds.
  public var budgetSeconds: Double?
  public var callbacks: [any Callback]
  public var metrics: [any Metric]
  /// At most so many threads; the result does not depend on it. The machine's cores if nil.
  public var threads: Int?
  /// Forces a variant of the kernels; the result does not depend on it.
  public var instructionSet: InstructionSet?

  public init(
    epochs: Int = 1, batchSize: Int = 32, shuffle: Bool = true, seed: UInt64 = 0, stepLimit: Int? = nil,
    budgetSeconds: Double? = nil, callbacks: [any Callback] = [], metrics: [any Metric] = [],
    threads: Int? = nil,
    instructionSet: InstructionSet? = nil, stepsPerEpoch: Int? = nil,
    validationFrequency: ValidationFrequency = .every(1)
  ) {
    self.epochs = epochs
    self.batchSize = batchSize
    self.shuffle = shuffle
    self.seed = seed
    self.stepLimit = stepLimit
    self.budgetSeconds = budgetSeconds
    self.callbacks = callbacks
    self.metrics = metrics
    self.threads = threads
    self.instructionSet = instructionSet
    self.stepsPerEpoch = stepsPerEpoch
    self.validationFrequency = validationFrequency
  }

  func check() throws(EngineError) {
    func refuse(_ option: String, _ value: String, _ requirement: String) -> EngineError {
      .invalidOption(owner: "fit", option: option, value: value, requirement: requirement)
    }
    guard epochs >= 0, epochs < 1 << 40 else {
      throw refuse("epochs", "\(epochs)", "a whole number from 0 on")
    }
    guard batchSize > 0, batchSize < 1 << 32 else {
      throw refuse("batch", "\(batchSize)", "a whole number above 0")
    }
    if let stepsPerEpoch, stepsPerEpoch < 1 {
      throw refuse("steps_per_epoch", "\(stepsPerEpoch)", "a whole number above 0")
    }
    if case .every(let period) = validationFrequency, period < 1 {
      throw refuse("validation_freq", "\(period)", "a whole number above 0")
    }
    if let stepLimit, stepLimit < 0 { throw refuse("steps", "\(stepLimit)", "a whole number from 0 on") }
    if let budgetSeconds, !(budgetSeconds >= 0) {
      throw refuse("budget", "\(budgetSeconds)", "a duration from 0 on")
    }
  }
}
