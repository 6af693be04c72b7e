import CKernels
import Testing

@testable import NNEngine

/// Every optimizer, and what surrounds it, against the real Keras over eight steps with gradients that are zero, tiny and large.
@Suite("Optimizers against Keras")
struct KerasOptimizerTests {
  static let values: [String: [Float]] = {
    var table: [String: [Float]] = [:]
    for line in kerasOptimizerValues.split(separator: "\n") {
      let parts = line.split(separator: ":")
      guard parts.count == 2 else { continue }
      table[String(parts[0])] = parts[1].split(separator: " ").compactMap { Float($0) }
    }
    return table
  }()

  static let shapes = [[3, 4], [4], [5, 2], [2]]
  static let count = 28

  static func weight(_ i: Int) -> Float { Float((i * 29 + 7) % 41 - 20) / 32 }

  static func gradient(_ i: Int, _ t: Int) -> Float {
    if i % 7 == 3 || (i % 5 == 2 && t % 2 == 0) { return 0 }
    var g = Float((i * 37 + t * 101 + i * t * 13) % 97 - 48) / 64
    if i % 11 == 5 { g *= 1024 }
    if i % 13 == 6 { g *= 0x1p-20 }
    return g
  }

  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var optimizer: any Optimizer
    var testDescription: String { name }

    init(_ name: String, _ optimizer: any Optimizer, _ change: (inout OptimizerSettings) -> Void = { _ in }) {
      self.name = name
      self.optimizer = optimizer
      change(&self.optimizer.settings)
    }
  }

  static let halving = ExponentialDecay(initialLearningRate: 0.1, decaySteps: 3, decayRate: 0.5)

  static let cases: [Case] = [
    Case("sgd", SGD()), Case("sgd momentum", SGD(learningRate: 0.05, momentum: 0.9)),
    Case("sgd nesterov", SGD(learningRate: 0.05, momentum: 0.9, nesterov: true)),
    Case("rmsprop", RMSprop(learningRate: 0.01)),
    Case("rmsprop momentum", RMSprop(learningRate: 0.01, rho: 0.8, momentum: 0.5, epsilon: 1e-5)),
    Case("rmsprop centered", RMSprop(learningRate: 0.01, epsilon: 1e-3, centered: true)),
    Case(
      "rmsprop centered momentum", RMSprop(learningRate: 0.01, momentum: 0.9, epsilon: 1e-3, centered: true)),
    Case("adam", Adam(learningRate: 0.01)),
    Case("adam amsgrad", Adam(learningRate: 0.01, beta1: 0.8, beta2: 0.9, epsilon: 1e-4, amsgrad: true)),
    Case("adamw", AdamW(learningRate: 0.01)),
    Case("adamw decay", AdamW(learningRate: 0.01, weightDecay: 0.1, amsgrad: true)),
    Case("nadam", Nadam(learningRate: 0.01)),
    Case("nadam betas", Nadam(learningRate: 0.02, beta1: 0.7, beta2: 0.9, epsilon: 1e-4)),
    Case("adamax", Adamax(learningRate: 0.01)),
    Case("adamax betas", Adamax(learningRate: 0.02, beta1: 0.7, beta2: 0.9, epsilon: 1e-4)),
    Case("adagrad", Adagrad(learningRate: 0.05)),
    Case("adagrad initial", Adagrad(learningRate: 0.05, initialAccumulatorValue: 0, epsilon: 1e-3)),
    Case("adadelta", Adadelta(learningRate: 1)),
    Case("adadelta rho", Adadelta(learningRate: 0.5, rho: 0.8, epsilon: 1e-4)),
    Case("ftrl", Ftrl(learningRate: 0.05)),
    Case(
      "ftrl penalties",
      Ftrl(
        learningRate: 0.05, initialAccumulatorValue: 0.2, l1: 0.5, l2: 0.2, l2Shrinkage: 0.1, beta: 0.3)),
    Case("ftrl power", Ftrl(learningRate: 0.05, learningRatePower: -0.3)),
    Case("ftrl flat", Ftrl(learningRate: 0.05, learningRatePower: 0)),
    Case("ftrl one", Ftrl(learningRate: 0.05, learningRatePower: -1)),
    Case("lion", Lion(learningRate: 0.01)),
    Case("lion betas", Lion(learningRate: 0.02, beta1: 0.5, beta2: 0.7)),
    Case("lamb", Lamb(learningRate: 0.01)),
    Case("lamb betas", Lamb(learningRate: 0.02, beta1: 0.7, beta2: 0.9, epsilon: 1e-4)),
    Case("adafactor", Adafactor(learningRate: 0.01)),
    Case(
      "adafactor options",
      Adafactor(
        learningRate: 0.05, beta2Decay: -0.5, epsilon1: 1e-8, epsilon2: 0.1, clipThreshold: 0.5,
        relativeStep: false)),
    Case("muon", Muon(learningRate: 0.01)),
    Case(
      "muon plain",
      Muon(
        learningRate: 0.02, adamWeightDecay: nil, weightDecay: 0.1, adamLearningRateRatio: 0.5, momentum: 0.8,
        newtonSchulzSteps: 3, nesterov: false, rmsRate: nil)),
    Case(
      "muon excluded",
      Muon(
        learningRate: 0.02, adamBeta1: 0.8, adamBeta2: 0.9, epsilon: 1e-4, excludeLayers: ["second"], a: 3,
        b: -3.2, c: 1.2)),
    Case("schedule_free", ScheduleFreeAdamW(learningRate: 0.01)),
    Case(
      "schedule_free warmup",
      ScheduleFreeAdamW(learningRate: 0.02, beta1: 0.8, beta2: 0.9, epsilon: 1e-4, warmupSteps: 5)
    ) { $0.weightDecay = 0.01 },
    Case("clipnorm", SGD()) { $0.clipping = .norm(0.7) },
    Case("clipvalue", SGD()) { $0.clipping = .value(0.3) },
    Case("global_clipnorm", SGD()) { $0.clipping = .globalNorm(0.7) },
    Case("global_clipnorm loose", SGD()) { $0.clipping = .globalNorm(1e6) },
    Case("weight decay", SGD(learningRate: 0.1)) { $0.weightDecay = 0.1 },
    Case("accumulate 2", Adam(learningRate: 0.01)) { $0.accumulationSteps = 2 },
    Case("accumulate 3", Adam(learningRate: 0.01)) {
      $0.accumulationSteps = 3
      $0.clipping = .norm(1)
      $0.weightDecay = 0.05
    },
    Case("accumulate nadam", Nadam(learningRate: 0.01)) { $0.accumulationSteps = 3 },
    Case("ema", SGD()) { $0.averaging = WeightAveraging() },
    Case("ema momentum", Adam(learningRate: 0.01)) {
      $0.averaging = WeightAveraging(momentum: 0.5, overwriteFrequency: 3)
    },
    Case("ema accumulate", SGD()) {
      $0.averaging = WeightAveraging(momentum: 0.5, overwriteFrequency: 2)
      $0.accumulationSteps = 3
    },
    Case("schedule", SGD()) { $0.schedule = halving },
    Case("schedule accumulate", Adam()) {
      $0.schedule = halving
      $0.accumulationSteps = 2
      $0.weightDecay = 0.1
    },
    Case("adafactor schedule", Adafactor()) {
      $0.schedule = ExponentialDecay(initialLearningRate: 1, decaySteps: 3, decayRate: 0.5)
    },
  ]

  @Test("every value is looked at")
  func complete() {
    let names = Self.cases.flatMap {
      $0.optimizer.settings.averaging == nil ? [$0.name] : [$0.name, $0.name + " kept"]
    }
    #expect(Set(names) == Set(Self.values.keys))
  }

  @Test(arguments: cases)
  func steps(_ test: Case) throws {
    let expected = try #require(Self.values[test.name])
    for set in InstructionSet.available {
      let bench = try OptimizerBench(shapes: Self.shapes, optimizer: test.optimizer, set: set)
      bench.set(bench.store.values, Self.weight)
      for t in 0..<8 {
        bench.set(bench.store.gradients) { Self.gradient($0, t) }
        bench.plan.step(iteration: t)
      }
      compare(bench.get(bench.store.values), expected, "\(test.name), \(set)")
      if let kept = Self.values[test.name + " kept"] {
        let average = try #require(bench.plan.averages(iterations: 8))
        compare(bench.get(average), kept, "\(test.name) kept, \(set)")
      }
    }
  }

  private func compare(_ found: [Float], _ expected: [Float], _ what: String) {
    #expect(expected.count == Self.count)
    for (i, (a, b)) in zip(found, expected).enumerated() where !(abs(a - b) <= 1e-6 * max(1, abs(b))) {
      Issue.record("\(what): weight \(i) is \(a), Keras's \(b)")
    }
  }
}

