import NNData
import NNReport

/// Stages that cannot follow one another, shapes that cannot meet, and targets that do not suit the loss, E03xx.
enum FlowProblem: Problem {
  case needsData(String)
  case needsModel(String)
  case needsWeights(String)
  case needsRuns(String)
  case needsHistory(String)
  case noSuchMetric(String, known: [String], suggestion: String?, advice: String?)
  case emptyModel
  case widthsDisagree(layer: String, expected: Int, found: Int)
  case inputDisagrees(model: Int, data: Int, features: [String])
  case inputNotFirst
  case outputNotLast
  case outputWithin
  case layerOutsideBranch(String)
  case emptyBlock(String, example: String)
  case residualDisagrees(input: Int, output: Int)
  case tooManyLayers
  case shape(String)
  case targetsDisagree(units: Int, targets: [String])
  case classesDisagree(units: Int, classes: Int, target: String, activation: String)
  case unitsForBinary(units: Int, targets: Int, loss: String, activation: String, instead: String)
  case noLoss
  case targetNeeded(stage: String)
  case tooFewColumns(units: Int, columns: Int)
  case noFeatures
  case textTarget(String, loss: String?)
  case mixedTargets([String])
  /// `isOfNumbers`: too many different ones to be meant as classes, or with fractions.
  case tooManyClasses(target: String, classes: Int, loss: String, instead: String, isOfNumbers: Bool)
  case oneClass(String, String)
  case severalClassTargets([String], loss: String)
  case severalValidations([String])
  case noSuchMonitor(String, known: [String], suggestion: String?, advice: String?)
  case stratifyNumeric(String)
  case optionsExclude(String, of: String? = nil, String)
  case unknownWidth
  case rowsForSplit(String)
  case predictToStandardOutput
  case needsCondition(String)
  case preparationTooLate
  case splitReplaced
  case repeatedPreparation(PreparationStep)
  /// An option of another kind of the same stage.
  case optionOfKind(String, stage: String, kind: String, found: String)
  case quantileTarget(String)
  /// A stage that needs the rows in memory.
  case notStreamed(String)
  case onlyTextsOfMany([String])
  /// Values that the last layer cannot give.
  case unreachable(activation: String, target: String, value: Float, isBelow: Bool, bound: Double)
  case metricDisagrees(String, reason: String)
  case metricName(String)
  case noDirection(String)
  case needsClasses(stage: String, targets: [String])
  case tooManyClassesToShow(target: String, classes: Int, most: Int)
  case lossChanged(from: String, to: String)
  case notMeasured(String, epoch: Int)
  case writtenTwice(String)
  case badPattern(reason: String)
  case noSuchPlace(String, known: [String], suggestion: String?)
  case noClasses(String, for: String = "class_weight")
  case noSuchClass(String, known: [String], suggestion: String?)
  case classTwice(String)
  case weightsForClasses(weights: Int, classes: [String])
  /// `softmax` over one value.
  case alwaysOne
  case notProbabilities(activation: String, loss: String, units: Int?)
  case logitsBehind(activation: String, loss: String)
  case expectsTraining(String, better: String?)
  /// A `compile` behind the last fit.
  case compileUnused

  var code: String {
    switch self {
    case .needsData: "E0301"
    case .needsModel: "E0302"
    case .needsWeights: "E0303"
    case .needsHistory: "E0304"
    case .needsRuns: "E0347"
    case .noSuchMetric: "E0305"
    case .emptyModel, .widthsDisagree, .inputDisagrees, .inputNotFirst, .unknownWidth, .emptyBlock,
      .residualDisagrees,
      .layerOutsideBranch, .tooManyLayers, .shape:
      "E0306"
    case .targetsDisagree, .classesDisagree, .unitsForBinary: "E0307"
    case .noLoss: "E0308"
    case .outputNotLast, .outputWithin: "E0309"
    case .targetNeeded, .tooFewColumns, .noFeatures, .onlyTextsOfMany: "E0310"
    case .textTarget, .mixedTargets, .tooManyClasses, .tooManyClassesToShow, .oneClass, .severalClassTargets:
      "E0311"
    case .severalValidations: "E0312"
    case .noSuchMonitor: "E0313"
    case .noDirection: "E0331"
    case .stratifyNumeric, .optionsExclude, .needsClasses, .optionOfKind, .quantileTarget: "E0314"
    case .rowsForSplit: "E0316"
    case .predictToStandardOutput: "E0317"
    case .needsCondition: "E0318"
    case .preparationTooLate: "W0301"
    case .splitReplaced: "W0302"
    case .alwaysOne: "W0303"
    case .notProbabilities: "W0304"
    case .logitsBehind: "W0305"
    case .expectsTraining: "W0306"
    case .compileUnused: "W0307"
    case .unreachable: "W0310"
    case .repeatedPreparation: "E0319"
    case .metricDisagrees, .metricName: "E0320"
    case .lossChanged: "E0321"
    case .notStreamed: "E0322"
    case .notMeasured: "E0330"
    case .writtenTwice: "E0332"
    case .badPattern, .noSuchPlace: "E0333"
    case .noClasses, .noSuchClass, .classTwice, .weightsForClasses: "E0334"
    }
  }

