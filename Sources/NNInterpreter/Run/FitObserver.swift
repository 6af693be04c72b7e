import NNEngine

/// Hands the engine's progress on as events.
struct FitObserver: TrainingObserver {
  let fit: Int
  let epochs: Int
  let context: RunContext

  func epochEnded(_ record: EpochRecord) {
    context.tell(.epoch(.init(fit: fit, epochs: epochs, record: record)))
  }

  func learningRateChanged(epoch: Int, from old: Double, to new: Double) {
    context.tell(.learningRate(.init(fit: fit, epoch: epoch, from: old, to: new)))
  }

  func stepEnded(epoch: Int, step: Int, stepsPerEpoch: Int, runningLoss: Double) {
    context.tell(
      .step(
        .init(
          fit: fit, epoch: epoch, epochs: epochs, step: step, stepsPerEpoch: stepsPerEpoch, loss: runningLoss)
      ))
  }
}
