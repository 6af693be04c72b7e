import Synchronization
import Testing

@testable import NNEngine

@Suite("A fit that is interrupted within a step")
struct InterruptionTests {
  private static let rows = 100
  private static let batch = 16

  /// With moving statistics, which the way forward moves before the step is known to be taken.
  private func network() throws -> Network {
    var network = try Network(
      inputWidth: 4,
      layers: [
        Dense(units: 24, activation: ReLU()), BatchNormalization(), Dense(units: 12, activation: Tanh()),
        Dense(units: 2, activation: Linear()),
      ])
    network.initializeWeights(seed: 3)
    return network
  }

  private struct Fit {
    var network: Network
    var state: TrainingState
    var outcome: FitOutcome
  }

  /// - Parameter asking: the row's loss, counted over the fit, from which on the end is asked for; nil for never.
  private func fit(
    _ start: Fit? = nil, epochs: Int = 3, asking: Int? = nil, steps: Int? = nil, threads: Int = 2
  ) throws -> Fit {
    let signal = StopSignal()
    let rowsSeen = Mutex(0)
    let loss = CustomLoss(
      value: { predictions, targets in
        let seen = rowsSeen.withLock { seen in
          seen += 1
          return seen
        }
        if let asking, seen >= asking { signal.request() }
        return zip(predictions, targets).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      }, gradient: { predictions, targets in zip(predictions, targets).map { 2 * ($0 - $1) } })
    var options = FitOptions(
      epochs: epochs, batchSize: Self.batch, seed: 1, stepLimit: steps, metrics: [MeanAbsoluteErrorMetric()],
      threads: threads)
    options.grain = .finest
    var trainer = try Trainer(network: start?.network ?? network(), loss: loss, options: options)
    var state = start?.state ?? TrainingState(optimizer: Adam())
    let outcome = try trainer.fit(
      training: syntheticRegression(rows: Self.rows, inputs: 4, outputs: 2), state: &state, stop: signal)
    return Fit(network: trainer.network, state: state, outcome: outcome)
  }

  @Test("keeps the weights of the last whole step", arguments: [1, 2], [1, 17, 40, 105])
  func givesUp(threads: Int, row: Int) throws {
    let stopped = try fit(asking: row, threads: threads)
    // Seven steps an epoch, the last of four rows.
    let whole = row > Self.rows ? 7 : (row - 1) / Self.batch
    #expect(stopped.outcome.reason == .interrupted)
    #expect(stopped.state.stepsDone == whole)
    let limited = try fit(steps: whole)
    #expect(stopped.network.digest == limited.network.digest)
    #expect(stopped.state.slots == limited.state.slots)
    #expect(stopped.outcome.records.map { $0["loss"] } == limited.outcome.records.map { $0["loss"] })
    #expect(
      stopped.outcome.records.last.map { $0.values.last?.value }
        == limited.outcome.records.last.map { $0.values.last?.value })
  }

  @Test("goes on as if nothing had been")
  func goesOn() throws {
    let stopped = try fit(asking: 40)
    let rest = try fit(stopped, epochs: 3)
    #expect(try fit().network.digest == rest.network.digest)
  }

  @Test("a validation under way is given up, and made up for when the fit goes on")
  func validation() throws {
    let measured = Mutex(0)
    func loss(asking signal: StopSignal?) -> CustomLoss {
      CustomLoss(
        value: { predictions, targets in
          let count = measured.withLock { count in
            count += 1
            return count
          }
          // 64 rows train, and of those that are watched after the first epoch some ask for the end.
          if count > 90 { signal?.request() }
          return (predictions[0] - targets[0]) * (predictions[0] - targets[0])
        }, gradient: { predictions, targets in [2 * (predictions[0] - targets[0])] })
    }
    var options = FitOptions(epochs: 2, batchSize: 16, seed: 1, threads: 2)
    options.grain = .finest
    let data = syntheticRegression(rows: 64, inputs: 4, outputs: 1)
    let watched = syntheticRegression(rows: 5000, inputs: 4, outputs: 1)
    func fit(
      _ network: Network, _ state: inout TrainingState, asking signal: StopSignal?, epochs: Int
    ) throws -> (outcome: FitOutcome, network: Network) {
      options.epochs = epochs
      var trainer = try Trainer(network: network, loss: loss(asking: signal), options: options)
      let outcome = try trainer.fit(training: data, validation: watched, state: &state, stop: signal)
      return (outcome, trainer.network)
    }
    let network = try Network(inputWidth: 4, layers: [Dense(units: 1, activation: Linear())])
    var state = TrainingState(optimizer: SGD())
    let whole = try fit(network, &state, asking: nil, epochs: 2)

    measured.withLock { $0 = 0 }
    state = TrainingState(optimizer: SGD())
    let stopped = try fit(network, &state, asking: StopSignal(), epochs: 2)
    #expect(stopped.outcome.reason == .interrupted)
    #expect(stopped.outcome.records.map(\.epoch) == [1])
    #expect(stopped.outcome.records.first?["val_loss"] == nil)
    #expect(state.epochsDone == 0 && state.stepsDone == 4)

    let rest = try fit(stopped.network, &state, asking: nil, epochs: 2)
    #expect(rest.network.digest == whole.network.digest)
    func values(_ outcome: FitOutcome) -> [[Double?]] {
      outcome.records.map { [$0["loss"], $0["val_loss"]] }
    }
    #expect(values(rest.outcome) == values(whole.outcome))
  }
}