  var message: String {
    switch self {
    case .needsData(let stage): "`\(stage)` has no data to work on"
    case .needsModel(let stage): "`\(stage)` has no model to work with"
    case .needsWeights(let stage): "`\(stage)` needs a trained model, and this one has no weights yet"
    case .needsRuns(let stage): "`\(stage)` needs runs, and there has been no `sweep`, `folds` or `seeds`"
    case .needsHistory(let stage): "`\(stage)` needs a fit's history, and there has been no `fit`"
    case .noSuchMetric(let name, _, _, _): "there will be no metric `\(name)` here"
    case .emptyModel: "this model has no layers"
    case .widthsDisagree(let layer, let expected, let found):
      "this `\(layer)` says it takes \(counted(found, "input")), but the layer before gives \(expected)"
    case .inputDisagrees(let model, let data, _):
      "the model takes \(counted(model, "input")), but the data has \(counted(data, "feature"))"
    case .inputNotFirst: "`input` stands first in a model or not at all"
    case .outputNotLast: "`output` is a model's last layer; nothing can follow it"
    case .outputWithin: "`output` is a model's last layer, and cannot stand in a block within it"
    case .layerOutsideBranch(let name):
      "`parallel` takes branches, and `\(name)` stands in none: each has its own `< … >`"
    case .emptyBlock(let name, _): "this `\(name)` has nothing in its block"
    case .residualDisagrees(let input, let output):
      "a residual block gives back as many values as it takes: \(input) go in, and \(output) come out"
    case .tooManyLayers: "this makes more than 100,000 layers"
    case .shape(let reason): "\(reason)"
    case .targetsDisagree(let units, let targets):
      "the model gives \(counted(units, "value")) a row, but there \(targets.count == 1 ? "is" : "are") \(counted(targets.count, "target")): \(quoted(targets))"
    case .classesDisagree(let units, let classes, let target, _):
      "the model gives \(counted(units, "value")) a row, but `\(target)` has \(classes) classes"
    case .unitsForBinary(let units, let targets, let loss, _, _):
      "`\(loss)` compares one value a target: the model gives \(units), and there \(targets == 1 ? "is" : "are") \(counted(targets, "target"))"
    case .noLoss: "there is no loss to train for"
    case .targetNeeded(let stage): "`\(stage)` needs to know the target, and none is named yet"
    case .tooFewColumns(let units, let columns):
      "the model gives \(counted(units, "value")) a row, so the last \(counted(units, "column")) would be the targets, but there are only \(columns)"
    case .noFeatures: "no column is left to be a feature"
    case .textTarget(let name, let loss):
      loss.map { "`\(name)` holds categories, and `\($0)` compares numbers" }
        ?? "`\(name)` holds categories, not numbers"
    case .mixedTargets(let names): "the targets \(quoted(names)) are not all numbers"
    case .tooManyClasses(let target, let classes, let loss, _, _):
      "`\(loss)` is for two classes, and `\(target)` has \(classes)"
    case .oneClass(let target, let value):
      "`\(target)` is `\(value)` in every row, so there is nothing to tell apart"
    case .severalClassTargets(let names, let loss): "`\(loss)` takes one target, not \(quoted(names))"
    case .severalValidations(let names): "\(quoted(names)) each set validation rows; only one can"
    case .noSuchMonitor(let name, _, _, _): "this fit will not produce `\(name)`"
    case .stratifyNumeric(let name): "`stratify` needs a target of classes, and `\(name)` holds numbers"
    case .optionsExclude(let first, let owner, let second):
      "`\(first)`\(owner.map { " of `\($0)`" } ?? "") and `\(second)` cannot be used together"
    case .unknownWidth: "the number of inputs is not known here"
    case .rowsForSplit(let what): "\(what)"
    case .alwaysOne: "`softmax` over one value is always 1"
    case .notProbabilities(let activation, let loss, _):
      "`\(loss)` takes probabilities, and the last layer's `\(activation)` gives other values"
    case .logitsBehind(let activation, let loss):
      "`from_logits=true` asks for sums, and the last layer is `\(activation)`: `\(loss)` takes the sums before it"
    case .expectsTraining(let name, _):
      "`\(name)` is measured on the rows that trained, which says little of new ones"
    case .compileUnused: "no `fit` follows this `compile`, so it changes nothing"
    case .predictToStandardOutput:
      "with `--json`, standard output is taken: `predict` needs a file to write to"
    case .needsCondition(let stage): "`\(stage)` needs a condition"
    case .preparationTooLate:
      "preparation recorded after the model's first fit has no effect: the model keeps what it learned then"
    case .splitReplaced: "this `split` replaces the one before it"
    case .repeatedPreparation(.balance): "there is already a `balance`"
    case .repeatedPreparation(let step):
      "there is already \("aeiou".contains(step.name.first ?? "-") ? "an" : "a") `\(step.name)` of these columns"
    case .optionOfKind(let option, let stage, let kind, let found):
      "`\(option)` is for `\(stage) \(kind)`, and this is `\(stage) \(found)`"
    case .quantileTarget(let name):
      "`scale quantile` is for features: what it makes of the target `\(name)` cannot be undone exactly"
    case .notStreamed(let stage):
      "`\(stage)` needs all rows in memory, and this table streams"
    case .onlyTextsOfMany(let names):
      "no feature is left: \(quoted(names)) \(names.count == 1 ? "has" : "have") too many different texts for a column each"
    case .unreachable(let activation, let target, let value, let isBelow, let bound):
      "the last layer's `\(activation)` gives no value \(isBelow ? "below" : "above") \(describeNumber(bound)), and `\(target)` goes \(isBelow ? "down" : "up") to \(shortestText(value))"
    case .metricDisagrees(let name, let reason): "`\(name)` cannot be measured here: \(reason)"
    case .metricName(let name):
      name.isEmpty
        ? "a metric's name cannot be empty"
        : "a metric cannot be called `\(name)`, which means something else"
    case .noDirection(let name): "whether `\(name)` should fall or rise is not known"
    case .needsClasses(let stage, let targets):
      "`\(stage)` needs a target of classes, and \(quoted(targets)) \(targets.count == 1 ? "holds" : "hold") numbers"
    case .tooManyClassesToShow(let target, let classes, let most):
      "`confusion` shows up to \(formatCount(most)) classes, and `\(target)` has \(formatCount(classes))"
    case .lossChanged(let from, let to):
      "this model was trained with `\(from)`, and `\(to)` takes another kind of target"
    case .notMeasured(let name, let epoch):
      "`\(name)` was not measured after epoch \(epoch), whose weights are kept"
    case .writtenTwice(let path): "two callbacks would write `\(path)`"
    case .badPattern(let reason): reason
    case .noSuchPlace(let name, _, _): "there is no `\(name)` to name a file by"
    case .noClasses(let target, let what):
      "`\(what)` needs a target of classes, and `\(target)` holds numbers"
    case .noSuchClass(let name, _, _): "there is no class `\(name)`"
    case .classTwice(let name): "the class `\(name)` has two weights"
    case .weightsForClasses(let weights, let classes):
      "there \(weights == 1 ? "is" : "are") \(counted(weights, "weight")) for \(classes.count) classes"
    }
  }

