import NNDiagnostics
import NNEngine

/// What the catalog says of a callback with its options: what it needs of a fit and writes, and how it is made for one.
struct CallbackProduct: Sendable {
  /// What stands under a path that a callback writes.
  enum Output: Sendable {
    /// A file; one that is appended to may have been written before.
    case file(appends: Bool)
    case folder
    /// Models, under a path with places for numbers.
    case models(PathPattern)
  }

  /// The value that it watches, where it has to be one of the fit's.
  var monitor: (name: String, needsMode: Bool)?
  /// The option that names what it writes.
  var writes: (path: String, option: String, output: Output)?
  /// It is asked between steps, when there are no values of validation rows.
  var isOfSteps = false
  /// What it adds to the values that those behind it can watch.
  var adds: [String] = []
  /// It sets the learning rate, which then no schedule can give.
  var setsRate = false
  /// The folder that it keeps the fit in, for the next run to go on from.
  var backupFolder: String?
  /// A loss that stops being finite is an end, not an error.
  var toleratesNaN = false
  /// Options that cannot be what they are.
  var mistakes: [(option: String, problem: any Problem)] = []
  let make: @Sendable (CallbackEnvironment) -> any Callback

  init(_ make: @escaping @Sendable (CallbackEnvironment) -> any Callback) { self.make = make }
}

/// What callbacks of one fit can do beside training.
struct CallbackEnvironment: Sendable {
  /// The fit's number.
  let fit: Int
  let tell: @Sendable (RunEvent) -> Void
  let warn: @Sendable (any Problem) -> Void
  let models: ModelWriter
  /// Which of many runs the fit is of, and what tells it from the others; nil outside of these.
  var run: (number: Int, settings: [Runs.Setting])?
  /// The fit's identity, where a backup is to be kept.
  let identity: FitIdentity?
  /// A loss that stops being finite is an end, not an error.
  let toleratesNaN: Bool
}

/// Writes the model as it stands within a fit, as `save` would after it.
struct ModelWriter: Sendable {
  /// As it was before the fit.
  let experiment: Experiment
  /// The model with its preparation; network and state are those of the moment.
  let trained: TrainedModel

  func write(_ snapshot: FitSnapshot, to path: String, withOptimizer: Bool) throws(Found) {
    var experiment = experiment
    var trained = trained
    trained.network = snapshot.network
    trained.state = snapshot.state
    trained.digest = snapshot.network.digest
    experiment.keep(trained, records: snapshot.records)
    try saveModel(experiment, to: path, withOptimizer: withOptimizer)
  }
}

extension Experiment {
  /// Puts what a fit has made of the model in its place.
  mutating func keep(_ trained: TrainedModel, records: [EpochRecord], keptEpoch: Int? = nil) {
    var history = history ?? History()
    for record in records { history.append(record) }
    history.keptEpoch = keptEpoch
    self.history = history
    model?.training = .ready(trained)
  }
}
