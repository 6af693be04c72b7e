import CKernels
import Foundation
import Testing

@testable import NNEngine

@Suite("Learning-rate schedules")
struct ScheduleTests {
  static let values: [String: [Double]] = {
    var table: [String: [Double]] = [:]
    for line in kerasScheduleValues.split(separator: "\n") {
      let parts = line.split(separator: ":")
      guard parts.count == 2 else { continue }
      table[String(parts[0])] = parts[1].split(separator: " ").compactMap { Double($0) }
    }
    return table
  }()

  static let schedules: [(String, any LearningRateSchedule)] = [
    ("exponential", ExponentialDecay(initialLearningRate: 0.1, decaySteps: 30, decayRate: 0.9)),
    (
      "exponential staircase",
      ExponentialDecay(initialLearningRate: 0.1, decaySteps: 30, decayRate: 0.9, staircase: true)
    ),
    ("piecewise", PiecewiseConstantDecay(boundaries: [10, 50, 100], values: [1, 0.5, 0.25, 0.1])),
    ("piecewise one", PiecewiseConstantDecay(boundaries: [10], values: [0.3, 0.2])),
    ("polynomial", PolynomialDecay(initialLearningRate: 0.1, decaySteps: 100)),
    (
      "polynomial power",
      PolynomialDecay(initialLearningRate: 0.1, decaySteps: 100, endLearningRate: 0.01, power: 0.5)
    ),
    (
      "polynomial cycle",
      PolynomialDecay(initialLearningRate: 0.1, decaySteps: 50, endLearningRate: 0.01, power: 2, cycle: true)
    ),
    ("inverse_time", InverseTimeDecay(initialLearningRate: 0.1, decaySteps: 30, decayRate: 0.5)),
    (
      "inverse_time staircase",
      InverseTimeDecay(initialLearningRate: 0.1, decaySteps: 30, decayRate: 0.5, staircase: true)
    ),
    ("cosine", CosineDecay(initialLearningRate: 0.1, decaySteps: 300)),
    ("cosine alpha", CosineDecay(initialLearningRate: 0.1, decaySteps: 300, alpha: 0.1)),
    (
      "cosine warmup",
      CosineDecay(initialLearningRate: 0, decaySteps: 300, alpha: 0.05, warmupTarget: 0.2, warmupSteps: 50)
    ),
    ("cosine_restarts", CosineDecayRestarts(initialLearningRate: 0.1, firstDecaySteps: 100)),
    (
      "cosine_restarts mul",
      CosineDecayRestarts(initialLearningRate: 0.1, firstDecaySteps: 100, tMul: 1.5, mMul: 0.9, alpha: 0.1)
    ),
    (
      "cosine_restarts even",
      CosineDecayRestarts(initialLearningRate: 0.1, firstDecaySteps: 50, tMul: 1, mMul: 0.8)
    ),
    (
      "cosine_restarts thirty",
      CosineDecayRestarts(initialLearningRate: 0.1, firstDecaySteps: 10, tMul: 2, mMul: 0.5)
    ),
  ]

