import NNDiagnostics
import NNSyntax

/// The script's `param`s and what `--set` gives them.
struct Parameters {
  private let settings: [String: String]
  /// By name, where each is declared.
  private var declared: [String: Span] = [:]

  init(settings: [(name: String, value: String)]) {
    self.settings = Dictionary(settings.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
  }

  func setting(_ name: String) -> String? { settings[name] }

  /// - Returns: false if there is one of that name already.
  mutating func declare(_ name: Name) -> Bool {
    if let place = declared[name.text], place != name.span { return false }
    declared[name.text] = name.span
    return true
  }

  /// Reports settings of parameters that there are not.
  func reportUnknown(to context: CheckContext) {
    let known = declared.keys.sorted()
    for name in settings.keys.sorted() where declared[name] == nil {
      context.report(
        NameProblem.unknownSetting(name, suggestion: Spelling.nearest(to: name, in: known), known: known),
        at: nil)
    }
  }
}

extension Checker {
  mutating func check(_ parameter: Parameter, in place: Place) {
    let name = parameter.name
    guard parameters.declare(name) else {
      context.report(NameProblem.duplicateParameter(name.text), at: name.span)
      return
    }
    if place == .script { context.uses.declare(.parameter, name) }
    bind(name.text, value(of: parameter).map { .value($0) } ?? .broken, declaredAt: name.span, in: place)
  }

  /// The parameter's value; nil, and reported, if it has none.
  private func value(of parameter: Parameter) -> Constant? {
    let name = parameter.name
    let fallback = parameter.defaultValue.flatMap(evaluator.evaluate)?.constant.settled
    guard let text = parameters.setting(name.text) else {
      if parameter.defaultValue == nil {
        context.report(NameProblem.parameterUnset(name.text), at: name.span)
      }
      return fallback
    }
    let constant = Self.setting(text)
    if let fallback, let problem = fallback.disagreement(with: constant, of: name.text) {
      context.report(problem, at: name.span)
      // Its uses are no mistakes of their own.
      return fallback
    }
    return constant
  }

  /// The value of a `--set`: as the language would read it, or else the text as it is.
  private static func setting(_ text: String) -> Constant {
    let parsed = parse(SourceFile(name: "--set", text: "let x = \(text)"))
    guard parsed.problems.isEmpty, parsed.script.statements.count == 1,
      case .binding(let binding)? = parsed.script.statements.first, case .value(let value) = binding.binding
    else { return .string(text) }
    return Evaluator(scope: Scope(), report: { _, _ in }).evaluate(value)?.constant.settled ?? .string(text)
  }
}

extension Constant {
  /// What is wrong with a setting, if this is the parameter's default.
  fileprivate func disagreement(with setting: Constant, of name: String) -> NameProblem? {
    switch self {
    case .word("true"), .word("false"):
      return ["true", "false"].contains(setting.text)
        ? nil : .illTypedTruth(name, found: setting.shown)
    case .number: return setting.number == nil ? .illTypedSetting(name, found: setting.shown) : nil
    case .list(let entries):
      // A single value serves where a list is wanted.
      let isOfNumbers = !entries.isEmpty && entries.allSatisfy { $0.constant.number != nil }
      guard isOfNumbers else { return nil }
      if case .list(let given) = setting {
        return given.first { $0.constant.number == nil }.map {
          .illTypedSetting(name, found: $0.constant.shown)
        }
      }
      return setting.number == nil ? .illTypedSetting(name, found: setting.shown) : nil
    case .word, .string:
      if case .list = setting { return .illTypedText(name, found: setting.shown) }
      return nil
    case .call: return nil
    }
  }
}
