import NNDiagnostics
import NNSyntax

/// One stage of the language: its declaration, what it means before a run, and what it does in one.
/// A stage is made when its arguments are bound, so a value of it is a stage ready to run.
protocol Stage: Sendable {
  static var declaration: StageDeclaration { get }

  init(_ bound: BoundStage)

  /// Passes the experiment on as far as it can be known, and reports what cannot work.
  func check(_ experiment: inout Experiment, _ context: CheckContext)

  /// The files that it will read and write.
  var files: StageFiles { get }

  /// Fits that it takes to do it, for their numbering.
  var fits: Int { get }

  /// Does it.
  /// - Throws: ``Found`` for what went wrong, with a place of its own if it has one.
  func run(_ experiment: inout Experiment, _ context: RunContext) throws
}

extension Stage {
  var files: StageFiles { StageFiles() }
  var fits: Int { 0 }
}

/// What the catalog says of a stage.
public struct StageDeclaration: Declaration {
  /// What may stand behind a stage's arguments.
  enum Tail: Sendable {
    case none
    case block
    case condition
    /// A script that is run many times.
    case body
  }

  /// What a stage needs of the experiment.
  enum Slot: Sendable {
    case data, model, weights, history, runs
  }

  public let name: String
  public let aliases: [String]
  public let summary: String
  public let options: [OptionDeclaration]
  public let exclusive: [[String]]
  let tail: Tail
  let needs: [Slot]
  /// Still runs after an interruption, so that what was trained is kept.
  let runsAfterInterruption: Bool
  /// Neither trains, shows nor writes: it only prepares what others do.
  let isSilent: Bool
  /// What it does may decide which weights come to be.
  let trains: Bool
  /// Takes a table that streams, or leaves the rows alone.
  let streams: Bool

  init(
    _ name: String, aliases: [String] = [], _ summary: String, options: [OptionDeclaration] = [],
    exclusive: [[String]] = [], tail: Tail = .none, needs: [Slot] = [], runsAfterInterruption: Bool = false,
    isSilent: Bool = false, trains: Bool = false, streams: Bool = false
  ) {
    self.name = name
    self.aliases = aliases
    self.summary = summary
    self.options = options
    self.exclusive = exclusive
    self.tail = tail
    self.needs = needs
    self.runsAfterInterruption = runsAfterInterruption
    self.isSilent = isSilent
    self.trains = trains || isSilent
    self.streams = streams
  }
}

/// A stage's arguments after binding.
struct BoundStage: Sendable {
  var nameSpan: Span
  var span: Span
  var arguments: BoundArguments
  /// Of `model < … >`.
  var plan: ModelPlan?
  var condition: BoundCondition?
  /// Of `sweep … { … }`: what its body becomes in each run.
  var members: RunMembers?
  /// Of `compare $a $b`: the flows that it was given.
  var flows: [NamedFlow] = []
  /// Something here was wrong and is reported.
  var isBroken: Bool
  /// The uses of definitions in whose bodies it stands, from the innermost.
  var uses: [Span] = []
}

/// `val_mae < 0.3`
struct BoundCondition: Sendable {
  var subject: String
  var subjectSpan: Span
  var comparison: Condition.Comparison
  var value: Evaluated
  /// As written.
  var text: String
}
