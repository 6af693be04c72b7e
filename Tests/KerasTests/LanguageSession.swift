import NNDiagnostics
import NNEngine
import Synchronization

@testable import NNInterpreter

/// What went wrong, in words.
struct Complaint: Error {
  var text: String
}

/// A session of nn's language on the fixtures' tables.
struct LanguageSession {
  private(set) var interpreter = Interpreter()

  /// Runs a script after what has run before, and gives what it told.
  mutating func run(_ text: String) throws(Complaint) -> [RunEvent] {
    let recorder = EventRecorder()
    let result = interpreter.run(
      SourceFile(name: "fixture", text: text), options: Self.options, observer: recorder)
    let errors = result.diagnostics.filter { $0.severity == .error }
    if !errors.isEmpty {
      let texts = Set(errors.map { "\($0.code) \($0.message)" }).sorted()
      throw Complaint(text: texts.joined(separator: "; "))
    }
    guard result.status == .done else { throw Complaint(text: "the run ended as \(result.status)") }
    return recorder.events.withLock { $0 }
  }

  /// The model as the last `fit` left it.
  func trained() throws(Complaint) -> TrainedModel {
    guard let trained = interpreter.experiment.model?.trained else {
      throw Complaint(text: "there is no trained model")
    }
    return trained
  }

  /// Puts other weights into the model, and the optimizer back to its start.
  mutating func setWeights(_ weights: [String: FixtureTensor]) throws(Complaint) {
    var trained = try trained()
    let names = trained.network.parameters.map(\.name)
    guard Set(names) == Set(weights.keys) else {
      throw Complaint(text: "the weights are \(names), in Keras \(weights.keys.sorted())")
    }
    for (name, tensor) in weights {
      do throws(EngineError) {
        try trained.network.setParameter(name: name, shape: tensor.shape, values: tensor.values)
      } catch {
        throw Complaint(text: "\(error)")
      }
    }
    trained.state = TrainingState(optimizer: trained.state.optimizer)
    interpreter.experiment.model?.training = .ready(trained)
  }

  /// The model and its `compile`, before any data.
  func compiled() throws(Complaint) -> (plan: ModelPlan, options: CompileOptions) {
    guard let model = interpreter.experiment.model, let options = model.compile else {
      throw Complaint(text: "there is no compiled model")
    }
    return (model.plan, options)
  }

  private static let options: RunOptions = {
    var options = RunOptions()
    options.tables = Fixtures.tables
    options.threads = 1
    return options
  }()
}

private final class EventRecorder: RunObserver {
  let events = Mutex<[RunEvent]>([])

  func observe(_ event: RunEvent) { events.withLock { $0.append(event) } }
}
