import NNData
import NNDiagnostics
import NNEngine

/// What flows through a script: one immutable record with its slots. The checker passes the same record through the
/// stages before anything runs; there, what only a run can know is absent or promised.
public struct Experiment: Sendable {
  var data: DataSlot?
  var model: ModelSlot?
  /// Recorded `scale`, `impute` …, learned at the model's first fit.
  var steps: [RecordedStep] = []
  /// The checker has reported something about a step: what depends on them is not reported again.
  var hasBrokenSteps = false
  /// Steps were recorded since the last fit.
  var hasUnlearnedSteps = false
  public internal(set) var history: History?
  /// Names and values; a value is nil while the checker only knows that it will be there.
  var metrics: [(name: String, value: Double?)] = []
  /// What `sweep`, `folds` or `seeds` gave last; while checking, its rows have only their settings.
  public internal(set) var runs: Runs?
  /// The step at which the last fit's loss stopped being finite.
  var diverged: Diverged?
  /// What its weights come from, beside the text.
  var lineage = Lineage()
  /// Set by the checker after a stage that it could not understand: what follows may rely on what that stage
  /// would have given, so missing slots are no longer reported.
  var isUncertain = false

  public init() {}

  /// A file has its model's weights.
  mutating func markSaved() {
    guard var trained = model?.trained else { return }
    trained.isSaved = true
    model?.training = .ready(trained)
  }

  /// The metric's value, if the experiment has it.
  public func metric(_ name: String) -> Double? { metrics.first { $0.name == name }?.value }

  mutating func setMetrics(prefix: String?, _ values: [(name: String, value: Double?)]) {
    for (name, value) in values {
      let name = prefix.map { $0 + name } ?? name
      if let index = metrics.firstIndex(where: { $0.name == name }) {
        metrics[index].value = value
      } else {
        metrics.append((name, value))
      }
    }
  }
}

/// The table at hand, with what was said about it.
struct DataSlot: Sendable {
  /// The path as written, or several of them.
  var path: String
  var options: ReadOptions
  /// nil while checking, if the file is not there yet or is standard input.
  var table: Table?
  var roles: DeclaredRoles
  var split: SplitRows?
  /// The rows are on the disk, and `table` has the first of them.
  var stream: StreamSlot?
  /// The checker has reported something about roles: what depends on them is not reported again.
  var hasBrokenRoles = false
  /// Whether observers have been told of it.
  var isAnnounced = false
  /// The fold whose rows these are, from 1.
  var fold: Int?
}

/// What `data` was told about columns; what it was not told is worked out when the model is known.
struct DeclaredRoles: Sendable {
  var targets: [String]?
  var features: [String]?
  var ignored: [String] = []
  var weight: String?
  /// Columns whose type was given with `types=`.
  var typed: Set<String> = []
}

/// A preparation step and where it stands.
struct RecordedStep: Sendable {
  var step: PreparationStep
  var span: Span
}

/// The network described, how it is to be trained, and what training made of it.
struct ModelSlot: Sendable {
  enum Training: Sendable {
    /// No weights yet.
    case none
    /// The checker has passed a `fit`; a run will have weights here.
    case promised(TargetPlan?)
    case ready(TrainedModel)
  }

  var plan: ModelPlan
  var compile: CompileOptions?
  var training: Training = .none
  /// The checker knows only that a file will hold a model.
  var isUnknown = false

  var trained: TrainedModel? {
    if case .ready(let trained) = training { trained } else { nil }
  }

  /// What the first fit decided about columns, if there has been one.
  var target: TargetPlan? {
    switch training {
    case .none: nil
    case .promised(let target): target
    case .ready(let trained): trained.target
    }
  }

  var hasWeights: Bool {
    if case .none = training { false } else { true }
  }
}

