import NNDiagnostics
import NNSyntax

/// What was meant by a value or an option that a declaration does not know.
extension Binder {
  func unknownOption(_ name: String, _ declaration: any Declaration) -> NameProblem {
    let all = declaration.options.flatMap { [$0.name] + $0.aliases }
    let near = Spelling.nearest(to: name, in: all)
    let isExact = near.map { Elsewhere.plain($0) == Elsewhere.plain(name) } ?? false
    let advice =
      isExact
      ? nil
      : Elsewhere.advice(onOption: name, of: declaration.name)
        ?? Catalog.owner(ofOption: name, not: declaration)
    return .unknownOption(
      name, of: declaration.name, suggestion: advice == nil ? near : nil, advice: advice,
      known: declaration.options.map(\.name))
  }

  func unexpectedValue(
    _ argument: EvaluatedArgument, _ declaration: any Declaration, _ written: Set<String>
  ) -> NameProblem {
    let all = declaration.options.flatMap { [$0.name] + $0.aliases }
    var advice: String?
    if declaration.options.isEmpty {
      advice = Elsewhere.advice(onOption: "units", of: declaration.name)
    } else if case .list = argument.value.constant,
      let option = declaration.options.first(where: {
        $0.type.isList && !written.contains($0.name) && fits(argument.value, $0.type)
      })
    {
      advice = "write `\(option.name)=[…]`"
    } else if let word = argument.bareWord, !argument.isNumber {
      advice = Elsewhere.advice(onWord: word, of: declaration.name)
    }
    return .unexpectedValue(
      argument.value.constant.shown, of: declaration.name,
      suggestion: argument.bareWord.flatMap { Spelling.nearest(to: $0, in: all) }, advice: advice,
      known: declaration.options.map(\.name))
  }

  /// `--epochs`, as a command line has it: the option that it names.
  func dashedOption(_ word: String, _ declaration: any Declaration) -> OptionDeclaration? {
    guard word.hasPrefix("-") else { return nil }
    return declaration.option(named: String(word.drop { $0 == "-" }.map { $0 == "-" ? "_" : $0 }))
  }

  /// `dense 8 he_normal`, `compile metrics=accuracy auc`: the name of something that no option without a name takes, and
  /// another option does.
  func misplaced(
    _ argument: EvaluatedArgument, _ declaration: any Declaration, _ bound: BoundArguments,
    _ written: Set<String>, _ positional: ArraySlice<OptionDeclaration>
  ) -> NameProblem? {
    let name: String
    var isCall = false
    switch argument.value.constant {
    case .word(let word), .string(let word): name = word
    case .call(let call, _, _): (name, isCall) = (call.text, true)
    default: return nil
    }
    let takers = declaration.options.filter { Catalog.takes($0, name) }
    guard !positional.contains(where: { $0.type.isText || Catalog.takes($0, name) }),
      let option = takers.first(where: { !written.contains($0.name) || $0.type.isList }),
      let kind = option.type.componentKind
    else { return nil }
    var list: String?
    if option.type.isList, written.contains(option.name) {
      let names = (bound.list(option.name) ?? []).compactMap { entry -> String? in
        if case .component(let component) = entry.value { component.name } else { nil }
      }
      list = "\(option.name)=[\((names + [name]).joined(separator: ", "))]"
    }
    return .misplaced(name, kind, option: option.name, isCall: isCall, list: list)
  }

