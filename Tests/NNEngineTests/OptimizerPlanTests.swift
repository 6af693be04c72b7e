import AllocationCount
import Foundation
import Testing

@testable import NNEngine

/// What happens to gradients before an optimizer sees them, and to weights afterwards.
@Suite("Around an optimizer's step")
struct OptimizerPlanTests {
  private static let shapes = [[3, 4], [4], [5, 2], [2]]
  private static let ranges = [0..<12, 12..<16, 16..<26, 26..<28]

  private func bench(
    _ change: (inout OptimizerSettings) -> Void, _ optimizer: any Optimizer = SGD(learningRate: 1)
  )
    throws -> OptimizerBench
  {
    var optimizer = optimizer
    change(&optimizer.settings)
    return try OptimizerBench(shapes: Self.shapes, optimizer: optimizer)
  }

  private func gradients(_ t: Int) -> [Double] {
    (0..<28).map { Double(KerasOptimizerTests.gradient($0, t)) }
  }
  private var weights: [Double] { (0..<28).map { Double(KerasOptimizerTests.weight($0)) } }

  private func step(_ bench: OptimizerBench, _ t: Int) {
    bench.set(bench.store.gradients) { KerasOptimizerTests.gradient($0, t) }
    bench.plan.step(iteration: t)
  }

  private func expect(_ bench: OptimizerBench, _ expected: [Double], _ what: String) {
    for (i, (a, b)) in zip(bench.get(bench.store.values), expected).enumerated() {
      #expect(abs(Double(a) - b) <= 2e-6 * max(1, abs(b)), "\(what): weight \(i) is \(a), not \(b)")
    }
  }

  @Test("clipnorm bounds the norm of each tensor")
  func eachNorm() throws {
    let bench = try bench { $0.clipping = .norm(2) }
    step(bench, 1)
    var expected = weights
    for range in Self.ranges {
      let g = gradients(1)[range]
      let norm = sqrt(g.reduce(0) { $0 + $1 * $1 })
      for i in range { expected[i] -= gradients(1)[i] * min(1, 2 / norm) }
    }
    expect(bench, expected, "clipnorm")
  }

  @Test("global_clipnorm bounds the norm of all, and a norm of 0 does no harm")
  func globalNorm() throws {
    let bench = try bench { $0.clipping = .globalNorm(2) }
    bench.set(bench.store.gradients) { _ in 0 }
    bench.plan.step(iteration: 0)
    expect(bench, weights, "no gradient")
    step(bench, 1)
    let norm = sqrt(gradients(1).reduce(0) { $0 + $1 * $1 })
    expect(bench, zip(weights, gradients(1)).map { $0 - $1 * 2 / norm }, "global_clipnorm")
  }

  @Test("clipvalue bounds each number; a limit of 0 is none")
  func eachValue() throws {
    let bounded = try bench { $0.clipping = .value(0.25) }
    step(bounded, 1)
    expect(bounded, zip(weights, gradients(1)).map { $0 - max(-0.25, min(0.25, $1)) }, "clipvalue")
    for none in [GradientClipping.value(0), .norm(0), .globalNorm(0)] {
      let free = try bench { $0.clipping = none }
      step(free, 1)
      expect(free, zip(weights, gradients(1)).map { $0 - $1 }, "\(none)")
    }
  }

  @Test("weights decay before the step, by the rate of the step")
  func decay() throws {
    let bench = try bench {
      $0.weightDecay = 0.5
      $0.schedule = PiecewiseConstantDecay(boundaries: [0], values: [0.5, 0.25])
    }
    var expected = weights
    for (t, rate) in [(0, 0.5), (1, 0.25)] {
      step(bench, t)
      for i in expected.indices { expected[i] -= expected[i] * 0.5 * rate + gradients(t)[i] * rate }
    }
    expect(bench, expected, "weight_decay")
  }

  @Test("accumulated gradients move weights every third batch, by their mean")
  func accumulation() throws {
    let bench = try bench { $0.accumulationSteps = 3 }
    var expected = weights
    for t in 0..<7 {
      step(bench, t)
      if t % 3 == 2 {
        for i in expected.indices { expected[i] -= (t - 2...t).reduce(0) { $0 + gradients($1)[i] } / 3 }
      }
      expect(bench, expected, "batch \(t)")
    }
  }

  @Test("averages start at the first weights after a step, and overwrite when they should")
  func averages() throws {
    let bench = try bench { $0.averaging = WeightAveraging(momentum: 0.75, overwriteFrequency: 3) }
    #expect(bench.plan.averages(iterations: 0) == nil)
    var (w, average) = (weights, weights)
    for t in 0..<7 {
      step(bench, t)
      for i in w.indices {
        w[i] -= gradients(t)[i]
        average[i] = t == 0 ? w[i] : 0.75 * average[i] + 0.25 * w[i]
      }
      if (t + 1) % 3 == 0 { w = average }
      expect(bench, w, "weights after batch \(t)")
      let kept = try #require(bench.plan.averages(iterations: t + 1))
      for (i, value) in bench.get(kept).enumerated() {
        #expect(abs(Double(value) - average[i]) <= 2e-6 * max(1, abs(average[i])))
      }
    }
  }

  @Test("the same bits on any number of threads and instruction set, where work is split")
  func threads() throws {
    for (index, optimizer) in (AnyOptimizers.plain + AnyOptimizers.surrounded).enumerated() {
      var results: Set<[Float]> = []
      for (set, threads) in [(InstructionSet.active, 1), (.active, 2), (.active, 3)] {
        let bench = try OptimizerBench(
          shapes: [[301, 190], [190], [190, 67], [67]], optimizer: optimizer, set: set, threads: threads)
        for t in 0..<3 {
          bench.set(bench.store.gradients) { Float(($0 &* 7919 &+ t &* 31) % 997 - 498) / 512 }
          bench.plan.step(iteration: t)
        }
        #expect(bench.paddingIsClean)
        results.insert(bench.get(bench.store.values))
      }
      #expect(results.count == 1, "\(index): \(optimizer.name)")
    }
  }

  @Test("weights that cannot be a number spread as in Keras: a norm beyond float32 makes all so")
  func overflow() throws {
    let bench = try bench { $0.clipping = .globalNorm(1) }
    bench.set(bench.store.gradients) { $0 == 0 ? 1e30 : 1 }
    bench.plan.step(iteration: 0)
    #expect(bench.get(bench.store.values).allSatisfy { $0.isNaN })
  }

  @Test("a step allocates nothing", .enabled(if: allocation_count_works() == 1), arguments: [1, 2])
  func allocation(threads: Int) throws {
    for optimizer in AnyOptimizers.plain + AnyOptimizers.surrounded {
      let bench = try OptimizerBench(
        shapes: [[301, 190], [190], [190, 67], [67]], optimizer: optimizer, threads: threads)
      bench.plan.step(iteration: 0)
      bench.plan.step(iteration: 1)
      let before = allocation_count()
      for t in 2..<6 { bench.plan.step(iteration: t) }
      #expect(allocation_count() == before, "\(optimizer.name)")
    }
  }
}
