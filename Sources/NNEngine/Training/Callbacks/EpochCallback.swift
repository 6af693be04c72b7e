/// A callback from a closure, called after each whole epoch.
///
///     EpochCallback { logs, fit in
///       print(logs.epoch, logs["val_loss"] ?? .nan)
///       return logs.epoch == 100 ? .stop : .proceed
///     }
public struct EpochCallback: Callback {
  private let body: @Sendable (EpochRecord, any FitUnderWay) -> CallbackAction

  public init(_ body: @escaping @Sendable (EpochRecord, any FitUnderWay) -> CallbackAction) {
    self.body = body
  }

  public mutating func epochEnded(_ logs: inout EpochRecord, _ fit: any FitUnderWay) -> CallbackAction {
    body(logs, fit)
  }
}
