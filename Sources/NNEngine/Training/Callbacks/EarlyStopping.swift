/// Ends a fit when a monitored value has stopped improving, by Keras 3's rules to the letter:
///
/// - what is better, ``Monitor`` says;
/// - waiting restarts only if a better value also beats the baseline;
/// - the fit stops once the epochs waited reach `patience`, but never after its first epoch, so 0 is like 1;
/// - epochs before `startFromEpoch` (from 0, counting on over continued fits) are not looked at, nor are those without the
///   value;
/// - with `restoreBestWeights` the best weights are put back at the end of every fit, stopped early or not.
public struct EarlyStopping: Callback {
  public typealias Mode = Monitor.Mode

  public var monitor: Monitor
  public var patience: Int
  public var baseline: Double?
  public var restoreBestWeights: Bool
  public var startFromEpoch: Int

  private var wait = 0
  private var best: Double?
  private var bestEpoch: Int?
  private var bestNetwork: Network?

  public init(
    monitor: String = "val_loss", minDelta: Double = 0, patience: Int = 0, mode: Mode = .auto,
    baseline: Double? = nil, restoreBestWeights: Bool = false, startFromEpoch: Int = 0
  ) {
    self.monitor = Monitor(monitor, mode: mode, minDelta: minDelta)
    self.patience = patience
    self.baseline = baseline
    self.restoreBestWeights = restoreBestWeights
    self.startFromEpoch = startFromEpoch
  }

  public mutating func begin(_ start: inout CallbackStart) throws(EngineError) {
    try monitor.begin(start)
    wait = 0
    best = nil
    bestEpoch = nil
    bestNetwork = nil
  }

  public mutating func epochEnded(_ logs: inout EpochRecord, _ fit: any FitUnderWay) -> CallbackAction {
    guard let current = logs[monitor.name], logs.epoch > startFromEpoch else { return .proceed }
    if restoreBestWeights, bestNetwork == nil {
      bestNetwork = fit.currentNetwork()
      bestEpoch = logs.epoch
    }
    wait += 1
    if monitor.improves(current, over: best) {
      best = current
      bestEpoch = logs.epoch
      if restoreBestWeights { bestNetwork = fit.currentNetwork() }
      if baseline == nil || monitor.improves(current, over: baseline) { wait = 0 }
      return .proceed
    }
    return wait >= patience && logs.epoch > 1 ? .stop : .proceed
  }

  public mutating func end(_ reason: StopReason, _ fit: any FitUnderWay) -> CallbackEnd {
    CallbackEnd(
      bestEpoch: bestEpoch, restored: bestNetwork, restoredEpoch: bestNetwork == nil ? nil : bestEpoch)
  }

  public var memory: CallbackMemory {
    var memory = CallbackMemory(numbers: ["wait": Double(wait)])
    memory.numbers["best"] = best
    memory.numbers["best_epoch"] = bestEpoch.map { Double($0) }
    for parameter in bestNetwork?.parameters ?? [] { memory.tensors[parameter.name] = parameter.values }
    return memory
  }

  public mutating func restore(_ memory: CallbackMemory, _ fit: any FitUnderWay) throws(EngineError) {
    wait = memory.count("wait") ?? 0
    best = memory.numbers["best"]
    bestEpoch = memory.count("best_epoch")
    bestNetwork = nil
    guard restoreBestWeights, bestEpoch != nil else { return }
    var network = fit.currentNetwork()
    for parameter in network.parameters {
      try network.setParameter(
        name: parameter.name, shape: parameter.shape, values: memory.tensors[parameter.name] ?? [])
    }
    bestNetwork = network
  }
}
