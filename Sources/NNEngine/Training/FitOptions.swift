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
  /// Into how many shards each batch is cut. What is added up over rows is added up within each and then over them, in a fixed
  /// order, so that the result depends on this number and not on who computes which of them.
  public var shards: Int
  /// The processes that share the shards; nil for this one alone.
  public var ranks: (any Ranks)?
  /// How work is split.
  var grain = Grain()

  public init(
    epochs: Int = 1, batchSize: Int = 32, shuffle: Bool = true, seed: UInt64 = 0, stepLimit: Int? = nil,
    budgetSeconds: Double? = nil, callbacks: [any Callback] = [], metrics: [any Metric] = [],
    threads: Int? = nil,
    instructionSet: InstructionSet? = nil, stepsPerEpoch: Int? = nil,
    validationFrequency: ValidationFrequency = .every(1), shards: Int = 1, ranks: (any Ranks)? = nil
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
    self.shards = shards
    self.ranks = ranks
  }

  /// Whether so many ranks can share so many shards: they are a power of two, and all have as many shards.
  public static func takes(shards: Int, ranks: Int) -> Bool { ShardCut.takes(shards: shards, ranks: ranks) }

  func check() throws(EngineError) {
    let options = OptionCheck("fit")
    try options.whole("epochs", epochs, from: 0, to: 1 << 40)
    try options.whole("batch", batchSize, from: 1, to: 1 << 32)
    try options.whole("steps_per_epoch", stepsPerEpoch ?? 1, from: 1)
    if case .every(let period) = validationFrequency { try options.whole("validation_freq", period, from: 1) }
    try options.whole("shards", shards, from: 1, to: batchSize)
    if let ranks, !FitOptions.takes(shards: shards, ranks: ranks.count) {
      throw options.refuse("shards", Double(shards), "a multiple of \(ranks.count), a power of two of ranks")
    }
    try options.whole("steps", stepLimit ?? 0, from: 0)
    if let budgetSeconds, !(budgetSeconds >= 0) {
      throw options.refuse("budget", budgetSeconds, "a duration from 0 up")
    }
  }
}
