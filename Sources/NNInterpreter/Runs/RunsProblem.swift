import NNDiagnostics
import NNReport

/// Mistakes in many runs, E034x to E036x, and what goes wrong in them, E104x.
enum RunsProblem: Problem {
  case noVariables
  /// `sweep lr=0.1`
  case oneValue(String, value: String)
  case badVariable(String)
  case noTrials(String)
  case notARange(String)
  case emptyRange(low: Double, high: Double)
  case logarithmOfNothing(Double)
  case tooMany(String)
  case sharedPath(String, variable: String?)
  case foldLost(stage: String)
  case noSuchFold(Int, of: Int)
  case unusedVariable(String)
  case fixedSeed(Int)
  case noFit(String)
  case halvingBody(String)
  case notMeasured(String, known: [String], suggestion: String?)
  case noDirection(String)
  case comparesNothing
  case notAFlow(String)
  case nothingDone
  case otherDigest(run: Int)
  case needsBody(String)
  case noCommonMetric
  case ensembleDiffers(String)

  var code: String {
    switch self {
    case .noVariables, .oneValue, .badVariable: "E0340"
    case .noTrials: "E0341"
    case .notARange, .emptyRange, .logarithmOfNothing: "E0342"
    case .tooMany: "E0343"
    case .sharedPath: "E0344"
    case .foldLost, .noSuchFold: "E0345"
    case .halvingBody, .noFit: "E0346"
    case .notMeasured: "E0348"
    case .noDirection: "E0349"
    case .comparesNothing, .notAFlow, .noCommonMetric: "E0350"
    case .needsBody: "E0351"
    case .unusedVariable: "W0340"
    case .fixedSeed: "W0341"
    case .nothingDone: "E1040"
    case .otherDigest: "E1042"
    case .ensembleDiffers: "E1041"
    }
  }

  var message: String {
    switch self {
    case .noVariables: "this `sweep` has nothing to vary"
    case .oneValue(let name, let value):
      "`\(name)=\(value)` is one value, and a sweep's variable takes several"
    case .badVariable(let name): "`\(name)` cannot be a variable's name"
    case .noTrials(let name): "`\(name)` has no end of values, so the number of runs is not known"
    case .notARange(let name): "`\(name)(…)` takes two \(name == "int" ? "whole numbers" : "numbers")"
    case .emptyRange(let low, let high):
      "there is nothing between \(describeNumber(low)) and \(describeNumber(high))"
    case .logarithmOfNothing(let low): "a range by factors begins above 0, not at \(describeNumber(low))"
    case .tooMany(let what): "\(what) are more than \(formatCount(SweepVariable.mostRuns)) runs"
    case .sharedPath(let path, _): "several runs would write `\(path)`"
    case .foldLost(let stage): "`\(stage)` takes other rows than those of the fold"
    case .noSuchFold(let fold, let count): "there is no fold \(fold) among \(count)"
    case .unusedVariable(let name): "the body never uses `$\(name)`, so it changes nothing"
    case .fixedSeed(let seed): "this `fit` has its own seed, \(seed), so that every run is the same"
    case .noFit(let stage): "`\(stage)` measures nothing: there is no `fit` or `evaluate` in its body"
    case .halvingBody(let reason): "`halving` gives up single fits, and \(reason)"
    case .notMeasured(let name, _, _): "no run measures `\(name)`"
    case .noDirection(let name): "whether less or more of `\(name)` is better is not known"
    case .comparesNothing: "`compare` needs two experiments, or runs to compare"
    case .notAFlow(let name): "`\(name)` is no flow"
    case .noCommonMetric: "these experiments have no metric in common"
    case .needsBody(let name): "`\(name)` needs a body to run"
    case .ensembleDiffers(let reason): "these runs cannot be one model: \(reason)"
    case .nothingDone: "no run has come to its end"
    case .otherDigest(let run): "run \(run), trained again, has other weights than it had"
    }
  }

  var help: String? {
    switch self {
    case .noVariables: "write what takes which values: `sweep lr=[0.1, 0.01] { … }`"
    case .badVariable: "a name has letters, digits and `_`, and no digit first"
    case .noTrials: "`trials=20` draws twenty runs"
    case .notARange(let name):
      "`\(name == "int" ? "int(8, 128)" : name == "log" ? "log(1e-4, 0.1)" : "real(0, 0.5)")`"
    case .emptyRange: "the smaller number stands first"
    case .logarithmOfNothing: "`real(…)` draws evenly, from 0 or below too"
    case .tooMany: "`trials=` draws some of them"
    case .sharedPath(_, let variable):
      variable.map { "a name in the path keeps them apart: `\"model-$\($0).safetensors\"`" }
    case .foldLost: "what takes or divides rows stands in front of `folds`"
    case .unusedVariable(let name): "write `$\(name)` where the value belongs"
    case .fixedSeed: "leave `seed=` out of the `fit`, or write `seed=$seed`"
    case .halvingBody: "write `halving` on a `sweep` whose body has one `fit`, and nothing nested"
    case .notMeasured(_, let known, _):
      known.isEmpty ? nil : "there \(known.count == 1 ? "is" : "are") \(quotedAll(known))"
    case .noDirection: "`mode=min` or `mode=max` says so"
    case .comparesNothing: "`compare $a $b`, or `compare` behind a `sweep`"
    case .notAFlow: "`let a = … ` names one, and `$a` stands for it"
    case .needsBody(let name): "write `\(name) … { model < … > | fit epochs=10 }`"
    case .otherDigest: "its data, or this program, has changed meanwhile: run the sweep again"
    default: nil
    }
  }

  var replacement: String? {
    switch self {
    case .oneValue(let name, let value): "\(name)=[\(value)]"
    case .notMeasured(_, _, let suggestion): suggestion
    default: nil
    }
  }
}
