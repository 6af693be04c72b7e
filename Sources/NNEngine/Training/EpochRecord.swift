/// What an epoch gave.
public struct EpochRecord: Sendable {
  /// From 1, counting on over continued fits.
  public var epoch: Int
  /// `loss`, the metrics, then `val_loss` and the metrics with `val_`, if there was validation after it. Each is a float32.
  public var values: [(name: String, value: Double)]
  public var learningRate: Double
  public var seconds: Double
  /// The epoch was cut short by a limit or a stop; its loss is over the steps done.
  public var isPartial: Bool

  public init(
    epoch: Int, values: [(name: String, value: Double)], learningRate: Double, seconds: Double,
    isPartial: Bool = false
  ) {
    self.epoch = epoch
    self.values = values
    self.learningRate = learningRate
    self.seconds = seconds
    self.isPartial = isPartial
  }

  public subscript(name: String) -> Double? { values.first { $0.name == name }?.value }

  /// Sets a value, behind the others if it is new.
  public mutating func set(_ name: String, _ value: Double) {
    if let index = values.firstIndex(where: { $0.name == name }) {
      values[index].value = value
    } else {
      values.append((name, value))
    }
  }
}

/// Why a fit ended.
public enum StopReason: Sendable, Equatable {
  case epochs, earlyStopping, budget, steps, interrupted
  /// A batch's loss was not finite: the epoch (from 1), its step (from 1), and the first layer (from 0) whose output
  /// was not finite, if one was.
  case nonFinite(epoch: Int, step: Int, layer: Int?)
  /// A callback (its place in their order, from 0) could not do its work.
  case callbackFailed(callback: Int, reason: String)
  /// Rows could not be read, or were not what training can take.
  case rowsFailed(EngineError)
}

/// What a fit gave.
public struct FitOutcome: Sendable {
  public var records: [EpochRecord]
  public var reason: StopReason
  /// The best epoch by early stopping's monitor, else by `val_loss`, else by `loss`.
  public var bestEpoch: Int?
  /// The network has the best epoch's weights again.
  public var restored: Bool
  public var seconds: Double
  /// The epoch after which the network had the weights that it has now; 0 for those before the first.
  public var keptEpoch: Int
  /// The step within the last epoch at which the fit ended, if that epoch is not whole.
  public var stepInEpoch: Int?
  /// The step at which the loss stopped being finite, if it did.
  public var divergence: Divergence?
  /// Of several ranks: how long the fit's steps waited for others, or for sums under way.
  public var waited: Double?
}
