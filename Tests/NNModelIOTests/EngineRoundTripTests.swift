import NNEngine
import Testing

@testable import NNModelIO

@Suite("Saved models and the engine")
struct EngineRoundTripTests {
  @Test("a trained network comes back with its digest, its optimizer and its predictions")
  func trained() throws {
    let rows = 40
    let features = Matrix(rows: rows, columns: 2, values: (0..<rows * 2).map { Float($0 % 13) / 13 })
    let targets = Matrix(rows: rows, columns: 1, values: (0..<rows).map { Float($0 % 5) / 5 })
    let layers: [any Layer] = [Dense(units: 3, activation: ReLU()), Dropout(rate: 0.1), Dense(units: 1)]
    var network = try Network(inputWidth: 2, layers: layers)
    network.initializeWeights(seed: 1)
    var state = TrainingState(optimizer: Adam())
    var trainer = try Trainer(
      network: network, loss: MeanSquaredError(), options: FitOptions(epochs: 2, seed: 1))
    let outcome = try trainer.fit(
      training: Dataset(features: features, targets: targets), validation: nil, state: &state, observer: nil,
      stop: nil)

    var model = SavedModel(version: "1", inputWidth: 2, layers: [LayerRecord(name: "dense")])
    model.parameters = SavedModel.tensors(of: trainer.network)
    model.optimizerState = SavedModel.optimizerTensors(of: state, network: trainer.network)
    model.history = outcome.records.map { HistoryEntry($0) }
    model.progress = ProgressRecord(state)
    #expect(
      model.parameters.map(\.name) == [
        "layers.0.kernel", "layers.0.bias", "layers.2.kernel", "layers.2.bias",
      ])
    #expect(model.optimizerState.count == state.slots.count && state.slots.count == 8)

    try withTemporaryFolder { folder in
      try model.write(path: folder + "/m.safetensors")
      let back = try SavedModel(path: folder + "/m.safetensors")
      #expect(back == model)
      var again = try Network(inputWidth: 2, layers: layers)
      try back.setParameters(of: &again)
      #expect(again.digest == trainer.network.digest)
      #expect(try again.predict(features) == trainer.network.predict(features))
      #expect(back.slots == state.slots)
      #expect(back.progress.epochsDone == 2 && back.progress.iterations == state.iterations)
      #expect(back.history.map { $0.record["loss"] } == outcome.records.map { $0["loss"] })
      var other = try Network(inputWidth: 3, layers: layers)
      #expect(throws: EngineError.self) { try back.setParameters(of: &other) }
    }
  }

  @Test("an epoch that was cut short comes back")
  func partial() throws {
    var model = try exampleModel()
    model.progress.openPass = TrainingState.OpenPass(
      step: 3, rows: 40, batchSize: 8, seed: .max, shuffle: true, sums: [0.1, .infinity])
    model.history[1].isPartial = true
    try withTemporaryFolder { folder in
      try model.write(path: folder + "/m.safetensors")
      #expect(try SavedModel(path: folder + "/m.safetensors") == model)
    }
    // Epochs of a number of steps, and a rate that a callback has lowered.
    model.progress.openPass?.epochStart = 2
    model.progress.openPass?.stepsPerEpoch = 2
    model.progress.passesDone = 17
    model.progress.learningRate = 0.00125
    try withTemporaryFolder { folder in
      try model.write(path: folder + "/m.safetensors")
      #expect(try SavedModel(path: folder + "/m.safetensors") == model)
    }
  }
}
