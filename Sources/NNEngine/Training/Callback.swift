/// Acts on a fit between its epochs.
public protocol Callback: Sendable {
  /// Called before the first epoch of each fit; throws if the fit gives not what the callback needs.
  mutating func begin(_ start: CallbackStart) throws(EngineError)
  /// Called after each whole epoch. `network` copies the weights, so call it only if you need them.
  mutating func epochEnded(_ record: EpochRecord, network: () -> Network) -> CallbackAction
  /// Called at the end of the fit.
  mutating func end() -> CallbackEnd
}

extension Callback {
  public mutating func begin(_ start: CallbackStart) throws(EngineError) {}
  public mutating func end() -> CallbackEnd { CallbackEnd() }
}

/// What a fit is about to give.
public struct CallbackStart: Sendable {
  /// The names in every record, with the better direction where there is one.
  public var values: [(name: String, direction: MetricDirection?)]
}

public enum CallbackAction: Sendable {
  case proceed, stop
}

/// What a callback leaves.
public struct CallbackEnd: Sendable {
  public var bestEpoch: Int?
  /// The network to keep instead of the last one.
  public var restored: Network?
  /// The epoch whose weights `restored` has.
  public var restoredEpoch: Int?

  public init(bestEpoch: Int? = nil, restored: Network? = nil, restoredEpoch: Int? = nil) {
    self.bestEpoch = bestEpoch
    self.restored = restored
    self.restoredEpoch = restoredEpoch
  }
}
