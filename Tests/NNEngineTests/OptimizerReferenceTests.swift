import Foundation
import Testing

@testable import NNEngine

/// Every optimizer once, and with all that can surround one.
enum AnyOptimizers {
  static let plain: [any Optimizer] = [
    SGD(), SGD(momentum: 0.9, nesterov: true), RMSprop(),
    RMSprop(momentum: 0.5, epsilon: 1e-3, centered: true),
    Adam(), Adam(amsgrad: true), AdamW(), Nadam(), Adamax(), Adagrad(), Adadelta(), Ftrl(),
    Ftrl(learningRatePower: -0.3, l1: 1e-3, beta: 0.1), Lion(), Lamb(), Adafactor(), Muon(),
    ScheduleFreeAdamW(),
  ]

  /// Each with other surroundings, every surrounding several times.
  static let surrounded: [any Optimizer] = plain.enumerated().map { index, plain in
    var optimizer = plain
    optimizer.settings.clipping = [.norm(0.5), .value(0.05), .globalNorm(0.5)][index % 3]
    optimizer.settings.weightDecay = 0.01
    if index % 2 == 0 { optimizer.settings.accumulationSteps = 2 + index % 3 }
    optimizer.settings.averaging = WeightAveraging(
      momentum: 0.9, overwriteFrequency: index % 4 == 1 ? 3 : nil)
    if index % 5 < 3 {
      optimizer.settings.schedule = CosineDecay(initialLearningRate: 0.01, decaySteps: 20, alpha: 0.1)
    }
    return optimizer
  }

  static func describe(_ index: Int) -> String { plain[index].name }
}

/// Each rule again, in double and one number after the other, as the papers write it with Keras's epsilons.
@Suite("Optimizers against plain references")
struct OptimizerReferenceTests {
  static let rows = 5
  static let columns = 3

  /// What a reference sees of a step, t from 1.
  struct Step {
    var t: Double
    var lr: Double
    var g: [Double]
  }

  typealias Rule = @Sendable (_ w: inout [Double], _ s: inout [[Double]], _ step: Step) -> Void

  private static func each(
    _ rule: @escaping @Sendable (_ w: inout Double, _ s: inout [Double], _ g: Double, _ step: Step) -> Void
  )
    -> Rule
  {
    { w, s, step in
      for i in w.indices {
        var own = s.map { $0[i] }
        rule(&w[i], &own, step.g[i], step)
        for k in own.indices { s[k][i] = own[k] }
      }
    }
  }

