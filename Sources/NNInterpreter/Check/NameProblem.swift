/// Mistakes in names and arguments, E02xx.
enum NameProblem: Problem {
  case unknownStage(String, suggestion: String?, advice: String?)
  case layerOutsideModel(String)
  case unknownLayer(String, suggestion: String?, isStage: Bool, advice: String?)
  case unknownComponent(ComponentKind, String, suggestion: String?, advice: String?, known: [String])
  case unknownOption(String, of: String, suggestion: String?, advice: String?, known: [String])
  /// `dense 8 he_normal`: what another option takes; `list` is that option's with it, where it is a list already.
  case misplaced(String, ComponentKind, option: String, isCall: Bool, list: String?)
  /// `fit epochs=5 evaluate`, `dense 8 dropout 0.3`.
  case missedSeparator(String, isLayer: Bool)
  case wrongType(option: String, expectation: String, found: String, suggestion: String?)
  case outOfRange(option: String, expectation: String, found: String)
  case emptyList(option: String)
  case repeated(option: String, of: String)
  case unexpectedValue(String, of: String, suggestion: String?, advice: String?, known: [String])
  case missing(option: String, of: String, help: String, usage: String)
  /// `epochs:5`
  case colon(option: String, value: String)
  /// `--epochs`
  case dashes(String, option: String)
  case needsValue(option: String, expectation: String)
  case unboundName(String, suggestion: String?, isKnownWord: Bool)
  case flowAsValue(String)
  /// `value` is the stage's name that it was given, if it was one.
  case valueAsFlow(String, value: String?)
  case divisionByZero
  case notANumber(String)
  case noBlock(String)
  case needsBlock(String, example: String)
  /// `model` with neither layers nor a file.
  case noModel
  case noBody(String, takesBlock: Bool)
  case parameterUnset(String)
  case unknownSetting(String, suggestion: String?, known: [String])
  case illTypedSetting(String, found: String)
  case illTypedTruth(String, found: String)
  case illTypedText(String, found: String)
  case duplicateParameter(String)
  case reservedName(String)
  case unused(Declared, String)

  /// What a name can be declared as.
  enum Declared: Sendable {
    case value, flow, parameter, definition
  }

  var code: String {
    switch self {
    case .unknownStage, .layerOutsideModel: "E0201"
    case .unknownLayer: "E0202"
    case .unknownComponent: "E0203"
    case .unknownOption: "E0204"
    case .wrongType, .notANumber: "E0205"
    case .outOfRange, .emptyList: "E0206"
    case .repeated: "E0207"
    case .unexpectedValue, .misplaced, .missedSeparator: "E0208"
    case .missing: "E0209"
    case .needsValue, .colon, .dashes: "E0210"
    case .unboundName: "E0211"
    case .flowAsValue, .valueAsFlow: "E0212"
    case .divisionByZero: "E0214"
    case .noBlock, .needsBlock, .noModel, .noBody: "E0215"
    case .parameterUnset: "E0216"
    case .unknownSetting: "E0217"
    case .illTypedSetting, .illTypedTruth, .illTypedText: "E0218"
    case .duplicateParameter, .reservedName: "E0219"
    case .unused: "W0201"
    }
  }

  var message: String {
    switch self {
    case .unknownStage(let name, _, _): "there is no stage `\(name)`"
    case .layerOutsideModel(let name): "`\(name)` is a layer, not a stage"
    case .unknownLayer(let name, _, let isStage, _):
      isStage ? "`\(name)` is a stage, not a layer" : "there is no layer `\(name)`"
    case .unknownComponent(let kind, let name, _, _, _): "there is no \(kind.rawValue) `\(name)`"
    case .unknownOption(let name, let owner, _, _, _): "`\(owner)` has no option `\(name)`"
    case .wrongType(let option, let expectation, let found, _):
      "`\(option)` takes \(expectation), not \(found)"
    case .outOfRange(let option, let expectation, let found):
      "`\(option)` takes \(expectation); \(found) is outside"
    case .emptyList(let option): "`\(option)` needs at least one entry"
    case .repeated(let option, let owner): "`\(option)` of `\(owner)` is given twice"
    case .unexpectedValue(let text, let owner, _, _, _): "`\(owner)` does not know what to do with \(text)"
    case .misplaced(let name, let kind, let option, _, _):
      "`\(name)` is \(kind.expectation), which `\(option)=` takes"
    case .missedSeparator(let name, let isLayer):
      isLayer
        ? "`\(name)` is a layer of its own, behind `;` or on a new line"
        : "`\(name)` is a stage of its own, behind `|` or on a new line"
    case .missing(let option, let owner, _, _): "`\(owner)` needs `\(option)`"
    case .colon(let option, _): "an option is given with `=`, as in `\(option)=…`"
    case .dashes(let written, _): "`\(written)` is no option"
    case .needsValue(let option, _): "`\(option)` needs a value"
    case .unboundName(let name, _, _): "`$\(name)` has no value here"
    case .flowAsValue(let name): "`$\(name)` is a flow, not a value"
    case .valueAsFlow(let name, _): "`$\(name)` is a value, not a flow"
    case .divisionByZero: "this divides by zero"
    case .notANumber(let found): "arithmetic needs numbers, and \(found) is not one"
    case .noBlock(let name): "`\(name)` takes no `< … >` block"
    case .needsBlock(let name, _): "`\(name)` needs layers in `< … >`"
    case .noModel: "`model` needs layers in `< … >`, or a file to open"
    case .noBody(let name, _): "`\(name)` takes no `{ … }` body"
    case .parameterUnset(let name): "`param \(name)` has no default and was not set"
    case .unknownSetting(let name, _, _): "the script has no `param \(name)`"
    case .illTypedSetting(let name, let found): "`\(name)` is a number in the script, and \(found) is not one"
    case .illTypedTruth(let name, let found):
      "`\(name)` is `true` or `false` in the script, and \(found) is neither"
    case .illTypedText(let name, let found): "`\(name)` is one value in the script, and \(found) is not"
    case .unused(let declared, let name):
      switch declared {
      case .value: "`$\(name)` is never used"
      case .flow: "`$\(name)` is never used, and its flow shows and saves nothing"
      case .parameter: "`$\(name)` is never used, so setting it changes nothing"
      case .definition: "`\(name)` is never used"
      }
    case .duplicateParameter(let name): "`param \(name)` is declared twice"
    case .reservedName(let name): "`\(name)` is a word of the language and cannot be a name"
    }
  }

