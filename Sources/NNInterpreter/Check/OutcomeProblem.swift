import NNReport

/// What cannot be shown, measured or decided of a model's answers: E037x before a run, E108x in one.
enum OutcomeProblem: Problem {
  /// A picture of numbers for a target of classes.
  case needsNumbers(picture: String, target: String)
  case pictureEnding(String)
  case reportEnding(String)
  case needsValidation(stage: String)
  case validationEmpty(stage: String)
  /// The network's end is not such that its logits can be scaled.
  case notCalibratable(String)
  case needsTwoClasses(stage: String, target: String, classes: Int)
  case needsProbabilities(stage: String)
  case needsOneOutput(stage: String, outputs: Int)
  case misleading(place: String)
  case saysOneThing(place: String)
  case needsRuns(String)
  case noSuchMeasure(String, known: [String], suggestion: String?)
  case neitherBetter(String)
  case optionNeedsFile(String)
  case oneClassOnly(stage: String, place: String)
  case notDrawn(PictureError)
  case onTrainingRows(stage: String)
  case saturated

  var code: String {
    switch self {
    case .needsNumbers: "E0370"
    case .pictureEnding, .reportEnding: "E0371"
    case .needsValidation: "E0372"
    case .notCalibratable: "E0373"
    case .needsTwoClasses, .needsOneOutput, .needsProbabilities: "E0374"
    case .needsRuns: "E0375"
    case .noSuchMeasure, .neitherBetter: "E0376"
    case .optionNeedsFile: "E0377"
    case .notDrawn: "E1080"
    case .validationEmpty, .oneClassOnly, .misleading, .saysOneThing: "E1081"
    case .onTrainingRows: "W0370"
    case .saturated: "W1081"
    }
  }

  var message: String {
    switch self {
    case .needsNumbers(let picture, let target):
      "`\(picture)` needs a target of numbers, and `\(target)` holds classes"
    case .pictureEnding(let path): "`\(path)` has no ending of a picture"
    case .reportEnding(let path): "`\(path)` has no ending of a page"
    case .needsValidation(let stage):
      "`\(stage)` learns from rows that did not train, and there are no validation rows"
    case .validationEmpty(let stage): "`\(stage)` has no rows with a target to learn from"
    case .notCalibratable(let reason): "this model cannot be calibrated: \(reason)"
    case .needsTwoClasses(let stage, let target, let classes):
      classes == 0
        ? "`\(stage)` needs a target of two classes, and `\(target)` holds numbers"
        : "`\(stage)` needs a target of two classes, and `\(target)` has \(formatCount(classes))"
    case .needsProbabilities(let stage):
      "`\(stage)` needs probabilities, and this model's loss compares margins"
    case .needsOneOutput(let stage, let outputs):
      "`\(stage)` needs a network with one probability a row, and this one gives \(outputs)"
    case .misleading(let place):
      "in \(place) a class is the rarer the surer the model is of it, so its probabilities cannot be mended"
    case .saysOneThing(let place):
      "the model says the same of every row in \(place), so there is nothing to scale"
    case .needsRuns(let stage):
      "`\(stage)` needs many runs, and there has been no `sweep`, `folds` or `seeds`"
    case .noSuchMeasure(let name, _, _): "the runs have no metric `\(name)`"
    case .neitherBetter(let name):
      "whether `\(name)` should fall or rise is not known, so nothing can be worse by it"
    case .optionNeedsFile(let option): "`\(option)` is of a picture in a file, and no `to=` is given"
    case .oneClassOnly(let stage, let place): "`\(stage)` needs rows of both classes, and \(place) has one"
    case .notDrawn(let error): error.description
    case .onTrainingRows(let stage):
      "there are no rows set aside, so `\(stage)` looks at rows that trained the model"
    case .saturated:
      "every one of these rows is told apart without a doubt, so nothing can be learned of how far doubts go"
    }
  }

  var help: String? {
    switch self {
    case .needsNumbers: "for classes there are `plot confusion`, `plot roc`, `plot pr` and `plot calibration`"
    case .reportEnding: "a report ends in `.html`"
    case .pictureEnding: "pictures end in `.svg`, `.png` or `.html`"
    case .needsValidation:
      "keep some rows for it: `split val=20%` where the data is opened; or name a file: `path=FILE`"
    case .validationEmpty: "name a file with rows that did not train"
    case .notCalibratable: "a `dense` layer with `softmax` or `sigmoid` at the end can be, as `output` is one"
    case .needsTwoClasses: "of more classes the most probable is said"
    case .needsOneOutput: "end the model in `output`, or in `dense 1 sigmoid`"
    case .misleading, .saysOneThing: "train it on, or on more rows"
    case .needsProbabilities: "`compile loss=binary_crossentropy` gives probabilities"
    case .needsRuns: "for example `sweep lr=[0.1, 0.01] { fit epochs=5 }` before it"
    case .noSuchMeasure(_, let known, let suggestion):
      suggestion == nil ? (known.isEmpty ? nil : "they have \(quoted(known))") : nil
    case .neitherBetter: "without `metric=` it is the loss"
    case .optionNeedsFile: "for example `plot history to=history.svg theme=dark`"
    case .oneClassOnly: "a larger validation part has both"
    case .notDrawn(.noRenderer):
      "`to=FILE.svg` needs nothing else; on Debian `apt install libcairo2` brings it"
    case .onTrainingRows: "`split test=20%` sets some aside; what counts there may not count elsewhere"
    case .saturated: "the model stays as it is"
    default: nil
    }
  }

  var replacement: String? {
    switch self {
    case .noSuchMeasure(_, _, let suggestion): suggestion
    default: nil
    }
  }
}
