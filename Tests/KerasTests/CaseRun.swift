import Foundation
import NNEngine
import Synchronization

@testable import NNInterpreter

/// How one case went in nn.
struct CaseOutcome: Sendable {
  var fixture: Fixtures.Case
  /// What it names of the catalog.
  var items: Set<Item>
  /// The largest difference of anything that was compared.
  var worst = 0.0
  /// What differs by more than the tolerance, or could not run at all.
  var complaints: [String] = []

  /// All cases, run once.
  static let all: [CaseOutcome] = {
    let outcomes = Mutex<[Int: CaseOutcome]>([:])
    let cases = Fixtures.cases
    DispatchQueue.concurrentPerform(iterations: cases.count) { index in
      let outcome = CaseRun(cases[index]).outcome
      outcomes.withLock { $0[index] = outcome }
    }
    let done = outcomes.withLock { $0 }
    return cases.indices.compactMap { done[$0] }
  }()
}

/// Trains as a fixture says, from its weights, in nn's language, and compares everything that Keras gave.
struct CaseRun {
  private(set) var outcome: CaseOutcome

  init(_ fixture: Fixtures.Case) {
    let training = fixture.training
    let setUp = """
      data \(training.data)
      model < \(training.model) >
      compile \(training.compile)
      fit epochs=0 seed=0
      """
    let fit = "fit \(training.fit)\nevaluate"
    outcome = CaseOutcome(fixture: fixture, items: ItemReader.items(of: setUp + "\n" + fit))
    do throws(Complaint) {
      var session = LanguageSession()
      _ = try session.run(setUp)
      if training.ownWeights == true {
        compareWeights(fixture.initial, try session.trained().network, "at the start ")
      }
      try session.setWeights(fixture.initial)
      compare(try session.run(fit))
      let trained = try session.trained()
      compareWeights(training.final, trained.network, "")
      try comparePredictions(trained.network)
    } catch {
      outcome.complaints.append(error.text)
    }
  }

  private var fixture: TrainingFixture { outcome.fixture.training }

  private mutating func note(_ distance: Double, _ what: @autoclosure () -> String) {
    outcome.worst = max(outcome.worst, distance)
    if !(distance <= Distance.tolerance) { outcome.complaints.append(what()) }
  }

  private mutating func compare(_ events: [RunEvent]) {
    var epoch = 0
    var evaluations = 0
    for event in events {
      switch event {
      case .epoch(let ended):
        compare(ended.record, epoch)
        epoch += 1
      case .fitStopped(let stopped):
        guard let expected = fixture.stopping else { continue }
        if (stopped.reason == "early_stopping") != expected.stopped {
          outcome.complaints.append("the fit stopped because of \(stopped.reason)")
        }
        if stopped.bestEpoch != expected.bestEpoch {
          outcome.complaints.append(
            "the best epoch is \(stopped.bestEpoch.map { "\($0)" } ?? "none"), in Keras \(expected.bestEpoch)"
          )
        }
      case .evaluated(let evaluated):
        compare(evaluated.values, fixture.evaluated, "evaluated ")
        evaluations += 1
      default: continue
      }
    }
    if evaluations != 1 { outcome.complaints.append("\(evaluations) evaluations") }
    if epoch != fixture.history.count {
      outcome.complaints.append("\(epoch) epochs, in Keras \(fixture.history.count)")
    }
  }

  private mutating func compare(_ record: EpochRecord, _ epoch: Int) {
    guard epoch < fixture.history.count else { return }
    compare(record.values, fixture.history[epoch], "epoch \(epoch + 1): ")
    if let rate = fixture.rates?[epoch].value {
      note(
        Distance.numbers(Double(rate), record.learningRate, floor: 1e-6),
        "epoch \(epoch + 1): the learning rate is \(record.learningRate), in Keras \(rate)")
    }
  }

  private mutating func compare(
    _ values: [(name: String, value: Double)], _ expected: [FixtureNumber], _ place: String
  ) {
    guard values.count == expected.count else {
      outcome.complaints.append("\(place)\(values.map(\.name)), in Keras \(expected.count) values")
      return
    }
    for ((name, value), number) in zip(values, expected) {
      note(
        Distance.numbers(Double(number.value), value),
        "\(place)\(name) is \(Float(value)), in Keras \(number.value)")
    }
  }

  private mutating func compareWeights(
    _ expected: [String: FixtureTensor], _ network: Network, _ place: String
  ) {
    let left = Set(fixture.unjudged ?? [])
    for parameter in network.parameters where !left.contains(parameter.name) {
      guard let tensor = expected[parameter.name], tensor.shape == parameter.shape else {
        outcome.complaints.append("\(place)\(parameter.name) \(parameter.shape) is not in Keras")
        continue
      }
      let apart = Distance.tensors(tensor.values, parameter.values)
      note(apart, "\(place)\(parameter.name) is \(apart) away")
    }
  }

  private mutating func comparePredictions(_ network: Network) throws(Complaint) {
    let expected = fixture.predictions
    guard let table = Fixtures.tables["rows"] else { throw Complaint(text: "there is no table") }
    let columns = table.columns.filter { $0.name.hasPrefix("x") }
    var values: [Float] = []
    for row in 0..<expected.rows {
      for column in columns {
        guard case .numeric(let numbers) = column.values else { continue }
        values.append(numbers[row])
      }
    }
    do throws(EngineError) {
      let features = Matrix(rows: expected.rows, columns: columns.count, values: values)
      let apart = Distance.tensors(expected.values, try network.predict(features).values)
      note(apart, "predictions are \(apart) away")
    } catch {
      throw Complaint(text: "\(error)")
    }
  }
}
