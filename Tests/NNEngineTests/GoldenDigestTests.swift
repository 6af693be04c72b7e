import Testing

@testable import NNEngine

/// Fixed runs whose weights must come out with the same bits on every machine, instruction set and number of threads.
/// A change here changes what users' scripts give: say so in the release notes.
@Suite("Golden digests")
struct GoldenDigestTests {
  struct Run: Sendable, CustomTestStringConvertible {
    var what: String
    var digest: String
    var make: @Sendable (FitOptions) throws -> (Network, any Loss, any Optimizer, Dataset)
    var testDescription: String { what }
  }

  static let runs: [Run] = [
    Run(what: "narrow relu, mae, sgd", digest: "147dbe79d6baf631") { _ in
      (
        try Network(
          inputWidth: 4,
          layers: [Dense(units: 6, activation: ReLU()), Dense(units: 6, activation: ReLU()), Dense(units: 2)]),
        MeanAbsoluteError(), SGD(), syntheticRegression(rows: 70, inputs: 4, outputs: 2)
      )
    },
    Run(what: "tanh and gelu with dropout, sparse cross-entropy, adam", digest: "b72895fbfa78699d") { _ in
      (
        try Network(
          inputWidth: 5,
          layers: [
            Dense(units: 20, activation: Tanh(), kernelInitializer: .heNormal), Dropout(rate: 0.25),
            Dense(units: 9, activation: GELU()), Dense(units: 4, activation: Softmax()),
          ]), SparseCategoricalCrossentropy(), Adam(),
        syntheticClasses(rows: 60, inputs: 5, classes: 4)
      )
    },
    Run(what: "elu and sigmoid with penalties, binary cross-entropy, nesterov", digest: "1534eeb597695ede") {
      _ in
      (
        try Network(
          inputWidth: 3,
          layers: [
            Dense(
              units: 17, activation: ELU(), kernelInitializer: .lecunUniform,
              kernelRegularizer: L1L2(l1: 1e-3, l2: 1e-3)),
            Dense(units: 1, activation: Sigmoid(), activityRegularizer: L1L2(l2: 1e-2)),
          ]), BinaryCrossentropy(labelSmoothing: 0.1), SGD(learningRate: 0.05, momentum: 0.9, nesterov: true),
        syntheticClasses(rows: 45, inputs: 3, classes: 2)
      )
    },
    Run(
      what: "glu, mish and selu, focal cross-entropy with an alpha a class, sgd", digest: "d370ea944603e462"
    ) { _ in
      (
        try Network(
          inputWidth: 5,
          layers: [
            Dense(units: 24, activation: GLU()), Dense(units: 11, activation: Mish()),
            Dense(units: 9, activation: SELU()),
            Dense(units: 4, activation: Softmax()),
          ]), CategoricalFocalCrossentropy(alpha: [0.2, 0.4, 0.6, 0.8], gamma: 1.5, labelSmoothing: 0.1),
        SGD(learningRate: 0.3), oneHot(syntheticClasses(rows: 60, inputs: 5, classes: 4), classes: 4)
      )
    },
    Run(what: "silu, softplus and celu, log-cosh, adam", digest: "c4f92da43bd592d8") { _ in
      (
        try Network(
          inputWidth: 6,
          layers: [
            Dense(units: 12, activation: SiLU()), Dense(units: 8, activation: Softplus()),
            Dense(units: 8, activation: CELU(alpha: 0.7)), Dense(units: 3, activation: LogSoftmax()),
          ]), LogCosh(), Adam(), syntheticRegression(rows: 33, inputs: 6, outputs: 3)
      )
    },
    Run(what: "exponential and squareplus, poisson; log of a cut below", digest: "889f5161e7b0d44a") { _ in
      var data = syntheticRegression(rows: 40, inputs: 6, outputs: 2)
      data.targets.values = data.targets.values.map { (abs($0) * 3).rounded() }
      return (
        try Network(
          inputWidth: 6,
          layers: [Dense(units: 12, activation: Squareplus()), Dense(units: 2, activation: Exponential())]),
        Poisson(),
        SGD(learningRate: 0.02), data
      )
    },
    Run(what: "leaky relu and gelu by tanh, weighted huber, amsgrad", digest: "521840fbba25b7d6") { _ in
      var data = syntheticRegression(rows: 33, inputs: 6, outputs: 3)
      data.weights = (0..<33).map { Float($0 % 5) * 0.5 }
      return (
        try Network(
          inputWidth: 6,
          layers: [
            Dense(units: 12, activation: LeakyReLU(), useBias: false),
            Dense(units: 8, activation: GELU(approximate: true)),
            Dense(units: 3),
          ]), Huber(), Adam(amsgrad: true), data
      )
    },
  ]

  static func digest(_ run: Run, set: InstructionSet, threads: Int) throws -> String {
    let options = FitOptions(epochs: 3, batchSize: 16, seed: 42, threads: threads, instructionSet: set)
    let (network, loss, optimizer, data) = try run.make(options)
    var trainer = try Trainer(network: network, loss: loss, options: options)
    var state = TrainingState(optimizer: optimizer)
    _ = try trainer.fit(training: data, validation: data, state: &state)
    return trainer.network.digest
  }

  @Test(arguments: runs)
  func golden(_ run: Run) throws {
    for set in InstructionSet.available {
      for threads in [1, 2] {
        let digest = try GoldenDigestTests.digest(run, set: set, threads: threads)
        #expect(digest == run.digest, "\(set), \(threads) threads")
      }
    }
  }
}
