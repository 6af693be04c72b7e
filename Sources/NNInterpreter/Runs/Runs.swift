import NNDiagnostics
import NNEngine

/// What `sweep`, `folds` and `seeds` leave: a row for each run, in the source's order, whatever order they ended in.
public struct Runs: Sendable {
  /// One thing in which runs differ: a sweep's variable, `fold` or `seed`.
  public struct Setting: Sendable, Hashable {
    public var name: String
    /// As a script would have it: `0.01`, `relu`, `adam(lr=0.1)`.
    public var text: String
    /// The value, if it is a number.
    public var number: Double?

    init(name: String, text: String, number: Double? = nil) {
      self.name = name
      self.text = text
      self.number = number
    }
  }

  /// How a run ended.
  public enum Status: String, Sendable, Hashable {
    case done
    /// Its loss was no longer a finite number.
    case diverged
    /// Given up by `halving`, for others were better after as many epochs.
    case halved
    /// Ended from outside, with what it had learned until then.
    case interrupted
  }

  /// One run.
  public struct Run: Sendable {
    /// From 1, in the source's order.
    public var number: Int
    /// Outermost first: those of the sweep around, then those within.
    public var settings: [Setting]
    /// The experiment's metrics behind the body, in their order.
    public var metrics: [(name: String, value: Double)]
    /// The seed that it was trained with.
    public var seed: UInt64?
    /// Of its weights.
    public var digest: String?
    public var status: Status
    /// Its epochs.
    public var history: History?
    /// The script line that makes this run again, with every value in it.
    public var script: String
    public var seconds: Double
    /// Rows that it was trained on, and rows held out, for the correction that folds need.
    var trainingRows: Int?
    var heldOutRows: Int?
    /// What it left, for `best` and `ensemble` to take into the flow; nil where there was no room to keep it.
    var experiment: Experiment?
    /// Makes it again, where it was not kept.
    var recipe: RunRecipe?

    /// The metric's value, if the run has it.
    public func metric(_ name: String) -> Double? { metrics.first { $0.name == name }?.value }

    /// The setting of that name, if the run has it.
    public func setting(_ name: String) -> Setting? { settings.first { $0.name == name } }
  }

  /// In the source's order.
  public internal(set) var rows: [Run]
  /// The names of the settings, outermost first.
  public internal(set) var settingNames: [String]
  /// Those among them that repeat a setting, so that a mean can be taken over them: `fold`, `seed`.
  public internal(set) var repetitions: Set<String>
  /// The names of the metrics that rows have, in their order.
  public internal(set) var metricNames: [String]
  /// Of each metric which direction is better; none where neither is.
  public internal(set) var directions: [String: MetricDirection]
  /// What else was measured on the same rows: the mean or the commonest class, and a linear model.
  public internal(set) var baselines: [Baseline] = []
  /// The stages that made them, as in `sweep folds`, for messages.
  var stages: [String]
  /// `best` has taken one of them into the flow, which now stands for all.
  var isChosen = false

  /// A plain model that every run should beat.
  public struct Baseline: Sendable {
    /// `mean`, `commonest class` or `linear model`.
    public var name: String
    public var metrics: [(name: String, value: Double)]
  }
}

extension Runs {
  /// Adds a run behind the others, with the names that it brings.
  /// - Parameter inner: the runs of a nested stage that it comes from.
  mutating func append(_ row: Run, inner: Runs?) {
    var row = row
    row.number = rows.count + 1
    rows.append(row)
    for name in row.settings.map(\.name) where !settingNames.contains(name) { settingNames.append(name) }
    for name in row.metrics.map(\.name) where !metricNames.contains(name) { metricNames.append(name) }
    guard let inner else { return }
    repetitions.formUnion(inner.repetitions)
    for name in inner.metricNames where !metricNames.contains(name) { metricNames.append(name) }
    directions.merge(inner.directions) { own, _ in own }
    for stage in inner.stages where !stages.contains(stage) { stages.append(stage) }
  }

  /// Takes over which metrics there are, and which direction of each is better.
  mutating func learn(from measures: Measures) {
    for name in measures.names where !metricNames.contains(name) { metricNames.append(name) }
    let compile = measures.compile ?? CompileOptions()
    for name in metricNames where directions[name] == nil { directions[name] = compile.direction(of: name) }
  }

  /// What a run's experiment has measured and how it was trained, without its weights.
  struct Measures: Sendable {
    var names: [String]
    var compile: CompileOptions?

    init(_ experiment: Experiment) {
      names = experiment.metrics.map(\.name)
      compile = experiment.model?.compile
    }
  }

  /// What runs are ranked by unless something else is said: `val_loss`, else `test_loss`, else `loss`.
  public var mainMetric: String? {
    ["val_loss", "test_loss", "loss"].first { metricNames.contains($0) }
      ?? metricNames.first { directions[$0] != nil }
  }
}

/// Makes a run again, bit for bit.
final class RunRecipe: Sendable {
  private let make: @Sendable (RunContext) throws -> Experiment

  init(_ make: @escaping @Sendable (RunContext) throws -> Experiment) { self.make = make }

  func run(_ context: RunContext) throws -> Experiment { try make(context) }
}

extension Runs.Run {
  /// The experiment behind its body: kept, or made again.
  func experiment(_ context: RunContext) throws -> Experiment {
    if let experiment { return experiment }
    guard let recipe else { throw Found(RunsProblem.nothingDone) }
    let experiment = try recipe.run(context)
    if let digest, let own = experiment.digest, own != digest {
      throw Found(RunsProblem.otherDigest(run: number))
    }
    return experiment
  }
}
