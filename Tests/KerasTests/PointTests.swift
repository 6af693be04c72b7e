import Testing

/// Single functions at awkward points: zeros of both signs, the ends of float32, both sides of every kink, ties.
@Suite struct PointTests {
  struct Outcomes: Sendable {
    var activations: [PointOutcome] = []
    var losses: [PointOutcome] = []
    var metrics: [PointOutcome] = []

    var all: [PointOutcome] { activations + losses + metrics }
  }

  static let outcomes: Outcomes? = Fixtures.points.map { file in
    let points = file.points.values
    return Outcomes(
      activations: file.activations.map { .activation($0, points: points) }
        + file.byRow.map { .rowActivation($0, rows: file.rows) },
      losses: file.losses.map { .loss($0) }, metrics: file.metrics.map { .metric($0) })
  }

  private func report(_ outcomes: [PointOutcome]?) throws {
    for outcome in try #require(outcomes, "Fixtures/points.json cannot be read")
    where !outcome.complaints.isEmpty {
      Issue.record("\(outcome.complaints.prefix(4).joined(separator: "; "))")
    }
  }

  @Test func activations() throws { try report(Self.outcomes?.activations) }
  @Test func losses() throws { try report(Self.outcomes?.losses) }
  @Test func metrics() throws { try report(Self.outcomes?.metrics) }
}
