import NNDiagnostics
import NNSyntax
import Synchronization

/// What names stand for at one point of the script. A copy keeps what they stood for then, as a `def`'s body does.
struct Scope: Sendable {
  enum Meaning: Sendable {
    case value(Constant)
    case flow(FlowFuture)
    /// The statement that gave the name its meaning is wrong and reported: its uses are not.
    case broken
  }

  struct Binding: Sendable {
    var meaning: Meaning
    /// Where the name was declared, to tell which are never used.
    var declaration: Span?
  }

  private(set) var bindings: [String: Binding] = [:]
  var definitions: [String: FlowDefinition] = [:]
  /// Definitions that could not be made, which is reported: their uses are not.
  var brokenDefinitions: Set<String> = []

  subscript(name: String) -> Meaning? { bindings[name]?.meaning }

  mutating func bind(_ name: String, _ meaning: Meaning, declaredAt span: Span? = nil) {
    bindings[name] = Binding(meaning: meaning, declaration: span)
  }

  /// The names that have a meaning, sorted.
  var names: [String] { bindings.keys.sorted() }

  /// What the definitions take.
  var declarations: [String: StageDeclaration] { definitions.mapValues(\.declaration) }
}

/// The experiment that a `let` flow gives: what the checker can know of it and, once it has run, the thing itself.
final class FlowFuture: Sendable {
  private let checked: Experiment
  private let result = Mutex<Experiment?>(nil)

  init(_ checked: Experiment) { self.checked = checked }

  /// As far as it is known now.
  var experiment: Experiment { result.withLock { $0 } ?? checked }

  func fulfil(_ experiment: Experiment) { result.withLock { $0 = experiment } }
}

/// A run of stages or of layers that a `def` has given a name.
struct FlowDefinition: Sendable {
  struct Formal: Sendable {
    var name: Name
    /// nil where a value must be given.
    var defaultValue: Evaluated?
    /// Its default is wrong and reported.
    var isBroken = false
  }

  var name: Name
  var formals: [Formal]
  var body: Script
  /// What names stood for where it was defined: the body sees these, whatever its user has bound since.
  var scope: Scope
  /// Its body starts with a layer.
  var isOfLayers: Bool

  /// `train(epochs, lr=0.01)`
  var signature: String {
    let words = formals.map { formal in
      formal.name.text + (formal.defaultValue.map { "=" + $0.constant.printed } ?? "")
    }
    return "\(name.text)(\(words.joined(separator: ", ")))"
  }

  /// What the binder needs to know to join written arguments with formals.
  var declaration: StageDeclaration {
    StageDeclaration(
      name.text, "a definition of this script",
      options: formals.map { formal in
        OptionDeclaration(
          formal.name.text, .anything, positional: true,
          required: formal.defaultValue == nil && !formal.isBroken,
          "the value of `$\(formal.name.text)` in its body")
      })
  }
}
