import NNEngine
import Testing

@testable import NNInterpreter

/// What `compare` says where the truth is known: how often it takes luck for a difference, and how often it sees one that is there.
@Suite struct ComparisonTests {
  private static let trials = 1000

  /// Numbers that are as good as normal: twelve even ones, less six.
  private struct Normal {
    let generator: Philox
    var next: UInt64 = 0

    init(_ name: String) { generator = Philox(seed: 11, purpose: "comparison tests", path: name) }

    mutating func draw() -> Double {
      defer { next += 12 }
      return (0..<12).reduce(-6) { $0 + generator.unit(next + UInt64($1)) }
    }
  }

  private func side(
    _ name: String, _ values: [Double], by repetition: String, training: Int? = nil, heldOut: Int? = nil,
    first: Int = 0
  ) -> Comparison.Side {
    let runs = values.enumerated().map { index, value in
      var run = Runs.Run(
        number: index + 1,
        settings: [Runs.Setting(name: repetition, text: "\(first + index)", number: Double(first + index))],
        metrics: [("val_loss", value)], status: .done, script: "", seconds: 0)
      run.trainingRows = training
      run.heldOutRows = heldOut
      return run
    }
    return Comparison.Side(
      name: name, runs: runs, directions: ["val_loss": .minimize], metricNames: ["val_loss"],
      repetitions: [repetition])
  }

  /// In how many trials of a thousand the two are told apart.
  private func found(_ make: () -> (Comparison.Side, Comparison.Side)) -> Int {
    (0..<Self.trials).count { _ in
      let (one, other) = make()
      return Comparison.difference(one, other, metric: "val_loss")?.isMoreThanLuck == true
    }
  }

  /// Pairs that share what their seed does, as runs of the same seeds do.
  private func pairs(_ normal: inout Normal, count: Int, apart: Double) -> (Comparison.Side, Comparison.Side)
  {
    let shared = (0..<count).map { _ in 3 * normal.draw() }
    // A pair's difference has deviation √2, so the mean of them √(2 / count).
    let distance = apart * (2 / Double(count)).squareRoot()
    return (
      side("a", shared.map { $0 + normal.draw() }, by: "seed"),
      side("b", shared.map { $0 + normal.draw() + distance }, by: "seed")
    )
  }

  @Test(arguments: [3, 5, 10, 20]) func luckIsTakenForADifferenceInOneOfTwenty(_ count: Int) {
    var normal = Normal("pairs \(count)")
    let found = found { pairs(&normal, count: count, apart: 0) }
    #expect((30...70).contains(found), "\(found) of 1,000")
  }

  @Test func withoutPairsToo() {
    var normal = Normal("welch")
    let found = found {
      (
        side("a", (0..<10).map { _ in normal.draw() }, by: "seed"),
        side("b", (0..<10).map { _ in 2 * normal.draw() }, by: "seed", first: 100)
      )
    }
    #expect((30...70).contains(found), "\(found) of 1,000")
  }

  /// Folds share training rows, so that their differences go together: by 1/k, as Nadeau and Bengio take it. The plain test would
  /// call luck a difference several times as often.
  @Test(arguments: [5, 10]) func foldsShareRows(_ count: Int) {
    var normal = Normal("folds \(count)")
    let together = (1 / Double(count)).squareRoot()
    let alone = (1 - 1 / Double(count)).squareRoot()
    var plain = 0
    let found = found {
      let common = normal.draw()
      let differences = (0..<count).map { _ in together * common + alone * normal.draw() }
      if Difference.paired(differences)?.isMoreThanLuck == true { plain += 1 }
      return (
        side("a", differences, by: "fold", training: 100 * (count - 1), heldOut: 100),
        side("b", differences.map { _ in 0 }, by: "fold", training: 100 * (count - 1), heldOut: 100)
      )
    }
    #expect((30...70).contains(found), "\(found) of 1,000")
    #expect(plain > 100, "\(plain) of 1,000")
  }

