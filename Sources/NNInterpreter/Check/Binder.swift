import NNDiagnostics
import NNSyntax

/// Joins written arguments with declared options, as language.md's "name value" rule has it, and gives every value
/// its option's type. Problems are handed to `report`.
struct Binder {
  let report: (any Problem, Span) -> Void
  /// Components that are the embedding program's own.
  var own = OwnComponents()
  /// Whether the table at hand has a column of this name.
  var isColumn: (String) -> Bool = { _ in false }
  /// Told of each option that was given a value, before the value has a type.
  var taken: (String, Evaluated) -> Void = { _, _ in }

  /// Binds the arguments of one stage, layer or component.
  /// - Parameters:
  ///   - ownerSpan: where a missing option is reported.
  ///   - isBroken: the parser has already reported something here, so what is missing is not reported again.
  ///   - joinsWords: `name value` counts as `name=value`; off inside calls.
  func bind(
    _ arguments: [EvaluatedArgument], to declaration: any Declaration, ownerSpan: Span, isBroken: Bool,
    joinsWords: Bool = true
  ) -> BoundArguments {
    var bound = BoundArguments()
    var hasProblems = isBroken
    var positional = declaration.positionalOptions[...]
    var written: Set<String> = []
    let named = Set(arguments.compactMap { $0.name?.text })
    let quietReport = report
    let note: (any Problem, Span) -> Void = { problem, span in
      hasProblems = true
      quietReport(problem, span)
    }

    /// Types one value and stores it.
    func take(_ option: OptionDeclaration, _ value: Evaluated, at span: Span) {
      guard written.insert(option.name).inserted else {
        note(NameProblem.repeated(option: option.name, of: declaration.name), span)
        return
      }
      taken(option.name, value)
      if let converted = convert(value, to: option.type, option: option.name, report: note) {
        bound.set(option.name, converted)
      } else {
        hasProblems = true
      }
    }

    var index = 0
    while index < arguments.count {
      let argument = arguments[index]
      index += 1
      if let name = argument.name {
        if let option = declaration.option(named: name.text) {
          take(option, argument.value, at: argument.span)
        } else {
          note(unknownOption(name.text, declaration), name.span)
        }
        continue
      }
      if joinsWords, let word = argument.bareWord, let option = declaration.option(named: word) {
        let next = index < arguments.count && arguments[index].name == nil ? arguments[index] : nil
        if case .boolean = option.type {
          if let next, next.bareWord == "true" || next.bareWord == "false" {
            index += 1
            take(option, next.value, at: argument.span.union(next.span))
          } else {
            take(option, Evaluated(constant: .word("true"), span: argument.span), at: argument.span)
          }
        } else if let next {
          index += 1
          take(option, next.value, at: argument.span.union(next.span))
        } else {
          written.insert(option.name)
          note(
            NameProblem.needsValue(option: option.name, expectation: option.type.expectation), argument.span)
        }
        continue
      }
      // Inside a call a comma stands before the next value, so a yes-or-no option alone means true there too.
      if !joinsWords, let word = argument.bareWord, let option = declaration.option(named: word),
        case .boolean = option.type
      {
        take(option, Evaluated(constant: .word("true"), span: argument.span), at: argument.span)
        continue
      }
      if let word = argument.bareWord, let colon = word.firstIndex(of: ":"),
        let option = declaration.option(named: String(word[..<colon])), colon != word.indices.last
      {
        written.insert(option.name)
        let value = String(word[word.index(after: colon)...])
        note(NameProblem.colon(option: option.name, value: value), argument.span)
        continue
      }
      if let word = argument.bareWord, let option = dashedOption(word, declaration) {
        written.insert(option.name)
        note(NameProblem.dashes(word, option: option.name), argument.span)
        // Its value goes with it.
        if case .boolean = option.type {
        } else if index < arguments.count, arguments[index].name == nil {
          index += 1
        }
        continue
      }
      while let first = positional.first, !first.isVariadic,
        written.contains(first.name)
          // `fit t.csv y epochs=5`: what its name says further on was not meant here.
          || ([first.name] + first.aliases).contains(where: named.contains)
            && !fits(argument.value, first.type)
      {
        positional.removeFirst()
      }
      if joinsWords, let missed = missedSeparator(before: argument, declaration, positional) {
        note(missed, argument.span)
        break
      }
      if joinsWords, let meant = meantColumns(arguments[(index - 1)...], declaration, positional, written) {
        note(meant.problem, meant.span)
        index += meant.count - 1
        positional = []
        written.insert("columns")
        continue
      }
      guard let option = positional.first else {
        note(
          misplaced(argument, declaration, bound, written, positional)
            ?? unexpectedValue(argument, declaration, written),
          argument.span)
        continue
      }
      if option.isVariadic {
        var entries: [Bound] = []
        index -= 1
        let start = arguments[index].span
        var end = start
        while index < arguments.count, arguments[index].name == nil {
          if let entry = convert(arguments[index].value, to: option.type, option: option.name, report: note) {
            entries.append(entry)
          }
          end = arguments[index].span
          index += 1
        }
        written.insert(option.name)
        positional.removeFirst()
        bound.set(option.name, Bound(.list(entries), span: start.union(end)))
      } else if !laterFits(argument.value, positional.dropFirst())
        || fits(argument.value, option.type) && !(option.isFile && argument.isNumber)
      {
        if let problem = misplaced(argument, declaration, bound, written, positional) {
          note(problem, argument.span)
          continue
        }
        if let word = argument.bareWord, !argument.isNumber, !fits(argument.value, option.type),
          Elsewhere.advice(onWord: word, of: declaration.name) != nil
        {
          note(unexpectedValue(argument, declaration, written), argument.span)
          continue
        }
        positional.removeFirst()
        take(option, argument.value, at: argument.span)
      } else {
        // `dense relu` or `fit 5`: the value is of a later option's type, so the earlier one was left out.
        positional.removeFirst()
        index -= 1
      }
    }

    for option in declaration.options where !written.contains(option.name) {
      if let value = option.defaultValue, !isExcluded(option, of: declaration, bound) {
        bound.setDefault(option.name, value)
      }
      if option.isRequired, !hasProblems {
        report(
          NameProblem.missing(
            option: option.name, of: declaration.name,
            help: option.help.hasPrefix("the ") || option.help.hasPrefix("how ")
              ? option.help : "the \(option.help)",
            usage: usage(declaration, asCall: !joinsWords)
          ),
          ownerSpan)
      }
    }
    for group in declaration.exclusive { checkExclusive(group, bound) }
    return bound
  }