  static let rules: [(any Optimizer, slots: [Double], Rule)] = [
    (SGD(learningRate: 0.1), [], each { w, _, g, k in w -= k.lr * g }),
    (
      SGD(learningRate: 0.1, momentum: 0.9, nesterov: true), [0],
      each { w, s, g, k in
        let before = s[0]
        s[0] = 0.9 * s[0] - k.lr * g
        w += -0.9 * before + (1 + 0.9) * s[0]
      }
    ),
    (
      RMSprop(learningRate: 0.1), [0],
      each { w, s, g, k in
        s[0] += 0.1 * (g * g - s[0])
        w -= k.lr * g / sqrt(s[0] + 1e-7)
      }
    ),
    (
      RMSprop(learningRate: 0.1, rho: 0.8, momentum: 0.5, epsilon: 1e-3, centered: true), [0, 0, 0],
      each { w, s, g, k in
        s[0] += 0.2 * (g * g - s[0])
        s[1] += 0.2 * (g - s[1])
        s[2] = 0.5 * s[2] + k.lr * g / sqrt(s[0] - s[1] * s[1] + 1e-3)
        w -= s[2]
      }
    ),
    (
      Adam(learningRate: 0.1), [0, 0],
      each { w, s, g, k in
        s[0] = 0.9 * s[0] + 0.1 * g
        s[1] = 0.999 * s[1] + 0.001 * g * g
        let corrected = sqrt(s[1] / (1 - pow(0.999, k.t))) + 1e-7 / sqrt(1 - pow(0.999, k.t))
        w -= k.lr * s[0] / (1 - pow(0.9, k.t)) / corrected
      }
    ),
    (
      AdamW(learningRate: 0.1, weightDecay: 0.2), [0, 0],
      each { w, s, g, k in
        w *= 1 - 0.2 * k.lr
        s[0] = 0.9 * s[0] + 0.1 * g
        s[1] = 0.999 * s[1] + 0.001 * g * g
        w -= k.lr * sqrt(1 - pow(0.999, k.t)) / (1 - pow(0.9, k.t)) * s[0] / (sqrt(s[1]) + 1e-7)
      }
    ),
    (
      Nadam(learningRate: 0.1), [0, 0, 1],
      each { w, s, g, k in
        func u(_ t: Double) -> Double { 0.9 * (1 - 0.5 * pow(0.96, t)) }
        s[2] *= u(k.t)
        s[0] = 0.9 * s[0] + 0.1 * g
        s[1] = 0.999 * s[1] + 0.001 * g * g
        let m = u(k.t + 1) * s[0] / (1 - s[2] * u(k.t + 1)) + (1 - u(k.t)) * g / (1 - s[2])
        w -= k.lr * m / (sqrt(s[1] / (1 - pow(0.999, k.t))) + 1e-7)
      }
    ),
    (
      Adamax(learningRate: 0.1), [0, 0],
      each { w, s, g, k in
        s[0] = 0.9 * s[0] + 0.1 * g
        s[1] = max(0.999 * s[1], abs(g))
        w -= k.lr / (1 - pow(0.9, k.t)) * s[0] / (s[1] + 1e-7)
      }
    ),
    (
      Adagrad(learningRate: 0.1), [0.1],
      each { w, s, g, k in
        s[0] += g * g
        w -= k.lr * g / sqrt(s[0] + 1e-7)
      }
    ),
    (
      Adadelta(learningRate: 1), [0, 0],
      each { w, s, g, k in
        s[0] = 0.95 * s[0] + 0.05 * g * g
        let move = -sqrt(s[1] + 1e-7) / sqrt(s[0] + 1e-7) * g
        s[1] = 0.95 * s[1] + 0.05 * move * move
        w += k.lr * move
      }
    ),
    (
      Ftrl(learningRate: 0.1, learningRatePower: -0.7, l1: 0.05, l2: 0.1, l2Shrinkage: 0.2, beta: 0.3),
      [0.1, 0],
      each { w, s, g, k in
        let sum = s[0] + g * g
        s[1] += g + 2 * 0.2 * w - (pow(sum, 0.7) - pow(s[0], 0.7)) / k.lr * w
        s[0] = sum
        let sign = s[1] < 0 ? -1.0 : 1.0
        w =
          abs(s[1]) <= 0.05 ? 0 : (0.05 * sign - s[1]) / (pow(sum, 0.7) / k.lr + 2 * (0.1 + 0.3 / (2 * k.lr)))
      }
    ),
    (
      Lion(learningRate: 0.1), [0],
      each { w, s, g, k in
        let direction = 0.9 * s[0] + 0.1 * g
        w -= k.lr * (direction > 0 ? 1 : direction < 0 ? -1 : 0)
        s[0] = 0.99 * s[0] + 0.01 * g
      }
    ),
    (
      ScheduleFreeAdamW(learningRate: 0.1), [.nan, 0],
      each { w, s, g, k in
        if s[0].isNaN { s[0] = w }
        s[1] += 0.001 * (g * g - s[1])
        s[0] -= k.lr * g / (sqrt(s[1] / (1 - pow(0.999, k.t))) + 1e-8)
        let x = (1 - 1 / k.t) * (w - 0.1 * s[0]) / 0.9 + s[0] / k.t
        w = 0.1 * s[0] + 0.9 * x
      }
    ),
    (
      Lamb(learningRate: 0.1), [0, 0],
      { w, s, k in
        var u = w
        for i in w.indices {
          s[0][i] = 0.9 * s[0][i] + 0.1 * k.g[i]
          s[1][i] = 0.999 * s[1][i] + 0.001 * k.g[i] * k.g[i]
          u[i] = s[0][i] / (1 - pow(0.9, k.t)) / (sqrt(s[1][i] / (1 - pow(0.999, k.t))) + 1e-7)
        }
        let ratio = norm(w) / norm(u)
        for i in w.indices { w[i] -= k.lr * ratio * u[i] }
      }
    ),
    (Adafactor(learningRate: 0.5), [0, 0], adafactor),
    (Muon(learningRate: 0.1), [0, 0], muon),
  ]