  /// Ten pairs whose true difference is one to four standard errors of its mean. The table of docs/runs.md has these.
  @Test func differencesAreSeen() {
    let expected = [1: 120...170, 2: 410...480, 3: 730...800, 4: 930...970]
    for (apart, range) in expected.sorted(by: { $0.key < $1.key }) {
      var normal = Normal("power \(apart)")
      let found = found { pairs(&normal, count: 10, apart: Double(apart)) }
      #expect(range.contains(found), "\(apart) standard errors: \(found) of 1,000")
    }
  }

  /// The best against each of the others, and a word of warning.
  @Test func severalSides() throws {
    let sides = [
      side("$worst", [0.91, 0.97, 0.89], by: "seed"), side("$none", [.nan], by: "seed"),
      side("$best", [0.1, 0.12, 0.11], by: "seed"), side("$near", [0.11, 0.13, 0.10], by: "seed"),
    ]
    let comparison = try #require(Comparison(sides: sides, metric: nil, mode: nil))
    let lines = comparison.text(width: 80, isColored: false).split(separator: "\n").map(String.init)
    let near = try #require(lines.firstIndex { $0.hasPrefix("$best and $near cannot be told apart") })
    let worst = try #require(lines.firstIndex { $0.hasPrefix("$best beats $worst by 0.8133 ±") })
    let none = try #require(lines.firstIndex { $0 == "$best and $none: nothing to compare" })
    #expect(near < worst && worst < none)
    #expect(
      lines[none + 1] == "each is set against the best alone: of many such sentences some come true by luck")
  }

  /// One run on each of several sides says nothing of luck, and the least is the best unless more is.
  @Test func oneRunEach() throws {
    let sides = [side("$a", [0.3], by: "seed"), side("$b", [0.2], by: "seed"), side("$c", [0.4], by: "seed")]
    for (mode, best) in [(nil, "$b"), (.maximize, "$c")] as [(MetricDirection?, String)] {
      let comparison = try #require(Comparison(sides: sides, metric: "val_loss", mode: mode))
      #expect(
        comparison.text(width: 80, isColored: false).hasSuffix(
          "\n\(best) has the best val_loss, and one run each cannot tell whether that is luck: `seeds 5 { … }` within the sweep can"
        ))
    }
  }

  /// Groups of several runs that are no pairs say by which test they were set side by side.
  @Test func groupsThatAreNoPairs() throws {
    let sides = [
      side("$a", [0.1, 0.12, 0.11], by: "seed"), side("$b", [0.2, 0.22, 0.25, 0.21], by: "try", first: 9),
    ]
    let comparison = try #require(Comparison(sides: sides, metric: nil, mode: nil))
    let text = comparison.text(width: 80, isColored: false)
    #expect(text.contains("$a beats $b by 0.1100 ±") && text.contains("over 3 runs: not luck"), "\(text)")
    #expect(text.hasSuffix("the runs are not pairs (Welch)"), "\(text)")
  }

  @Test func sentences() throws {
    let better = side("$a", [0.1, 0.2, 0.3, 0.4], by: "seed")
    let worse = side("$b", [0.21, 0.33, 0.41, 0.55], by: "seed")
    let comparison = try #require(Comparison(sides: [worse, better], metric: nil, mode: nil))
    #expect(
      comparison.sentence(worse, better)
        == "$a beats $b by 0.1250 ± 0.030 in val_loss over 4 seeds: not luck (p < 0.001)")
    let alike = side("$c", [0.12, 0.18, 0.33, 0.38], by: "seed")
    #expect(
      comparison.sentence(better, alike)
        == "$a and $c cannot be told apart: they differ by 0.002500 ± 0.042 in val_loss over 4 seeds (p = 0.86)"
    )
    #expect(
      comparison.sentence(better, better) == "$a and $a are the same in val_loss over 4 seeds")
    let lone = side("$d", [0.5], by: "seed")
    #expect(comparison.sentence(better, lone).contains("one run each cannot tell"))
    #expect(Comparison(sides: [better, lone], metric: "val_mae", mode: nil) == nil)
  }
}
