import NNDiagnostics
import NNSyntax
import Synchronization

/// What names stand for at one point of the script.
///
/// A `def`'s body sees what they stood for where it was defined. So that a thousand definitions do not keep a thousand
/// scopes, what is declared has its number, and a body is shown what comes before a number (``inside(_:)``).
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

  private struct Numbered<Value: Sendable>: Sendable {
    var number: Int
    var value: Value
  }

  /// What was declared under each name, the latest last. The ones before it are there for definitions that see them.
  private var bindings: [String: [Numbered<Binding>]] = [:]
  private var definitions: [String: [Numbered<FlowDefinition>]] = [:]
  /// Definitions that could not be made, which is reported: their uses are not.
  private var brokenDefinitions: Set<String> = []
  /// How much has been declared.
  private(set) var count = 0
  /// So much of it the latest definition sees.
  private var seen = 0
  /// What is declared from this number on is not seen here.
  private var limit = Int.max
  /// What a body has bound itself; nil outside of bodies.
  private var own: [String: Binding]?

  func binding(_ name: String) -> Binding? {
    own?[name] ?? bindings[name]?.last { $0.number < limit }?.value
  }

  func definition(_ name: String) -> FlowDefinition? {
    definitions[name]?.last { $0.number < limit }?.value
  }

  subscript(name: String) -> Meaning? { binding(name)?.meaning }

  mutating func bind(_ name: String, _ meaning: Meaning, declaredAt span: Span? = nil) {
    let binding = Binding(meaning: meaning, declaration: span)
    if own != nil {
      own?[name] = binding
      return
    }
    var all = bindings.removeValue(forKey: name) ?? []
    // Nobody sees the one before any more.
    if let last = all.last, last.number >= seen { all.removeLast() }
    all.append(Numbered(number: count, value: binding))
    bindings[name] = all
    count += 1
  }

  /// Makes a definition, which sees what has been declared before it.
  mutating func define(_ definition: FlowDefinition) {
    var definition = definition
    definition.sees = count
    seen = count
    definitions[definition.name.text, default: []].append(Numbered(number: count, value: definition))
    count += 1
  }

  mutating func defineBroken(_ name: String) { brokenDefinitions.insert(name) }

  func isBrokenDefinition(_ name: String) -> Bool { brokenDefinitions.contains(name) }

  /// What a definition's body sees; what it binds is its own.
  func inside(_ definition: FlowDefinition) -> Scope {
    var scope = self
    scope.limit = min(limit, definition.sees)
    scope.own = [:]
    return scope
  }

  /// The same for a body that sees all that is seen here.
  var body: Scope {
    var scope = self
    scope.own = own ?? [:]
    return scope
  }

  /// The names that have a meaning, sorted.
  var names: [String] {
    var found = Set(own.map { Array($0.keys) } ?? [])
    for (name, all) in bindings where all.contains(where: { $0.number < limit }) { found.insert(name) }
    return found.sorted()
  }

  /// Names that may have been meant by another; none where they are so many that looking through all for each mistake would
  /// take minutes.
  var suggested: (names: [String], definitions: [FlowDefinition]) {
    (
      bindings.count + (own?.count ?? 0) <= Self.mostSuggested ? names : [],
      definitions.count <= Self.mostSuggested ? allDefinitions : []
    )
  }

  private static let mostSuggested = 200

  /// The definitions that are seen, by their names.
  var allDefinitions: [FlowDefinition] {
    definitions.values.compactMap { all in all.last { $0.number < limit }?.value }
      .sorted { $0.name.text < $1.name.text }
  }

  /// What the definitions take.
  var declarations: [String: StageDeclaration] {
    Dictionary(uniqueKeysWithValues: allDefinitions.map { ($0.name.text, $0.declaration) })
  }
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
  /// So much had been declared where it was defined: the body sees this, whatever its user has bound since.
  var sees = 0
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
