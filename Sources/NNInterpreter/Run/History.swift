import NNEngine

/// The epochs of a model's fits, in order.
public struct History: Sendable, RandomAccessCollection {
  public private(set) var epochs: [EpochRecord] = []
  /// The epoch whose weights are kept, if they are one's.
  public internal(set) var keptEpoch: Int?

  /// What each fit of these epochs was, in order; nothing of those that a file tells of.
  public internal(set) var fits: [FitSummary] = []

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

/// One fit, as its history remembers it.
public struct FitSummary: Sendable {
  /// As in ``RunEvent/FitStopped``: `epochs`, `early_stopping` ….
  public var reason: String
  public var seed: UInt64
  public var epochs: Int
  public var batch: Int
  public var rows: Int
  public var validationRows: Int
  public var steps: Int
}
