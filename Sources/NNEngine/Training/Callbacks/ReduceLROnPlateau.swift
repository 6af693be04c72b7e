/// Multiplies the learning rate by a factor when a monitored value has stopped improving, by Keras 3's rules to the letter:
///
/// - what is better, ``Monitor`` says;
/// - the rate falls once the epochs without improvement reach `patience` (0 is like 1): lr ← max(lr · factor, minRate), from
///   the rate as float32, the product in double, rounded to float32;
/// - then `cooldown` epochs pass without waiting, in which an improvement still counts;
/// - where the rate is already at `minRate` it stays, and the waiting goes on;
/// - the rate of the epoch is added to the logs as `learning_rate`, for the callbacks that follow.
public struct ReduceLROnPlateau: Callback {
  public var monitor: Monitor
  /// From 0 to below 1.
  public var factor: Double
  public var patience: Int
  public var cooldown: Int
  public var minRate: Double

  private var wait = 0
  private var cooldownLeft = 0
  private var best: Double?

  public init(
    monitor: String = "val_loss", factor: Double = 0.1, patience: Int = 10, mode: Monitor.Mode = .auto,
    minDelta: Double = 1e-4, cooldown: Int = 0, minRate: Double = 0
  ) {
    self.monitor = Monitor(monitor, mode: mode, minDelta: minDelta)
    self.factor = factor
    self.patience = patience
    self.cooldown = cooldown
    self.minRate = minRate
  }

  public mutating func begin(_ start: inout CallbackStart) throws(EngineError) {
    let options = OptionCheck("reduce_lr_on_plateau")
    try options.fraction(["factor": factor])
    try options.notNegative(["min_lr": minRate])
    if let schedule = start.schedule {
      throw options.refuse("learning_rate", "the schedule \(schedule)", "a number, which it can lower")
    }
    if !start.values.contains(where: { $0.name == learningRateName }) {
      start.values.append((learningRateName, nil))
    }
    try monitor.begin(start)
    wait = 0
    cooldownLeft = 0
    best = nil
  }

  public mutating func epochEnded(_ logs: inout EpochRecord, _ fit: any FitUnderWay) -> CallbackAction {
    logs.set(learningRateName, Double(Float(fit.learningRate)))
    guard let current = logs[monitor.name] else { return .proceed }
    if cooldownLeft > 0 {
      cooldownLeft -= 1
      wait = 0
    }
    if monitor.improves(current, over: best) {
      best = current
      wait = 0
    } else if cooldownLeft == 0 {
      wait += 1
      let rate = Double(Float(fit.learningRate))
      if wait >= patience, Float(rate) > Float(minRate) {
        fit.learningRate = Double(Float(max(rate * factor, minRate)))
        cooldownLeft = cooldown
        wait = 0
      }
    }
    return .proceed
  }

  public var memory: CallbackMemory {
    var memory = CallbackMemory(numbers: ["wait": Double(wait), "cooldown": Double(cooldownLeft)])
    memory.numbers["best"] = best
    return memory
  }

  public mutating func restore(_ memory: CallbackMemory, _ fit: any FitUnderWay) throws(EngineError) {
    wait = memory.count("wait") ?? 0
    cooldownLeft = memory.count("cooldown") ?? 0
    best = memory.numbers["best"]
  }
}

/// The name under which callbacks see the learning rate.
public let learningRateName = "learning_rate"