/// An optimizer at work on tensors of given shapes, without a network around them.
final class OptimizerBench {
  let network: Network
  let networkPlan: NetworkPlan
  let plan: OptimizerPlan
  var store: ParameterStore { networkPlan.parameters }

  /// A layer that holds weights and does nothing.
  private struct Holder: PlannedLayer {
    let kind = "holder"
    var shapes: [[Int]]
    static let names = ["first.kernel", "first.bias", "second.kernel", "second.bias"]

    func outputWidth(inputWidth: Int) throws(EngineError) -> Int { inputWidth }
    func parameters(inputWidth: Int) -> [ParameterSpecification] {
      zip(Holder.names, shapes).map { ParameterSpecification(name: $0, shape: $1, initializer: Zeros()) }
    }
    func makePlan(_ site: LayerSite) -> (any LayerPlan)? { nil }
  }

  init(
    shapes: [[Int]], optimizer: any Optimizer, set: InstructionSet? = nil, threads: Int = 1,
    iterations: Int = 0,
    weight: (Int) -> Float = KerasOptimizerTests.weight
  ) throws {
    var network = try Network(inputWidth: 1, layers: [Holder(shapes: shapes)])
    var first = 0
    for parameter in network.parameters {
      let count = parameter.shape.reduce(1, *)
      try network.setParameter(
        name: parameter.name, shape: parameter.shape, values: (first..<first + count).map(weight))
      first += count
    }
    self.network = network
    networkPlan = NetworkPlan(
      network, rows: 1, executor: Executor(kernels: try InstructionSet.resolve(set), threads: threads),
      slotNames: optimizer.slotNames)
    plan = OptimizerPlan(optimizer, network, plan: networkPlan, iterations: iterations)
  }

  /// Fills the real elements of a run, numbered through.
  func set(_ run: UnsafeMutablePointer<Float>, _ value: (Int) -> Float) {
    var first = 0
    for entry in store.entries {
      let count = entry.rows * entry.columns
      store.write((first..<first + count).map(value), entry: entry, to: run)
      first += count
    }
  }

  func get(_ run: UnsafeMutablePointer<Float>) -> [Float] {
    store.entries.flatMap { store.read(entry: $0, from: run) }
  }

  /// Everything that is kept beyond the real elements.
  var paddingIsClean: Bool {
    var real = [Bool](repeating: false, count: store.trainableCount)
    for entry in store.entries {
      for row in 0..<entry.rows {
        for column in 0..<entry.columns { real[entry.offset + row * entry.stride + column] = true }
      }
    }
    return real.indices.allSatisfy { real[$0] || store.values[$0] == 0 }
  }
}
