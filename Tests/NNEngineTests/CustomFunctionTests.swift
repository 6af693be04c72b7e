import Testing

@testable import NNEngine

/// Losses and activations of an embedding program, against those that they copy.
@Suite("Custom losses and activations")
struct CustomFunctionTests {
  private let squares = CustomLoss("squares") { predictions, targets in
    zip(predictions, targets).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / Float(targets.count)
  } gradient: { predictions, targets in
    zip(predictions, targets).map { 2 * ($0 - $1) / Float(targets.count) }
  }
  private let hinge = CustomActivation("hinge", value: { max($0, 0) }, derivative: { $0 > 0 ? 1 : 0 })

  private func fit(
    _ loss: any Loss, _ activation: any Activation, data: Dataset? = nil, threads: Int = 1, epochs: Int = 8,
    grain: Grain = Grain()
  ) throws -> (records: [EpochRecord], network: Network) {
    let network = try Network(
      inputWidth: 4,
      layers: [Dense(units: 6, activation: activation), ActivationLayer(activation), Dense(units: 2)])
    var options = FitOptions(epochs: epochs, batchSize: 16, seed: 3, threads: threads)
    options.grain = grain
    var trainer = try Trainer(network: network, loss: loss, options: options)
    var state = TrainingState(optimizer: SGD())
    let outcome = try trainer.fit(
      training: data ?? syntheticRegression(rows: 70, inputs: 4, outputs: 2), validation: nil, state: &state)
    return (outcome.records, trainer.network)
  }

  @Test("a copy of the mean squared error trains as it does, with and without weights")
  func loss() throws {
    let plain = syntheticRegression(rows: 70, inputs: 4, outputs: 2)
    var weighted = plain
    weighted.weights = (0..<70).map { Float($0 % 3) }
    for data in [plain, weighted] {
      let own = try fit(squares, Tanh(), data: data)
      let listed = try fit(MeanSquaredError(), Tanh(), data: data)
      #expect(own.records.count == 8)
      for (a, b) in zip(own.records, listed.records) {
        #expect(abs((a["loss"] ?? .nan) - (b["loss"] ?? 0)) < 1e-6)
      }
      let measured = try evaluate(listed.network, on: data, loss: squares)[0].value
      #expect(
        abs(measured - (try evaluate(listed.network, on: data, loss: MeanSquaredError())[0].value)) < 1e-6)
    }
  }

  @Test("a copy of relu trains to relu's bits")
  func activation() throws {
    #expect(
      try fit(MeanSquaredError(), hinge).network.digest == fit(MeanSquaredError(), ReLU()).network.digest)
  }

  @Test("the gradient is the derivative of the row's loss, times weight and scale")
  func gradient() throws {
    let quartic = CustomLoss { p, t in
      let e = p[0] - t[0]
      return e * e * e * e + p[1] * t[1]
    } gradient: { p, t in
      let e = p[0] - t[0]
      return [4 * e * e * e, t[1]]
    }
    var predictions: [Float] = [0.5, -1, 2, 0.25]
    var targets: [Float] = [1, 2, 0.5, -3]
    let weights: [Float] = [2, 0.5]
    func run(gradient: UnsafeMutablePointer<Float>?) -> [Float] {
      var values: [Float] = [0, 0]
      predictions.withUnsafeMutableBufferPointer { p in
        targets.withUnsafeMutableBufferPointer { t in
          guard let p = p.baseAddress, let t = t.baseAddress else { return }
          quartic.run(
            outputs: MatrixView(base: p, columns: 2, stride: 2),
            targets: MatrixView(base: t, columns: 2, stride: 2), weights: weights, scale: 0.5, rows: 2,
            values: &values, into: gradient.map { MatrixView(base: $0, columns: 2, stride: 2) })
        }
      }
      return values
    }
    var found = [Float](repeating: 0, count: 4)
    _ = found.withUnsafeMutableBufferPointer { run(gradient: $0.baseAddress) }
    for index in 0..<4 {
      let row = index / 2
      let middle = predictions[index]
      predictions[index] = middle + 0.01
      let above = run(gradient: nil)[row]
      predictions[index] = middle - 0.01
      let below = run(gradient: nil)[row]
      predictions[index] = middle
      #expect(abs((above - below) / 0.02 * weights[row] * 0.5 - found[index]) < 2e-3)
    }
  }

  @Test("the number of threads shows in no bit, whatever is shared")
  func threads() throws {
    for grain in [Grain(), .finest, .shared] {
      let one = try fit(squares, hinge, threads: 1, grain: grain).network.digest
      #expect(try fit(squares, hinge, threads: 2, grain: grain).network.digest == one)
    }
  }

  @Test("a gradient of the wrong length is refused before the fit, a loss that is no number ends it")
  func wrong() throws {
    let short = CustomLoss { _, _ in
      1
    } gradient: { _, _ in
      [1]
    }
    #expect(throws: EngineError.self) { try fit(short, ReLU()) }
    let nothing = CustomLoss { _, _ in
      .nan
    } gradient: { p, _ in
      p
    }
    #expect(throws: (any Error).self) {
      let end = try fit(nothing, ReLU())
      if end.records.isEmpty { throw EngineError.noRows(what: "records") }
    }
    #expect(throws: EngineError.self) {
      try fit(squares, ReLU(), data: syntheticRegression(rows: 20, inputs: 4, outputs: 3))
    }
  }
}
