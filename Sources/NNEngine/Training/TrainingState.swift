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
  /// Whole passes over the rows; numbers their orders. As many as epochs, unless an epoch is a number of steps.
  public var passesDone: Int
  /// The pass that a fit was stopped within, so that the next one goes on in its middle.
  public var openPass: OpenPass?

  public init(
    optimizer: any Optimizer, epochsDone: Int = 0, stepsDone: Int = 0, iterations: Int = 0,
    slots: [String: [Float]] = [:], passesDone: Int? = nil, openPass: OpenPass? = nil
  ) {
    self.optimizer = optimizer
    self.epochsDone = epochsDone
    self.stepsDone = stepsDone
    self.iterations = iterations
    self.slots = slots
    self.passesDone = passesDone ?? epochsDone
    self.openPass = openPass
  }

  /// Throws if counters cannot be, as a damaged file's might.
  func check() throws(EngineError) {
    try optimizer.check()
    var counters = [
      ("epochs", epochsDone), ("passes", passesDone), ("steps", stepsDone), ("iterations", iterations),
    ]
    if let openPass {
      counters += [
        ("step of the pass", openPass.step), ("first step of the epoch", openPass.epochStart),
        ("rows of the pass", openPass.rows), ("batch of the pass", openPass.batchSize),
      ]
    }
    for (option, value) in counters where value < 0 || value >= 1 << 50 {
      throw OptionCheck("the training state").refuse(option, value, "a count that a fit can reach")
    }
  }

  /// Rows that training is in the middle of.
  public struct OpenPass: Sendable, Hashable {
    /// Batches of the pass that are done.
    public var step: Int
    /// The batch (from 0) that the epoch at hand began with; `step` itself between two epochs.
    public var epochStart: Int
    public var rows: Int
    public var batchSize: Int
    public var seed: UInt64
    public var shuffle: Bool
    public var stepsPerEpoch: Int?
    /// Σ loss · rows over the epoch's batches, then the metrics' sums; empty between two epochs.
    public var sums: [Double]

    public init(
      step: Int, epochStart: Int = 0, rows: Int, batchSize: Int, seed: UInt64, shuffle: Bool,
      stepsPerEpoch: Int? = nil, sums: [Double]
    ) {
      self.step = step
      self.epochStart = epochStart
      self.rows = rows
      self.batchSize = batchSize
      self.seed = seed
      self.shuffle = shuffle
      self.stepsPerEpoch = stepsPerEpoch
      self.sums = sums
    }
  }
}
