/// What a fit leaves for the next one to go on from, and what a saved model keeps.
public struct TrainingState: Sendable {
  /// Whole epochs.
  public var epochsDone: Int
  /// Steps, over all fits; numbers the draws of dropout.
  public var stepsDone: Int
  /// Steps of the optimizer, for its bias corrections.
  public var iterations: Int
  public var optimizer: any Optimizer
  /// The optimizer's memory, shaped like the parameters: `optimizer.m.layers.0.kernel`.
  public var slots: [String: [Float]]
  /// The epoch that a fit was stopped within, so that the next one goes on in its middle.
  public var partialEpoch: PartialEpoch?

  public init(
    optimizer: any Optimizer, epochsDone: Int = 0, stepsDone: Int = 0, iterations: Int = 0,
    slots: [String: [Float]] = [:]
  ) {
    self.optimizer = optimizer
    self.epochsDone = epochsDone
    self.stepsDone = stepsDone
    self.iterations = iterations
    self.slots = slots
  }

  /// Throws if counters cannot be, as a damaged file's might.
  func check() throws(EngineError) {
    try optimizer.check()
    for (option, value) in [("epochs", epochsDone), ("steps", stepsDone), ("iterations", iterations)]
    where value < 0 || value >= 1 << 50 {
      throw .invalidOption(
        owner: "the training state", option: option, value: "\(value)",
        requirement: "a count that a fit can reach")
    }
  }

  /// How far an unfinished epoch has come, and over what.
  public struct PartialEpoch: Sendable, Hashable {
    public var step: Int
    public var rows: Int
    public var batchSize: Int
    public var seed: UInt64
    public var shuffle: Bool
    /// Σ loss · rows over its batches, then the metrics' sums.
    public var sums: [Double]

    public init(step: Int, rows: Int, batchSize: Int, seed: UInt64, shuffle: Bool, sums: [Double]) {
      self.step = step
      self.rows = rows
      self.batchSize = batchSize
      self.seed = seed
      self.shuffle = shuffle
      self.sums = sums
    }
  }
}
