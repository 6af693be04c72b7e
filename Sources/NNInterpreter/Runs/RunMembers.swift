import NNDiagnostics
import NNSyntax

/// What the body of a `sweep`, `folds` or `seeds` becomes in each of its runs.
struct RunMembers: Sendable {
  var members: [RunMember]
  /// The runs' values of what repeats a setting: `fold`, `seed`.
  var repetitions: Set<String>
  /// Where the body begins, for messages.
  var bodySpan: Span
  /// Whether fits without a seed share one that is drawn.
  var drawnSeed: UInt64

  /// Rows that they leave together.
  var rowCount: Int { members.last.map { $0.rowsBefore + $0.rowCount } ?? 0 }
  var fits: Int { members.last.map { $0.fitsBefore + $0.fits } ?? 0 }

  var files: StageFiles {
    var files = StageFiles()
    for member in members {
      for task in member.plan.tasks { for step in task.steps { files.add(step.stage.files) } }
    }
    return files
  }
}

/// One of many runs, ready to run.
struct RunMember: Sendable {
  /// Its own: a nested stage's runs add theirs.
  var settings: [Runs.Setting]
  /// The seed of fits that are given none.
  var seed: UInt64?
  /// Which fold's rows it works on, from 0.
  var fold: Int?
  /// The body's tasks in the source's order.
  var plan = Plan()
  /// The experiment behind the body, as far as the checker knows it.
  var end = Experiment()
  /// The rows that it leaves: its own, or those of a stage within it.
  var rowCount = 1
  var isNested = false
  /// Rows and fits of the runs in front of it.
  var rowsBefore = 0
  var fitsBefore = 0
  var fits = 0
  /// The line that makes it again, in two parts with a nested stage's line between them.
  var script: (head: String, tail: String) = ("", "")

  /// `lr=0.01 width=8`
  var settingsText: String { settings.map { "\($0.name)=\($0.text)" }.joined(separator: " ") }
}

/// What a member is before its body is checked.
struct RunDraft {
  var settings: [Runs.Setting]
  /// What the body's `$names` stand for.
  var bindings: [(name: String, value: Constant)]
  var seed: UInt64?
  var fold: Int?
  /// The stage that makes this run alone: `sweep lr=[0.01]`.
  var head: String
}

/// The run whose body the checker looks at.
struct CheckedRun {
  /// From 1.
  var number: Int
  /// `lr=0.01 width=8`
  var settings: String
  /// The stage's name.
  var span: Span
}

/// A flow by the name that it is bound to.
struct NamedFlow: Sendable {
  var name: String
  var span: Span
  var future: FlowFuture
}

/// A stage with a body that it runs many times.
protocol ManyRunsStage: Stage {
  var bound: BoundStage { get }

  /// The runs that it makes; what is wrong with its arguments is reported.
  /// - Returns: nil where they cannot be known for what was wrong.
  static func drafts(
    _ bound: BoundStage, _ variables: [SweepVariable], _ experiment: Experiment, _ context: CheckContext
  ) -> [RunDraft]?
}

extension ManyRunsStage {
  /// Names of settings over which a mean is taken.
  static var repetitions: Set<String> { ["seed", "fold", "inner_fold", "repeat"] }

  static var keepingOptions: [OptionDeclaration] {
    [
      OptionDeclaration(
        "save", .text("a folder"), "keeps each run as it ends; started again only what is missing runs"),
      OptionDeclaration(
        "weights", .boolean, default: .boolean(false), "keep the runs' weights in `save`'s folder, too"),
    ]
  }
}

extension Constant {
  /// As a script would have it.
  var scriptText: String {
    switch self {
    case .number(let value): describeNumber(value)
    case .word(let text): text
    case .string(let text): quotedWord(text)
    case .list(let entries): "[" + entries.map(\.constant.scriptText).joined(separator: ", ") + "]"
    case .call(let name, let arguments, _):
      name.text + "("
        + arguments.map { argument in
          (argument.name.map { $0.text + "=" } ?? "") + argument.value.constant.scriptText
        }.joined(separator: ", ") + ")"
    }
  }
}

/// A text as a word where it can be one, else in quotes.
private func quotedWord(_ text: String) -> String {
  let isWord =
    !text.isEmpty
    && text.unicodeScalars.allSatisfy {
      $0.isASCII && ($0.properties.isAlphabetic || "0123456789_.-/".unicodeScalars.contains($0))
    }
  if isWord { return text }
  return Printer.text(of: StringLiteral(pieces: [.text(text)], isRaw: false, span: Span(0, 0)))
}
