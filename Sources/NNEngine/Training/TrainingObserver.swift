/// Watches a fit.
public protocol TrainingObserver {
  func epochEnded(_ record: EpochRecord)
  /// Called at most twenty times a second. Epoch and step count from 1; the loss is the epoch's mean so far.
  func stepEnded(epoch: Int, step: Int, stepsPerEpoch: Int, runningLoss: Double)
  /// A callback has changed the learning rate after the epoch.
  func learningRateChanged(epoch: Int, from old: Double, to new: Double)
}

extension TrainingObserver {
  public func epochEnded(_ record: EpochRecord) {}
  public func stepEnded(epoch: Int, step: Int, stepsPerEpoch: Int, runningLoss: Double) {}
  public func learningRateChanged(epoch: Int, from old: Double, to new: Double) {}
}
