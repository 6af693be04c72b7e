import Testing

/// Trainings in nn's language beside the same in the real Keras. From the same weights and the same rows in the same
/// order the values of every epoch, the final weights and the predictions agree to 1e-5 (see docs/keras.md).
@Suite struct TrainingTests {
  @Test func everyKindHasItsFixtures() {
    #expect(Fixtures.cases.count > 600)
    for kind in Fixtures.kinds {
      #expect(Fixtures.cases.contains { $0.kind == kind }, "Fixtures/\(kind).json cannot be read")
    }
    // Where Keras does not agree with itself nobody can be judged by it.
    for fixture in Fixtures.cases {
      #expect(fixture.training.twin <= Distance.tolerance / 5, "\(fixture.title)")
    }
  }

  @Test(arguments: CaseOutcome.all.indices) func trainsAsKerasDoes(_ index: Int) {
    let outcome = CaseOutcome.all[index]
    if !outcome.complaints.isEmpty {
      Issue.record("\(outcome.fixture.title): \(outcome.complaints.prefix(4).joined(separator: "; "))")
    }
  }
}
