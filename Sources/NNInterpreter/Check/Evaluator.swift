import NNDiagnostics
import NNSyntax

/// Works out `$names`, strings, lists and arithmetic. Problems are handed to `report`; what could not be worked
/// out gives nil.
struct Evaluator {
  var scope: Scope
  let report: (any Problem, Span) -> Void
  /// Told of the declaration of every name that is looked up.
  var use: (Span?) -> Void = { _ in }

  func evaluate(_ value: Value) -> Evaluated? {
    switch value {
    case .word(let text, let span): return Evaluated(constant: .word(text), span: span)
    case .string(let literal): return evaluate(literal)
    case .variable(let name, let span):
      guard let constant = lookUp(name, span) else { return nil }
      return Evaluated(constant: constant, span: span)
    case .list(let values, let span):
      let entries = values.map(evaluate)
      guard entries.allSatisfy({ $0 != nil }) else { return nil }
      return Evaluated(constant: .list(entries.compactMap { $0 }), span: span)
    case .call(let call):
      let arguments = evaluate(call.arguments)
      return Evaluated(
        constant: .call(
          call.name, arguments.found, isBroken: call.isBroken || arguments.found.count < call.arguments.count),
        span: call.span)
    case .arithmetic(let expression, let span):
      guard let number = compute(expression) else { return nil }
      return Evaluated(constant: .number(number), span: span)
    }
  }

  /// The arguments that could be worked out, and whether some could not.
  func evaluate(_ arguments: [Argument]) -> (found: [EvaluatedArgument], isBroken: Bool) {
    var found: [EvaluatedArgument] = []
    var isBroken = false
    for argument in arguments {
      guard let value = evaluate(argument.value) else {
        isBroken = true
        continue
      }
      var bareWord: String?
      if argument.name == nil, case .word(let text, _) = argument.value { bareWord = text }
      found.append(
        EvaluatedArgument(name: argument.name, value: value, bareWord: bareWord, span: argument.span))
    }
    return (found, isBroken)
  }

  private func evaluate(_ literal: StringLiteral) -> Evaluated? {
    var text = ""
    for piece in literal.pieces {
      switch piece {
      case .text(let part): text += part
      case .variable(let name, let span):
        guard let constant = lookUp(name, span) else { return nil }
        text += constant.printed
      }
    }
    return Evaluated(constant: .string(text), span: literal.span)
  }

  private func lookUp(_ name: String, _ span: Span) -> Constant? {
    use(scope.binding(name)?.declaration)
    switch scope[name] {
    case .value(let constant): return constant
    case .broken: return nil
    case .flow:
      report(NameProblem.flowAsValue(name), span)
      return nil
    case nil:
      let suggestion = Spelling.nearest(to: name, in: scope.suggested.names)
      report(
        NameProblem.unboundName(name, suggestion: suggestion, isKnownWord: isWordOfTheLanguage(name)), span)
      return nil
    }
  }

  private func isWordOfTheLanguage(_ name: String) -> Bool {
    Catalog.stage(named: name) != nil || Catalog.layer(named: name) != nil
      || ComponentKind.allCases.contains { Catalog.component($0, named: name) != nil }
  }

  private func compute(_ expression: Expression) -> Double? {
    switch expression {
    case .number(let value, _, _): return value
    case .parenthesized(let inner, _): return compute(inner)
    case .negate(let inner, _): return compute(inner).map { -$0 }
    case .variable(let name, let span):
      guard let constant = lookUp(name, span) else { return nil }
      guard let number = constant.number else {
        report(NameProblem.notANumber(constant.shown), span)
        return nil
      }
      return number
    case .binary(let left, let operation, let right, let span):
      let leftValue = compute(left)
      let rightValue = compute(right)
      guard let leftValue, let rightValue else { return nil }
      switch operation {
      case .add: return leftValue + rightValue
      case .subtract: return leftValue - rightValue
      case .multiply: return leftValue * rightValue
      case .divide:
        if rightValue == 0 {
          report(NameProblem.divisionByZero, span)
          return nil
        }
        return leftValue / rightValue
      }
    }
  }
}