  /// Whether another option stands in the place of one that was not given, which then has no value at all: in a saved model
  /// the two would look as if both had been given.
  private func isExcluded(
    _ option: OptionDeclaration, of declaration: any Declaration, _ bound: BoundArguments
  ) -> Bool {
    declaration.exclusive.contains { group in
      group.contains(option.name) && group.contains { $0 != option.name && bound.isSet($0) }
    }
  }

  /// Reports the later one of two options that exclude each other.
  private func checkExclusive(_ group: [String], _ bound: BoundArguments) {
    let given = group.filter { bound.isSet($0) }.compactMap { name in
      bound.span(name).map { (name: name, span: $0) }
    }.sorted { $0.span.start < $1.span.start }
    guard given.count > 1 else { return }
    for later in given.dropFirst() {
      report(FlowProblem.optionsExclude(given[0].name, later.name), later.span)
    }
  }

  func fits(_ value: Evaluated, _ type: OptionType) -> Bool {
    convert(value, to: type, option: "", report: { _, _ in }) != nil
  }

  private func laterFits(_ value: Evaluated, _ options: ArraySlice<OptionDeclaration>) -> Bool {
    options.contains { fits(value, $0.type) }
  }

  /// A short example of the declaration with its required options.
  private func usage(_ declaration: any Declaration, asCall: Bool) -> String {
    let parts = declaration.options.filter(\.isRequired).map { option -> String in
      let example: String =
        switch option.type {
        case .integer: asCall ? "1000" : "8"
        case .number: "0.2"
        case .someOf(let element): if case .integer = element { "[100, 200]" } else { "[0.1, 0.05, 0.01]" }
        case .component(.activation): "relu"
        case .text(let what) where what.contains("file"): "FILE"
        default: option.name.uppercased()
        }
      return option.isPositional ? example : "\(option.name)=\(example)"
    }
    return asCall
      ? "\(declaration.name)(\(parts.joined(separator: ", ")))"
      : ([declaration.name] + parts + ((declaration as? LayerEntry)?.takesBlock == true ? ["< … >"] : []))
        .joined(separator: " ")
  }
}