  private static func norm(_ x: [Double]) -> Double { sqrt(x.reduce(0) { $0 + $1 * $1 }) }

  private static let adafactor: Rule = { w, s, k in
    let rate = min(k.lr, 1 / sqrt(k.t))
    let alpha = max(1e-3, norm(w) / sqrt(Double(w.count))) * rate
    let beta = 1 - pow(k.t, -0.8)
    // Row means in the first slot, column means in the second.
    for i in 0..<rows {
      let mean = (0..<columns).reduce(0.0) { $0 + pow(k.g[i * columns + $1], 2) + 1e-30 } / Double(columns)
      s[0][i] = beta * s[0][i] + (1 - beta) * mean
    }
    for j in 0..<columns {
      let mean = (0..<rows).reduce(0.0) { $0 + pow(k.g[$1 * columns + j], 2) + 1e-30 } / Double(rows)
      s[1][j] = beta * s[1][j] + (1 - beta) * mean
    }
    let level = (0..<rows).reduce(0.0) { $0 + s[0][$1] } / Double(rows)
    var u = k.g
    for i in u.indices { u[i] /= sqrt(s[0][i / columns] / level * s[1][i % columns]) }
    let size = max(1, norm(u) / sqrt(Double(u.count)))
    for i in w.indices { w[i] -= alpha * u[i] / size }
  }

  private static let muon: Rule = { w, s, k in
    var x = w
    for i in w.indices {
      w[i] *= 1 - 0.004 * k.lr
      s[0][i] = 0.95 * s[0][i] + k.g[i]
      x[i] = k.g[i] + 0.95 * s[0][i]
    }
    let length = norm(x) + 1e-7
    x = x.map { $0 / length }
    for _ in 0..<5 {
      // Tall: A = xᵀx, and X·(b·A + c·A²).
      var a = [Double](repeating: 0, count: columns * columns)
      for i in 0..<columns {
        for j in 0..<columns {
          a[i * columns + j] = (0..<rows).reduce(0) { $0 + x[$1 * columns + i] * x[$1 * columns + j] }
        }
      }
      var b = a
      for i in 0..<columns {
        for j in 0..<columns {
          let square = (0..<columns).reduce(0.0) { $0 + a[i * columns + $1] * a[$1 * columns + j] }
          b[i * columns + j] = -4.7750 * a[i * columns + j] + 2.0315 * square
        }
      }
      let before = x
      for i in 0..<rows {
        for j in 0..<columns {
          x[i * columns + j] =
            3.4445 * before[i * columns + j]
            + (0..<columns).reduce(0) { $0 + before[i * columns + $1] * b[$1 * columns + j] }
        }
      }
    }
    for i in w.indices { w[i] -= k.lr * x[i] * sqrt(Double(max(rows, columns))) * 0.2 }
  }

  static func gradient(_ i: Int, _ t: Int) -> Float { Float((i * 37 + t * 101 + i * t * 13) % 97 - 48) / 64 }