  var label: String? {
    switch self {
    case .unknownStage, .unknownLayer, .unknownComponent: "unknown"
    case .unknownOption: "unknown option"
    case .wrongType(_, let expectation, _, _), .outOfRange(_, let expectation, _),
      .needsValue(_, let expectation):
      "expected \(expectation)"
    case .repeated: "given again here"
    case .unexpectedValue: "unexpected"
    default: nil
    }
  }

  var help: String? {
    switch self {
    case .layerOutsideModel(let name): "layers stand inside a model: `model < \(name) … >`"
    case .unknownStage(_, nil, let advice): advice
    case .unknownLayer(_, nil, true, _): "close the model's block with `>` before the next stage"
    case .unknownLayer(_, nil, false, let advice): advice
    case .unknownComponent(_, _, nil, let advice?, _): advice
    case .unknownComponent(let kind, _, nil, nil, let known):
      "the \(kind.rawValue == "loss" ? "losses" : kind.rawValue + "s") are \(quotedAll(known))"
    case .unknownOption(_, _, nil, let advice?, _): advice
    case .unknownOption(_, let owner, nil, nil, let known):
      known.isEmpty ? "`\(owner)` has no options" : "its options are \(quotedAll(known))"
    case .unexpectedValue(_, _, nil, let advice?, _): advice
    case .unexpectedValue(_, let owner, nil, nil, let known):
      known.isEmpty ? "`\(owner)` has no options" : "its options are \(quotedAll(known)); write `name=value`"
    case .missing(let option, _, let help, let usage):
      "`\(option)` \(help.hasPrefix("how ") ? "says" : "is") \(help); for example `\(usage)`"
    case .unboundName(let name, nil, let isKnownWord):
      isKnownWord
        ? "`\(name)` is a word of the language and needs no `$`"
        : "give it one before this line: `let \(name) = …`"
    case .flowAsValue(let name): "a flow stands at a statement's start: `$\(name) | …`"
    case .valueAsFlow(_, let stage?):
      "`\(stage)` alone is a word; a flow of it has a stage or an option beside it, or starts from a `$name |`"
    case .valueAsFlow(let name, nil): "a flow is bound as in `let \(name) = data iris.csv | …`"
    case .needsBlock(_, let example): "for example `\(example)`"
    case .noModel: "for example `model < dense 8 relu; output >`"
    case .noBody(let name, true): "its layers stand in `< … >`, as in `\(name) < dense 8 relu; output >`"
    case .dashes: "options have no dashes: `name=value`, or `name value`"
    case .unused(.value, _), .unused(.flow, _): "take the line out, or let the name begin with `_` to keep it"
    case .parameterUnset(let name): "run with `--set \(name)=VALUE`, or give a default: `param \(name)=…`"
    case .misplaced(_, _, _, _, let list?): "several are a list: `\(list)`"
    case .misplaced(let name, _, let option, true, nil): "write `\(option)=\(name)(…)`"
    // It has no place in the script where a fix could stand.
    case .unknownSetting(_, let suggestion?, _): "did you mean `\(suggestion)`?"
    case .unknownSetting(_, nil, let known):
      known.isEmpty ? "it has no `param` at all" : "its parameters are \(quotedAll(known))"
    default: nil
    }
  }

  var replacement: String? {
    switch self {
    case .unknownStage(_, let suggestion, _), .unknownLayer(_, let suggestion, _, _),
      .unknownComponent(_, _, let suggestion, _, _), .unknownOption(_, _, let suggestion, _, _),
      .wrongType(_, _, _, let suggestion), .unexpectedValue(_, _, let suggestion, _, _),
      .unknownSetting(_, let suggestion, _):
      suggestion
    case .colon(let option, let value): "\(option)=\(value)"
    case .dashes(_, let option): option
    case .misplaced(let name, _, let option, false, nil): "\(option)=\(name)"
    case .missedSeparator(let name, let isLayer): isLayer ? "; \(name)" : "| \(name)"
    case .unboundName(_, let suggestion, _): suggestion.map { "$\($0)" }
    default: nil
    }
  }

}

/// All of the names, none left out.
func quotedAll(_ names: [String]) -> String { names.map { "`\($0)`" }.joined(separator: ", ") }