  var help: String? {
    switch self {
    case .needsData(let stage):
      ["fit", "evaluate", "confusion", "predict"].contains(stage)
        ? "name a file, `\(stage) data.csv`, or open one before: `data data.csv`"
        : "open a file before: `data data.csv`"
    case .needsModel: "describe one before: `model < dense 8 relu; output >`, or open one: `model FILE`"
    case .needsWeights: "train it first, with `fit`"
    case .needsHistory: "train first, with `fit`"
    case .noSuchMetric(_, _, nil, let advice?): advice
    case .noSuchMetric(_, let known, nil, nil):
      known.isEmpty
        ? "metrics come from `fit` and `evaluate`"
        : "those there are: \(quoted(known)); `compile metrics=[…]` adds others"
    case .layerOutsideBranch(let name): "for example `parallel < < \(name) … > < … > >`"
    case .emptyBlock(_, let example): "for example `\(example)`"
    case .residualDisagrees(let input, let output):
      "end its block in `dense \(input)`, or put a `dense \(output)` before it"
    case .inputDisagrees(_, let data, let features):
      "the features are \(quoted(features)); leave `input` out, or write `input \(data)`"
    case .targetsDisagree(let units, _):
      "name \(units == 1 ? "the target" : "\(units) targets") with `target=`, or change the last layer; `output` suits itself to the target"
    case .classesDisagree(_, let classes, _, let activation):
      "end the model in `\(Self.dense(classes, activation))`, or in `output`, which suits itself to the target"
    case .unitsForBinary(let units, let targets, _, let activation, let instead):
      "end the model in `\(Self.dense(1, activation))`, or in `output`"
        + (units == 2 && targets == 1 && activation != "linear" ? "; two outputs go with `\(instead)`" : "")
    case .noLoss: "name one, `compile loss=mse`, or end the model in `output`, which brings its own"
    case .targetNeeded: "name it where the data is opened: `data FILE target=NAME`"
    case .tooFewColumns: "name the targets with `target=`"
    case .optionOfKind(_, let stage, let kind, _): "leave it out, or write `\(stage) \(kind)`"
    case .quantileTarget: "`scale standard`, `minmax` or `robust` can be undone"
    case .notStreamed: "leave out `stream`, or do it before, to the file"
    case .onlyTextsOfMany: "`encode hash` keeps them"
    case .unreachable: "end the model in `output` or in a layer without an activation"
    case .noFeatures: "leave at least one column besides the target"
    case .textTarget: "end the model in `output`, or compile with `loss=sparse_categorical_crossentropy`"
    case .mixedTargets: "several targets must all be numbers"
    case .tooManyClasses(_, _, _, _, true):
      "use `mse`, which takes them as numbers, or leave the loss to `output`"
    case .tooManyClasses(_, _, _, let instead, false): "use `\(instead)`, or leave the loss to `output`"
    case .noSuchMonitor(_, let known, nil, let advice):
      "it will produce \(quoted(known))" + (advice.map { "; \($0)" } ?? "")
    case .severalValidations: "leave out all but one"
    case .optionsExclude(let schedule, _, "reduce_lr_on_plateau"):
      "give `lr=` a number instead of `\(schedule)`, or leave the callback out"
    case .optionsExclude: "leave one of them out"
    case .alwaysOne: "for two classes end the model in `dense 1 sigmoid`, for several in `dense N softmax`"
    case .notProbabilities(_, let loss, let units):
      "end the model in `dense \(units.map { String($0) } ?? "N") \(units == 1 ? "sigmoid" : "softmax")` or `output`, or say `\(loss)(from_logits=true)`"
    case .logitsBehind: "leave out one of the two"
    case .expectsTraining(_, let better?): "`\(better)` is measured on rows that did not train"
    case .expectsTraining(_, nil): "keep some rows for it, as in `split val=20%`, and expect the `val_` value"
    case .compileUnused: "`compile` stands before the `fit` that it is for"
    case .noDirection: "say `mode=min` or `mode=max`"
    case .metricName(let name):
      name.hasPrefix("val_") || name.hasPrefix("test_")
        ? "`val_` and `test_` are put before a metric's name by `fit` and `evaluate`" : nil
    case .unknownWidth: "give the first layer `input N`, or open the data before"
    case .predictToStandardOutput: "write `predict … to=FILE`"
    case .stratifyNumeric: "leave `stratify` out, or say `types=[NAME:categorical]` where the data is opened"
    case .needsCondition(let stage): "for example `\(stage) val_loss < 0.3`"
    case .preparationTooLate: "put it before the first fit, or start a new `model < … >`"
    case .splitReplaced: "give both shares in one: `split test=20% val=20%`"
    case .lossChanged: "start with a new `model < … >`"
    case .notMeasured: "`validation_freq` says after which epochs to measure it"
    case .writtenTwice: "give each a path of its own; `csv_logger(…, append=true)` goes on in the same file"
    case .badPattern: "write `{epoch:02d}` or `{val_loss:.2f}`, and `{{` and `}}` for braces"
    case .noSuchPlace(_, let known, nil): "there are \(quoted(known))"
    case .noSuchClass(_, let known, nil): "the classes are \(quoted(known))"
    case .classTwice: "give it one"
    case .weightsForClasses(_, let classes):
      "give one for each of \(quoted(classes)), in this order, or name those that do not weigh 1: `\(classes.first ?? "CLASS"):2`"
    default: nil
    }
  }

  private static func dense(_ units: Int, _ activation: String) -> String {
    "dense \(units)" + (activation == "linear" ? "" : " \(activation)")
  }

  var replacement: String? {
    switch self {
    case .noSuchMetric(_, _, let suggestion, _), .noSuchMonitor(_, _, let suggestion, _),
      .noSuchPlace(_, _, let suggestion), .noSuchClass(_, _, let suggestion):
      suggestion
    default: nil
    }
  }
}
