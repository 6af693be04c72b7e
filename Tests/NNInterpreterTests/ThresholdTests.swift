import Testing

@testable import NNInterpreter

/// Which threshold a rule chooses, against trying every one there is.
@Suite struct ThresholdTests {
  private func worth(
    _ choice: ThresholdChoice, _ rule: ThresholdChoice.Rule, _ threshold: Float, _ falseAlarm: Double,
    _ miss: Double
  ) -> Double {
    let counts = choice.counts(threshold)
    switch rule {
    case .f1: return counts.f1
    case .accuracy: return counts.accuracy
    case .youden:
      return Double(counts.hits) / Double(counts.hits + counts.misses)
        - Double(counts.falseAlarms) / Double(counts.falseAlarms + counts.passes)
    case .cost: return -(falseAlarm * Double(counts.falseAlarms) + miss * Double(counts.misses))
    }
  }

  @Test(arguments: ThresholdChoice.Rule.allCases) func noOtherIsBetter(_ rule: ThresholdChoice.Rule) throws {
    var state: UInt64 = 12_345
    func next() -> Float {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(state >> 40) / Float(1 << 24)
    }
    for round in 0..<60 {
      let rows = 2 + Int(next() * 30)
      // Few different scores, so that rows share one.
      let scores = (0..<rows).map { _ in round % 2 == 0 ? next() : (next() * 5).rounded() / 5 }
      var isPositive = scores.map { $0 * 0.7 + next() * 0.5 > 0.55 }
      isPositive[0] = true
      isPositive[1] = false
      let choice = ThresholdChoice(scores: scores, isPositive: isPositive)
      let (falseAlarm, miss) = (Double(next() * 3), Double(next() * 3))
      let best = try #require(choice.best(rule, falseAlarmCost: falseAlarm, missCost: miss))
      let found = worth(choice, rule, best, falseAlarm, miss)
      #expect(best > 0 && best < 1)
      for step in 1..<1_000 {
        let other = worth(choice, rule, Float(step) / 1_000, falseAlarm, miss)
        #expect(
          other <= found + 1e-9, "\(rule) at \(best) gives \(found), and \(Float(step) / 1_000) \(other)")
      }
    }
  }

  @Test func ofEquallyGoodOnesTheNearestToOneHalf() {
    let choice = ThresholdChoice(scores: [0.1, 0.2, 0.8, 0.9], isPositive: [false, false, true, true])
    #expect(choice.best(.f1, falseAlarmCost: 1, missCost: 1) == 0.5)
    #expect(choice.best(.youden, falseAlarmCost: 1, missCost: 1) == 0.5)
  }

  @Test func oneClassHasNone() {
    #expect(
      ThresholdChoice(scores: [0.1, 0.2], isPositive: [true, true]).best(.f1, falseAlarmCost: 1, missCost: 1)
        == nil)
    #expect(ThresholdChoice(scores: [], isPositive: []).best(.cost, falseAlarmCost: 1, missCost: 1) == nil)
    #expect(
      ThresholdChoice(scores: [.nan, .nan], isPositive: [true, false]).best(
        .f1, falseAlarmCost: 1, missCost: 1) == nil)
  }

  @Test func scoresNextToEachOtherAreToldApart() throws {
    let low: Float = 0.5
    let choice = ThresholdChoice(scores: [low, low.nextUp], isPositive: [false, true])
    let best = try #require(choice.best(.accuracy, falseAlarmCost: 1, missCost: 1))
    #expect(choice.counts(best).accuracy == 1)
  }
}
