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

    /// The training loss; NaN if the epoch has none.
    public var loss: Double { self["loss"] ?? .nan }
    /// The validation loss, if there was validation.
    public var valLoss: Double? { self["val_loss"] }
    public subscript(name: String) -> Double? { values.first { $0.name == name }?.value }

    public init(number: Int, values: [(name: String, value: Double)], learningRate: Double, seconds: Double) {
      self.number = number
      self.values = values
      self.learningRate = learningRate
      self.seconds = seconds
    }
  }

  public private(set) var epochs: [Epoch] = []
  /// The epoch whose weights are kept, if they are one's.
  public internal(set) var keptEpoch: Int?

  public init() {}

  public var startIndex: Int { epochs.startIndex }
  public var endIndex: Int { epochs.endIndex }
  public subscript(position: Int) -> Epoch { epochs[position] }

  mutating func append(_ epoch: Epoch) { epochs.append(epoch) }
}