  @Test("as Keras computes them, to float32's rounding", arguments: schedules.map(\.0))
  func kerasValues(_ name: String) throws {
    let schedule = try #require(Self.schedules.first { $0.0 == name }?.1)
    let steps = try #require(Self.values["steps"])
    let rates = try #require(Self.values[name])
    #expect(rates.count == steps.count && rates.count > 30)
    try schedule.check()
    for (step, expected) in zip(steps, rates) {
      let rate = Double(schedule.rate(step: Int(step)))
      #expect(
        abs(rate - expected) <= 3e-7 * max(abs(expected), 0.1),
        "step \(Int(step)): \(rate), Keras \(expected)")
    }
  }

  @Test("a piece lasts up to and including its boundary")
  func boundaries() {
    let schedule = PiecewiseConstantDecay(boundaries: [2, 5], values: [3, 2, 1])
    #expect((0..<8).map { schedule.rate(step: $0) } == [3, 3, 3, 2, 2, 2, 1, 1])
  }

  @Test("ends are exact")
  func ends() {
    let cosine = CosineDecay(initialLearningRate: 0.5, decaySteps: 10)
    #expect(cosine.rate(step: 0) == 0.5 && cosine.rate(step: 10) == 0 && cosine.rate(step: 1 << 49) == 0)
    let line = PolynomialDecay(initialLearningRate: 0.5, decaySteps: 10, endLearningRate: 0.25)
    #expect(line.rate(step: 0) == 0.5 && line.rate(step: 10) == 0.25 && line.rate(step: 11) == 0.25)
    let warm = CosineDecay(initialLearningRate: 0, decaySteps: 10, warmupTarget: 1, warmupSteps: 4)
    #expect((0...4).map { warm.rate(step: $0) } == [0, 0.25, 0.5, 0.75, 1])
  }

  @Test("options that make no sense are refused")
  func refusals() {
    let wrong: [any LearningRateSchedule] = [
      ExponentialDecay(initialLearningRate: -1, decaySteps: 1, decayRate: 1),
      ExponentialDecay(initialLearningRate: 1, decaySteps: 0, decayRate: 1),
      ExponentialDecay(initialLearningRate: 1, decaySteps: 1, decayRate: .nan),
      PiecewiseConstantDecay(boundaries: [], values: [1]),
      PiecewiseConstantDecay(boundaries: [5, 5], values: [1, 2, 3]),
      PiecewiseConstantDecay(boundaries: [5], values: [1]),
      PiecewiseConstantDecay(boundaries: [5], values: [1, .infinity]),
      PolynomialDecay(initialLearningRate: 1, decaySteps: -3),
      PolynomialDecay(initialLearningRate: 1, decaySteps: 3, power: -1),
      InverseTimeDecay(initialLearningRate: 1, decaySteps: 0, decayRate: 1),
      CosineDecay(initialLearningRate: 1, decaySteps: 0),
      CosineDecay(initialLearningRate: 1, decaySteps: 1, warmupTarget: -1),
      CosineDecay(initialLearningRate: 1, decaySteps: 1, warmupTarget: 1, warmupSteps: -1),
      CosineDecayRestarts(initialLearningRate: 1, firstDecaySteps: 0),
      CosineDecayRestarts(initialLearningRate: 1, firstDecaySteps: 1, tMul: 0.5),
    ]
    for schedule in wrong { #expect(throws: EngineError.self) { try schedule.check() } }
    // Nothing traps even where nobody has checked.
    for schedule in wrong { _ = schedule.rate(step: 7) }
  }

  @Test("the last step of a fit has the schedule's rate, and the record the next one's")
  func records() throws {
    var sgd = SGD()
    sgd.settings.schedule = PiecewiseConstantDecay(boundaries: [1, 5], values: [0.5, 0.25, 0.125])
    let data = syntheticRegression(rows: 8, inputs: 3, outputs: 1)
    var trainer = try Trainer(
      network: Network(inputWidth: 3, layers: [Dense(units: 1)]), loss: MeanSquaredError(),
      options: FitOptions(epochs: 4, batchSize: 4, seed: 1))
    var state = TrainingState(optimizer: sgd)
    let outcome = try trainer.fit(training: data, state: &state)
    // Two steps an epoch: after the first comes step 2, after the third step 6.
    #expect(outcome.records.map(\.learningRate) == [0.25, 0.25, 0.125, 0.125])
  }
}

@Suite("Elementary functions in double")
struct ElementaryTests {
  private func points(_ count: Int, _ low: Double, _ high: Double) -> [Double] {
    (0...count).map { low + (high - low) * Double($0) / Double(count) }
  }

  @Test("exp, pow and cos are right to a few units in the sixteenth place")
  func accuracy() {
    for x in points(5000, -700, 700) { #expect(abs(ck_exponential(x) / exp(x) - 1) < 1e-15, "exp(\(x))") }
    for base in points(60, 0.01, 12) {
      for exponent in points(60, -6, 6) {
        let error = abs(ck_power(base, exponent) / pow(base, exponent) - 1)
        #expect(error < 1e-15 * (1 + abs(exponent * log(base)) / 2), "pow(\(base), \(exponent))")
      }
    }
    for x in points(5000, -20, 20) { #expect(abs(ck_cosine(x) - cos(x)) < 2e-16, "cos(\(x))") }
    for k in 0..<6 {
      // Close to a zero what is left is all there is.
      let x = Double(Float(Double.pi * (Double(k) + 0.5)))
      #expect(abs(ck_cosine(x) / cos(x) - 1) < 1e-12, "cos(\(x))")
    }
  }

  @Test("edges")
  func edges() {
    #expect(ck_exponential(0) == 1 && ck_exponential(1e4) == .infinity && ck_exponential(-1e4) == 0)
    #expect(
      ck_exponential(.nan).isNaN && ck_exponential(.infinity) == .infinity && ck_exponential(-.infinity) == 0)
    #expect(abs(ck_exponential(709.75) / exp(709.75) - 1) < 1e-15)
    #expect(ck_power(0, 0) == 1 && ck_power(0, 2) == 0 && ck_power(0, -2) == .infinity && ck_power(3, 2) == 9)
    #expect(ck_power(-1, 0.3).isNaN && ck_power(1, .infinity) == 1 && ck_power(.nan, 1).isNaN)
    #expect(ck_power(2, -1) == 0.5 && ck_power(4, 0.5) == 2 && ck_power(4, -0.5) == 0.5)
    #expect(ck_cosine(0) == 1 && ck_cosine(.infinity).isNaN && ck_cosine(1e9).isNaN)
    #expect(Elementary.cosine(Float(Double.pi)) == -1)
  }
}
