/// Ends a fit when a monitored value has stopped improving, by Keras 3's rules to the letter:
///
/// - a value is better if `value + |minDelta| < best` (or `value − |minDelta| > best`), in float32; the first one is;
/// - waiting restarts only if it also beats the baseline;
/// - the fit stops once the epochs waited reach `patience`, but never after its first epoch, so 0 is like 1;
/// - epochs before `startFromEpoch` (from 0, within this fit) are not looked at;
/// - with `restoreBestWeights` the best weights are put back at the end of every fit, stopped early or not.
public struct EarlyStopping: Callback {
  public enum Mode: String, Sendable {
    case auto, min, max
  }

  public var monitor: String
  public var minDelta: Double
  public var patience: Int
  public var mode: Mode
  public var baseline: Double?
  public var restoreBestWeights: Bool
  public var startFromEpoch: Int

  private var maximizes = false
  private var epochIndex = 0
  private var wait = 0
  private var best: Double?
  private var bestEpoch: Int?
  private var bestNetwork: Network?

  public init(
    monitor: String = "val_loss", minDelta: Double = 0, patience: Int = 0, mode: Mode = .auto,
    baseline: Double? = nil, restoreBestWeights: Bool = false, startFromEpoch: Int = 0
  ) {
    self.monitor = monitor
    self.minDelta = minDelta
    self.patience = patience
    self.mode = mode
    self.baseline = baseline
    self.restoreBestWeights = restoreBestWeights
    self.startFromEpoch = startFromEpoch
  }

  public mutating func begin(_ start: CallbackStart) throws(EngineError) {
    guard let found = start.values.first(where: { $0.name == monitor }) else {
      throw .unknownMonitor(name: monitor, available: start.values.map(\.name))
    }
    switch mode {
    case .auto:
      guard let direction = found.direction else { throw .noDirection(monitor: monitor) }
      maximizes = direction == .maximize
    case .min: maximizes = false
    case .max: maximizes = true
    }
    epochIndex = 0
    wait = 0
    best = nil
    bestEpoch = nil
    bestNetwork = nil
  }

  public mutating func epochEnded(_ record: EpochRecord, network: () -> Network) -> CallbackAction {
    let index = epochIndex
    epochIndex += 1
    guard let current = record[monitor], index >= startFromEpoch else { return .proceed }
    if restoreBestWeights, bestNetwork == nil {
      bestNetwork = network()
      bestEpoch = record.epoch
    }
    wait += 1
    if improves(current, over: best) {
      best = current
      bestEpoch = record.epoch
      if restoreBestWeights { bestNetwork = network() }
      if baseline == nil || improves(current, over: baseline) { wait = 0 }
      return .proceed
    }
    return wait >= patience && index > 0 ? .stop : .proceed
  }

  public mutating func end() -> CallbackEnd {
    CallbackEnd(
      bestEpoch: bestEpoch, restored: bestNetwork, restoredEpoch: bestNetwork == nil ? nil : bestEpoch)
  }

  private func improves(_ value: Double, over reference: Double?) -> Bool {
    guard let reference else { return true }
    let delta = abs(minDelta)
    return maximizes
      ? Float(value - delta) > Float(reference) : Float(value + delta) < Float(reference)
  }
}
