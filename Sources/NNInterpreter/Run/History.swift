/// The epochs of a model's fits, in order.
public struct History: Sendable, RandomAccessCollection {
  /// One epoch.
  public struct Epoch: Sendable {
    /// Counted from 1, on over continued fits.
    public var number: Int
    /// `loss`, the metrics, and both again with `val_`, in that order.
    public var values: [(name: String, value: Double)]
    public var learningRate: Double
    public var seconds: Double
    /// The fit was stopped within it; a later fit may finish it.
    public var isPartial: Bool

    /// The training loss; NaN if the epoch has none.
    public var loss: Double { self["loss"] ?? .nan }
    /// The validation loss, if there was validation.
    public var valLoss: Double? { self["val_loss"] }
    public subscript(name: String) -> Double? { values.first { $0.name == name }?.value }

    public init(
      number: Int, values: [(name: String, value: Double)], learningRate: Double, seconds: Double,
      isPartial: Bool = false
    ) {
      self.number = number
      self.values = values
      self.learningRate = learningRate
      self.seconds = seconds
      self.isPartial = isPartial
    }
  }

  public private(set) var epochs: [Epoch] = []
  /// The epoch whose weights are kept, if they are one's.
  public internal(set) var keptEpoch: Int?

  public init() {}

  public var startIndex: Int { epochs.startIndex }
  public var endIndex: Int { epochs.endIndex }
  public subscript(position: Int) -> Epoch { epochs[position] }

  /// Adds an epoch; one that was begun before gives way to its whole.
  mutating func append(_ epoch: Epoch) {
    if let last = epochs.last, last.isPartial, last.number == epoch.number { epochs.removeLast() }
    epochs.append(epoch)
  }
}