  @Test(arguments: rules.indices)
  func reference(_ index: Int) throws {
    let (optimizer, slots, rule) = Self.rules[index]
    let count = Self.rows * Self.columns
    for set in InstructionSet.available {
      let bench = try OptimizerBench(shapes: [[Self.rows, Self.columns]], optimizer: optimizer, set: set)
      var w = (0..<count).map { Double(KerasOptimizerTests.weight($0)) }
      var s = slots.map { [Double](repeating: $0, count: count) }
      for t in 1...6 {
        bench.set(bench.store.gradients) { Self.gradient($0, t) }
        bench.plan.step(iteration: t - 1)
        let g = (0..<count).map { Double(Self.gradient($0, t)) }
        rule(&w, &s, Step(t: Double(t), lr: optimizer.learningRate, g: g))
        for (i, found) in bench.get(bench.store.values).enumerated() {
          #expect(
            abs(Double(found) - w[i]) < 1e-5,
            "\(optimizer.name), \(set), step \(t), weight \(i): \(found), not \(w[i])")
        }
      }
      #expect(bench.paddingIsClean, "\(optimizer.name)")
    }
  }

  @Test("a rate of 0 moves nothing, whatever the gradients")
  func rateZero() throws {
    for var optimizer in AnyOptimizers.plain {
      optimizer.learningRate = 0
      let bench = try OptimizerBench(shapes: [[5, 3], [3]], optimizer: optimizer)
      let before = bench.get(bench.store.values)
      for t in 0..<3 {
        bench.set(bench.store.gradients) { KerasOptimizerTests.gradient($0, t) }
        bench.plan.step(iteration: t)
      }
      let moved = zip(bench.get(bench.store.values), before).map { abs($0 - $1) }.max() ?? 1
      // Schedule-free finds its average again by a subtraction and a division.
      #expect(moved <= (optimizer is ScheduleFreeAdamW ? 1e-6 : 0), "\(optimizer.name) moved by \(moved)")
    }
  }

  @Test("a weight that never has a gradient stays a number, and padding stays zero")
  func silence() throws {
    for optimizer in AnyOptimizers.plain + AnyOptimizers.surrounded + [Ftrl(initialAccumulatorValue: 0)] {
      let bench = try OptimizerBench(shapes: [[5, 3], [3], [2, 20], [20]], optimizer: optimizer)
      for t in 0..<12 {
        bench.set(bench.store.gradients) { $0 % 3 == 0 ? 0 : KerasOptimizerTests.gradient($0, t) }
        bench.plan.step(iteration: t)
      }
      #expect(bench.get(bench.store.values).allSatisfy { $0.isFinite }, "\(optimizer.name)")
      #expect(bench.paddingIsClean, "\(optimizer.name)")
    }
  }

  @Test("Lion follows even a tiny momentum, as its sign counts")
  func lionSign() throws {
    let bench = try OptimizerBench(shapes: [[1]], optimizer: Lion(learningRate: 0.5)) { _ in 0 }
    bench.set(bench.store.gradients) { _ in 1e-34 }
    bench.plan.step(iteration: 0)
    bench.set(bench.store.gradients) { _ in 0 }
    bench.plan.step(iteration: 1)
    #expect(bench.get(bench.store.values) == [-1])
  }

  @Test("Nadam's product of momenta comes to rest, so a late start costs nothing")
  func nadamRests() throws {
    let nadam = Nadam()
    var product: Float = 1
    var steps = 0
    while product > 0, steps < 100_000 {
      product = nadam.carry(product, iteration: steps)
      steps += 1
    }
    #expect(product == 0 && steps < 2000)
    let late = try OptimizerBench(shapes: [[4]], optimizer: nadam, iterations: 1 << 49)
    late.set(late.store.gradients) { _ in 1 }
    late.plan.step(iteration: 1 << 49)
    #expect(late.get(late.store.values).allSatisfy { $0.isFinite })
  }

  @Test("Muon leaves to AdamW what it is told to")
  func muonRules() throws {
    let network = try Network(inputWidth: 3, layers: [Dense(units: 4), Dense(units: 5), Dense(units: 2)])
    func kernels(_ muon: Muon) -> [Bool] {
      network.parameters.indices.filter { network.parameters[$0].shape.count == 2 }.map {
        muon.rule(for: $0, of: network.parameters).isElementwise
      }
    }
    #expect(kernels(Muon()) == [false, false, false])
    #expect(kernels(Muon(excludeLayers: ["output"])) == [false, false, true])
    #expect(kernels(Muon(excludeLayers: ["layers.1"])) == [false, true, false])
    #expect(kernels(Muon(excludeLayers: ["layers"])) == [true, true, true])
    #expect(kernels(Muon(excludeLayers: ["layer", "layers.11", ""])) == [false, false, false])
    #expect(
      network.parameters.indices.filter { network.parameters[$0].shape.count == 1 }.allSatisfy {
        Muon().rule(for: $0, of: network.parameters).isElementwise
      })
  }
}
