import Testing

@testable import NNEngine

/// Networks drawn at random, trained under every instruction set and number of threads: one digest, one history.
@Suite("The same bits everywhere")
struct InvarianceTests {
  @Test(arguments: 0..<24 as Range<UInt64>)
  func randomNetwork(seed: UInt64) throws {
    var draw = SmallDraw(seed: seed, purpose: "invariance")
    let loss = GradientTests.losses[draw.below(GradientTests.losses.count)]
    let inputs = 1 + draw.below(20)
    let outputs = 2 + draw.below(20)
    var layers: [any Layer] = []
    for _ in 0..<draw.below(3) {
      let activation = GradientTests.activations[draw.below(GradientTests.activations.count)]
      layers.append(
        GradientTests.dense(
          1 + draw.below(40), activation, useBias: draw.below(3) > 0,
          init: draw.below(2) == 0
            ? VarianceScaling.heNormal as any Initializer : VarianceScaling.glorotUniform,
          kernelRegularizer: draw.below(3) == 0 ? L1L2(l1: 1e-3, l2: 1e-3) : nil,
          activityRegularizer: draw.below(3) == 0 ? L1L2(l2: 1e-3) : nil))
      if draw.below(3) == 0 { layers.append(Dropout(rate: 0.3)) }
    }
    let isPlain = draw.below(2) == 0 && !(loss is Poisson)
    layers.append(Dense(units: outputs, activation: isPlain ? Linear() : GradientTests.head(loss)))
    let optimizers: [any Optimizer] = [
      SGD(), SGD(momentum: 0.8), SGD(momentum: 0.8, nesterov: true), Adam(), Adam(amsgrad: true),
    ]
    let optimizer = optimizers[draw.below(optimizers.count)]
    let data = GradientTests.data(for: loss, rows: 20 + draw.below(30), inputs: inputs, outputs: outputs)
    let batch = 1 + draw.below(25)

    var results: Set<[String]> = []
    for set in InstructionSet.available {
      for threads in set == .portable ? [1, 3] : BitIdentityTests.threads {
        var options = FitOptions(
          epochs: 2, batchSize: batch, seed: seed, metrics: [LossMetric(loss, name: "again")],
          threads: threads, instructionSet: set)
        options.grain = [Grain(), .shared, .finest][threads % 3]
        var trainer = try Trainer(
          network: Network(inputWidth: inputs, layers: layers), loss: loss, options: options)
        var state = TrainingState(optimizer: optimizer)
        let outcome = try trainer.fit(training: data, validation: data, state: &state)
        let history = outcome.records.flatMap { $0.values.map { "\($0.name) \($0.value)" } }
        let predictions = try trainer.network.predict(data.features, threads: threads, instructionSet: set)
        results.insert([trainer.network.digest, "\(predictions.values)", "\(outcome.reason)"] + history)
      }
    }
    #expect(results.count == 1)
  }
}
