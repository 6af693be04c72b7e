import NNDiagnostics
import NNReport
import NNSyntax

extension Binder {
  /// Gives a constant the type of its option; nil if it has another, which is then reported.
  func convert(
    _ value: Evaluated, to type: OptionType, option: String, report: (any Problem, Span) -> Void
  ) -> Bound? {
    func wrong(_ suggestion: String? = nil) -> Bound? {
      report(
        NameProblem.wrongType(
          option: option, expectation: type.expectation, found: value.constant.shown, suggestion: suggestion),
        value.span)
      return nil
    }
    func outside() -> Bound? {
      report(
        NameProblem.outOfRange(option: option, expectation: type.expectation, found: value.constant.shown),
        value.span)
      return nil
    }
    func typed(_ bound: BoundValue) -> Bound { Bound(bound, span: value.span) }

    switch type {
    case .integer(let range):
      guard let number = value.constant.number, number == number.rounded() else { return wrong() }
      guard number >= Double(range.lowerBound) else { return outside() }
      guard number <= Double(range.upperBound), let integer = Int(exactly: number) else {
        report(
          NameProblem.outOfRange(
            option: option, expectation: "at most \(formatCount(range.upperBound))",
            found: value.constant.shown),
          value.span)
        return nil
      }
      return range.contains(integer) ? typed(.integer(integer)) : outside()
    case .number(let range):
      guard let number = value.constant.number else { return wrong() }
      return range.contains(number) ? typed(.number(number)) : outside()
    case .boolean:
      switch value.constant.text {
      case "true": return typed(.boolean(true))
      case "false": return typed(.boolean(false))
      case "yes", "on", "True": return wrong("true")
      case "no", "off", "False": return wrong("false")
      default: return wrong()
      }
    case .duration:
      guard let seconds = Self.seconds(value.constant) else { return wrong() }
      return seconds > 0 && seconds.isFinite ? typed(.duration(seconds)) : outside()
    case .text:
      guard let text = value.constant.text else { return wrong() }
      return typed(.text(text))
    case .choice(let names):
      guard let text = value.constant.text else { return wrong() }
      return names.contains(text) ? typed(.text(text)) : wrong(Spelling.nearest(to: text, in: names))
    case .component(let kind):
      return component(value, kind: kind, report: report) ?? nil
    case .share:
      guard let number = value.constant.number else { return wrong() }
      if number > 0, number < 1 { return typed(.number(number)) }
      guard let rows = Int(exactly: number), rows > 1 else { return outside() }
      return typed(.integer(rows))
    case .someOf(let element):
      if case .list(let entries) = value.constant, entries.isEmpty {
        report(NameProblem.emptyList(option: option), value.span)
        return nil
      }
      return convert(value, to: .list(element), option: option, report: report)
    case .list(let element):
      guard case .list(let entries) = value.constant else {
        return convert(value, to: element, option: option, report: report).map { typed(.list([$0])) }
      }
      let converted = entries.map { convert($0, to: element, option: option, report: report) }
      guard converted.allSatisfy({ $0 != nil }) else { return nil }
      return typed(.list(converted.compactMap { $0 }))
    case .optional(let inner):
      if case .word("none") = value.constant { return typed(.none) }
      if case .word("None") = value.constant { return wrong("none") }
      return convert(value, to: inner, option: option, report: report)
    case .either(let first, let second):
      for type in [first, second] {
        var isRight = true
        if let bound = convert(value, to: type, option: option, report: { _, _ in isRight = false }), isRight
        {
          return bound
        }
      }
      // What it most looks like says what is wrong with it.
      guard let meant = [first, second].first(where: { value.constant.looksLike($0) }) else { return wrong() }
      return convert(value, to: meant, option: option, report: report)
    case .anything:
      return typed(.text(value.constant.printed))
    }
  }

  /// `relu`, or `adam(lr=0.01)` with its own options bound.
  private func component(
    _ value: Evaluated, kind: ComponentKind, report: (any Problem, Span) -> Void
  ) -> Bound? {
    let name: String
    let nameSpan: Span
    var arguments: [EvaluatedArgument] = []
    var isBroken = false
    switch value.constant {
    case .word(let text), .string(let text): (name, nameSpan) = (text, value.span)
    case .call(let callName, let callArguments, let broken):
      (name, nameSpan, arguments, isBroken) = (callName.text, callName.span, callArguments, broken)
    case .number, .list:
      report(
        NameProblem.wrongType(
          option: kind.rawValue, expectation: kind.expectation, found: value.constant.shown, suggestion: nil),
        value.span)
      return nil
    }
    let listed = Catalog.component(kind, named: name)
    guard let declaration = listed ?? own.declaration(kind, named: name) else {
      report(unknown(kind, name), nameSpan)
      return nil
    }
    let bound = withoutActuallyEscaping(report) { report in
      Binder(report: report, own: own).bind(
        arguments, to: declaration, ownerSpan: value.span, isBroken: isBroken, joinsWords: false)
    }
    var component = Component(kind: kind, name: declaration.name, arguments: bound)
    if listed == nil { component.own = own.function(kind, named: name) }
    return Bound(.component(component), span: value.span)
  }

  private func unknown(_ kind: ComponentKind, _ name: String) -> NameProblem {
    let own = own.names(kind)
    let known = Catalog.components(kind)
    let suggestion = Spelling.nearest(to: name, in: known.flatMap { [$0.name] + $0.aliases } + own)
    let isExact = suggestion.map { Elsewhere.plain($0) == Elsewhere.plain(name) } ?? false
    let advice = isExact ? nil : Elsewhere.advice(on: kind, name)
    return .unknownComponent(
      kind, name, suggestion: advice == nil ? suggestion : nil, advice: advice, known: known.map(\.name) + own
    )
  }

  /// `30s`, `5m`, `2h`, or a number of seconds.
  private static func seconds(_ constant: Constant) -> Double? {
    if let number = constant.number { return number }
    guard let text = constant.text, let unit = text.last,
      let count = NNSyntax.number(fromWord: String(text.dropLast()))
    else { return nil }
    switch unit {
    case "s": return count
    case "m": return count * 60
    case "h": return count * 3600
    default: return nil
    }
  }
}