  /// `encode species`, `scale standard age fare`: columns of the table at hand where a kind or nothing is asked for.
  func meantColumns(
    _ arguments: ArraySlice<EvaluatedArgument>, _ declaration: any Declaration,
    _ positional: ArraySlice<OptionDeclaration>, _ written: Set<String>
  ) -> (problem: NameProblem, span: Span, count: Int)? {
    let columns = arguments.prefix { $0.name == nil && $0.bareWord.map(isColumn) ?? false }
    guard let first = columns.first, let last = columns.last, let word = first.bareWord,
      declaration.option(named: "columns") != nil, !written.contains("columns")
    else { return nil }
    let names = columns.compactMap(\.bareWord)
    let option = "columns=" + (names.count == 1 ? word : "[\(names.joined(separator: ", "))]")
    let span = first.span.union(last.span)
    guard let taker = positional.first else {
      return (
        .unexpectedValue(
          names.map { "`\($0)`" }.joined(separator: ", "), of: declaration.name, suggestion: option,
          advice: nil, known: []), span,
        columns.count
      )
    }
    guard case .choice(let kinds) = taker.type, !kinds.contains(word) else { return nil }
    var kind = kinds.first ?? ""
    if case .text(let usual)? = taker.defaultValue { kind = usual }
    return (
      .wrongType(
        option: taker.name, expectation: taker.type.expectation, found: first.value.constant.shown,
        suggestion: "\(kind) \(option)"), span, columns.count
    )
  }

  /// `fit epochs=5 evaluate`, `fit epochs=5 && evaluate`, `dense 8 dropout 0.3`: a stage's or a layer's name where nothing takes it.
  func missedSeparator(
    before argument: EvaluatedArgument, _ declaration: any Declaration,
    _ positional: ArraySlice<OptionDeclaration>
  ) -> NameProblem? {
    guard let word = argument.bareWord else { return nil }
    let taker = positional.first
    if declaration is StageDeclaration {
      if word == "&&", declaration.name != "print" {
        return .unexpectedValue("`&&`", of: declaration.name, suggestion: "|", advice: nil, known: [])
      }
      guard Catalog.stage(named: word) != nil,
        taker.map({ $0.isFile && !$0.isRequired || !fits(argument.value, $0.type) }) ?? true,
        !declaration.options.contains(where: { Catalog.takes($0, word) })
      else { return nil }
      return .missedSeparator(word, isLayer: false)
    }
    guard declaration is LayerEntry, Catalog.layer(named: word) != nil,
      !declaration.options.contains(where: { Catalog.takes($0, word) })
    else { return nil }
    return .missedSeparator(word, isLayer: true)
  }
}

extension OptionDeclaration {
  /// Takes the path of a file.
  var isFile: Bool {
    if case .text("a file") = type { true } else { false }
  }
}

extension OptionType {
  /// Takes any word.
  fileprivate var isText: Bool {
    switch self {
    case .text, .anything: true
    default: false
    }
  }
}

extension EvaluatedArgument {
  /// A word that reads as a number.
  var isNumber: Bool { bareWord.flatMap { NNSyntax.number(fromWord: $0) } != nil || isArithmetic }

  private var isArithmetic: Bool {
    if case .number = value.constant { true } else { false }
  }
}

extension Catalog {
  static func takes(_ option: OptionDeclaration, _ name: String) -> Bool {
    option.type.componentKind.map { component($0, named: name) != nil } ?? false
  }

  /// Where an option stands that was given to something else; a sentence for a message's help.
  static func owner(ofOption name: String, not owner: any Declaration) -> String? {
    if let kind = kind(of: owner) {
      let siblings = components(kind).filter { $0.option(named: name) != nil }.map(\.name)
      if !siblings.isEmpty { return "it is an option of \(quoted(siblings))" }
    }
    let havers = optimizers.filter { $0.option(named: name) != nil }
    if owner.name == "compile", let optimizer = havers.first(where: { $0.name == "adam" }) ?? havers.first {
      return "it is an option of optimizers: `opt=\(optimizer.name)(\(name)=…)`"
    }
    if owner is LayerEntry {
      return layer(named: name).map { _ in "`\(name)` is a layer of its own, behind `;` or on a new line" }
    }
    let stage = stages.first {
      $0.declaration.name != owner.name && $0.declaration.option(named: name) != nil
    }
    guard let stage, !["path", "kind", "columns", "values"].contains(name) else { return nil }
    return "it is an option of `\(stage.declaration.name)`"
  }

  private static func kind(of owner: any Declaration) -> ComponentKind? {
    guard !(owner is StageDeclaration), !(owner is LayerEntry) else { return nil }
    return ComponentKind.allCases.first { kind in
      components(kind).contains { $0.name == owner.name && $0.summary == owner.summary }
    }
  }
}