/// A network with its weights and everything needed to go on with it or to use it on raw rows.
public struct TrainedModel: Sendable {
  var network: Network
  var preprocessor: Preprocessor
  var target: TargetPlan
  var state: TrainingState
  var seed: UInt64
  /// Of the kept weights.
  var digest: String
  /// The number of the fit that left it so; nil if it was read from a file.
  var fit: Int?
  /// How the rows of its first table were written.
  var reading: ReadOptions?
  /// A `save` has written these weights.
  var isSaved = false
  /// Its columns have no names of their own; a table's first ones stand for them.
  var hasPlaceholders = false
  /// From which probability on the second of two classes is said; nil for 0.5.
  var decision: DecisionThreshold?
  /// What `calibrate` did to the last layer's weights.
  var calibration: Calibration?
}

/// `compile`'s options.
struct CompileOptions: Sendable {
  var loss: Component?
  /// Where the loss stands; nil if it was read from a file.
  var lossSpan: Span?
  /// With the options of all optimizers that `compile` itself was given.
  var optimizer = Component(kind: .optimizer, name: "adam")
  var metrics: [MetricChoice] = []
  /// An option was wrong and is reported: what depends on it is not.
  var isBroken = false
  /// Where it stands; nil if it was read from a file.
  var span: Span?

  func makeOptimizer() -> any Optimizer { Catalog.makeOptimizer(optimizer) }
}

extension Experiment {
  /// Tells observers of the data at hand, once, as soon as its roles are known.
  /// - Parameter force: tell even if the target is not known.
  mutating func announceData(to context: RunContext, force: Bool, target: TargetPlan? = nil) {
    guard let data, let table = data.table, !data.isAnnounced else { return }
    let lastIsText = data.roles.targets == nil && data.candidates.last?.isCategorical == true
    guard target != nil || data.roles.targets != nil || lastIsText || force else { return }
    let targets =
      target?.roles.targets ?? data.roles.targets ?? (lastIsText ? data.candidates.suffix(1).map(\.name) : [])
    // Sets, for tables of tens of thousands of columns.
    let isTarget = Set(targets)
    let isIgnored = Set(data.roles.ignored)
    let isNamed = data.roles.features.map { Set($0) }
    let isChosen = target.map { Set($0.roles.features) }
    let columns = table.columns.map { column in
      let role: String
      if isTarget.contains(column.name) {
        role = "target"
      } else if column.name == data.roles.weight {
        role = "weight"
      } else if isIgnored.contains(column.name) || isNamed?.contains(column.name) == false
        || isChosen?.contains(column.name) == false
      {
        role = "ignored"
      } else {
        role = "feature"
      }
      return RunEvent.Column(
        name: column.name, type: column.isCategorical ? "categorical" : "numeric", role: role,
        missing: column.missingCount)
    }
    let choice = target?.choice ?? (lastIsText ? "the last column, as it holds categories" : nil)
    context.tell(
      .data(.init(path: data.path, rows: table.allRows ?? table.rowCount, columns: columns, choice: choice)))
    self.data?.isAnnounced = true
  }
}

extension DataSlot {
  /// What a column holds, in all rows.
  func profile(of column: Column) throws(Found) -> ColumnProfile {
    guard let stream else { return ColumnProfile(column) }
    do {
      return try ColumnProfile(column, in: StoredRows(stream.table))
    } catch {
      throw Found(error.problem)
    }
  }

  var rowCount: Int? { table.map { $0.allRows ?? $0.rowCount } }

  var isSplit: Bool { split != nil || stream?.split != nil }

  /// How many rows each part has.
  var counts: (training: Int, validation: Int, test: Int) {
    if let stream {
      func count(_ part: StoredSplit.Part) -> Int {
        stream.split == nil && part != .training
          ? 0 : StoredRows(stream.table, part: part, of: stream.split).count
      }
      return (count(.training), count(.validation), count(.test))
    }
    guard let split else { return (table?.rowCount ?? 0, 0, 0) }
    return (split.training.count, split.validation.count, split.test.count)
  }

  mutating func open(_ stream: StreamSlot?) {
    self.stream = stream
    table = stream?.table.excerpt
  }

  /// The columns that may be targets or features, in the file's order.
  var candidates: [Column] {
    (table?.columns ?? []).filter { $0.name != roles.weight && !roles.ignored.contains($0.name) }
  }
}
