/// Watches a fit.
public protocol TrainingObserver {
  func epochEnded(_ record: EpochRecord)
  /// Called at most twenty times a second. Epoch and step count from 1; the loss is the epoch's mean so far.
  func stepEnded(epoch: Int, step: Int, stepsPerEpoch: Int, runningLoss: Double)
}

extension TrainingObserver {
  public func epochEnded(_ record: EpochRecord) {}
  public func stepEnded(epoch: Int, step: Int, stepsPerEpoch: Int, runningLoss: Double) {}
}
