import NNEngine

/// The epochs of a model's fits, in order.
public struct History: Sendable, RandomAccessCollection {
  public private(set) var epochs: [EpochRecord] = []
  /// The epoch whose weights are kept, if they are one's.
  public internal(set) var keptEpoch: Int?

  public init() {}

  public var startIndex: Int { epochs.startIndex }
  public var endIndex: Int { epochs.endIndex }
  public subscript(position: Int) -> EpochRecord { epochs[position] }

  /// Adds an epoch; one that was begun before gives way to its whole.
  mutating func append(_ epoch: EpochRecord) {
    if let last = epochs.last, last.isPartial, last.epoch == epoch.epoch { epochs.removeLast() }
    epochs.append(epoch)
  }
}

extension EpochRecord {
  /// The training loss; NaN if the record has none.
  public var loss: Double { self["loss"] ?? .nan }
  /// The validation loss, if there was validation.
  public var valLoss: Double? { self["val_loss"] }
}
