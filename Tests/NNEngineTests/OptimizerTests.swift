import Testing

@testable import NNEngine

@Suite("Optimizers")
struct OptimizerTests {
  /// The weights after steps of an optimizer with the given gradients.
  private func steps(_ optimizer: any Optimizer, _ gradients: [[Float]], set: InstructionSet, start: [Float])
    throws -> [Float]
  {
    let bench = try OptimizerBench(shapes: [[start.count]], optimizer: optimizer, set: set) { start[$0] }
    for (step, values) in gradients.enumerated() {
      bench.set(bench.store.gradients) { values[$0] }
      bench.plan.step(iteration: step)
    }
    return bench.get(bench.store.values)
  }

  static let start: [Float] = [0.5, -1.25, 2, 0]
  static let gradients: [[Float]] = [[0.1, -0.2, 3, 0], [0.3, 0.25, -1, 0], [-0.05, 0.5, 0.125, 0]]

  @Test("sgd: w - lr·g", arguments: InstructionSet.available)
  func plain(set: InstructionSet) throws {
    var expected = OptimizerTests.start
    for gradient in OptimizerTests.gradients {
      for i in expected.indices { expected[i] -= gradient[i] * Float(0.01) }
    }
    #expect(
      try steps(SGD(), OptimizerTests.gradients, set: set, start: OptimizerTests.start) == expected)
  }

  @Test("sgd with momentum, plain and Nesterov's", arguments: InstructionSet.available, [false, true])
  func momentum(set: InstructionSet, nesterov: Bool) throws {
    var expected = OptimizerTests.start
    var m: [Float] = [0, 0, 0, 0]
    let mu: Float = 0.9
    let lr: Float = 0.05
    for gradient in OptimizerTests.gradients {
      for i in expected.indices {
        m[i] = m[i] * mu - gradient[i] * lr
        expected[i] += nesterov ? m[i] * mu - gradient[i] * lr : m[i]
      }
    }
    let optimizer = SGD(learningRate: 0.05, momentum: 0.9, nesterov: nesterov)
    #expect(try steps(optimizer, OptimizerTests.gradients, set: set, start: OptimizerTests.start) == expected)
  }

  @Test("adam, with epsilon on the uncorrected root", arguments: InstructionSet.available, [false, true])
  func adam(set: InstructionSet, amsgrad: Bool) throws {
    var expected = OptimizerTests.start
    var m: [Float] = [0, 0, 0, 0]
    var v = m
    var most = m
    let lr: Float = 0.01
    for (step, gradient) in OptimizerTests.gradients.enumerated() {
      // βᵗ in double, rounded once.
      let b1 = Float((0...step).reduce(1.0) { p, _ in p * Double(Float(0.9)) })
      let b2 = Float((0...step).reduce(1.0) { p, _ in p * Double(Float(0.999)) })
      let alpha = lr * (1 - b2).squareRoot() / (1 - b1)
      for i in expected.indices {
        m[i] += (gradient[i] - m[i]) * Float(1 - 0.9)
        v[i] += (gradient[i] * gradient[i] - v[i]) * Float(1 - 0.999)
        most[i] = max(most[i], v[i])
        expected[i] -= m[i] * alpha / ((amsgrad ? most[i] : v[i]).squareRoot() + Float(1e-7))
      }
    }
    let optimizer = Adam(learningRate: 0.01, amsgrad: amsgrad)
    #expect(try steps(optimizer, OptimizerTests.gradients, set: set, start: OptimizerTests.start) == expected)
  }

  @Test("the first step of Adam moves each weight by about the rate, and by nothing without a gradient")
  func firstStep() throws {
    let moved = try steps(Adam(), [OptimizerTests.gradients[0]], set: .portable, start: OptimizerTests.start)
    for (index, sign) in [(0, Float(-1)), (1, 1), (2, -1), (3, 0)] {
      #expect(abs(moved[index] - OptimizerTests.start[index] - sign * 0.001) < 1e-5)
    }
  }

  @Test("moments that fade end at zero, not at subnormals", arguments: InstructionSet.available)
  func subnormals(set: InstructionSet) throws {
    let kernels = try #require(set.kernels)
    let arena = Arena()
    let (w, g, m, v) = (arena.floats(16), arena.floats(16), arena.floats(16), arena.floats(16))
    for i in 0..<16 {
      m[i] = 1e-30
      v[i] = 1e-34
    }
    for _ in 0..<20_000 { kernels.pointee.adam(w, g, m, v, nil, 16, 0.001, 0.1, 0.001, 1e-7) }
    #expect((0..<16).allSatisfy { m[$0] == 0 && v[$0] == 0 })
    for i in 0..<16 { m[i] = 1e-30 }
    for _ in 0..<1000 { kernels.pointee.sgd_momentum(w, g, m, 16, 0.01, 0.9, 1) }
    #expect((0..<16).allSatisfy { m[$0] == 0 })
  }

  @Test("powers by squaring")
  func power() {
    #expect(Elementary.power(0.5 as Double, 10) == 0x1p-10)
    #expect(Elementary.power(3 as Double, 5) == 243)
    #expect(Elementary.power(0.9 as Double, 0) == 1)
  }

  @Test("options that make no sense are refused")
  func refusals() {
    let wrong: [any Optimizer] = [
      SGD(learningRate: -1), SGD(learningRate: .nan), SGD(momentum: 1.5), Adam(learningRate: .infinity),
      Adam(beta1: 1), Adam(beta2: -0.1), Adam(epsilon: 0), Adam(epsilon: .nan), RMSprop(rho: 1.5),
      RMSprop(momentum: -1), RMSprop(epsilon: 0), AdamW(weightDecay: -1), AdamW(beta1: 1), Nadam(beta1: 1),
      Nadam(epsilon: 0), Adamax(beta2: 2), Adagrad(initialAccumulatorValue: -1), Adagrad(epsilon: 0),
      Adadelta(rho: .nan), Adadelta(epsilon: -1), Ftrl(learningRatePower: 0.5), Ftrl(l1: -1),
      Ftrl(l2: .infinity),
      Ftrl(initialAccumulatorValue: -0.1), Lion(beta1: 0), Lion(beta2: 1.1), Lamb(beta1: 1),
      Adafactor(beta2Decay: 1), Adafactor(epsilon1: 0), Adafactor(clipThreshold: 0), Muon(momentum: 2),
      Muon(adamBeta1: 1), Muon(newtonSchulzSteps: -1), Muon(a: .nan), Muon(rmsRate: -1),
      ScheduleFreeAdamW(beta1: 0), ScheduleFreeAdamW(warmupSteps: -1),
    ]
    for optimizer in wrong { #expect(throws: EngineError.self) { try optimizer.check() } }
    #expect(throws: Never.self) { try Adam(beta1: 0, beta2: 0).check() }
    let settings: [(inout OptimizerSettings) -> Void] = [
      { $0.weightDecay = -0.1 }, { $0.clipping = .norm(-1) }, { $0.clipping = .value(.nan) },
      { $0.clipping = .globalNorm(.infinity) }, { $0.averaging = WeightAveraging(momentum: 1.1) },
      { $0.averaging = WeightAveraging(overwriteFrequency: 0) }, { $0.accumulationSteps = 1 },
      { $0.schedule = CosineDecay(initialLearningRate: 1, decaySteps: 0) },
    ]
    for optimizer in AnyOptimizers.plain {
      #expect(throws: Never.self) { try optimizer.check() }
      for change in settings {
        var changed = optimizer
        change(&changed.settings)
        let refused = changed
        #expect(throws: EngineError.self) { try refused.check() }
      }
    }
    var undecayed = AdamW()
    undecayed.settings.weightDecay = nil
    let refused = undecayed
    #expect(throws: EngineError.self) { try refused.check() }
  }
}
