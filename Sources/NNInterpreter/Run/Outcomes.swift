import NNData
import NNDiagnostics
import NNEngine
import NNReport

/// What a trained model says of some rows, beside what is true of them, in the file's units.
enum Outcomes: Sendable {
  case classes(ClassOutcomes)
  case values([Agreement])
}

extension TrainedModel {
  /// - Parameter rows: which rows, all of them with their targets filled in; nil is all.
  func outcomes(
    of table: Table, rows: [Int]?, threads: Int?
  ) throws(Found) -> (outcomes: Outcomes, warnings: [PreparationWarning]) {
    let form: TargetForm = preprocessor.classes == nil ? .values : .classIDs
    let (dataset, warnings) = try preprocessor.dataset(table, rows: rows, target.with(form: form))
    let outputs: Matrix
    do {
      outputs = try givingProbabilities().predict(dataset.features, threads: threads)
    } catch {
      throw Found(RunProblem.engine(error))
    }
    guard let classes = preprocessor.classes, target.kind != .numeric else {
      let said = preprocessor.unscaleTargets(outputs)
      let truth = preprocessor.unscaleTargets(dataset.targets)
      let agreements = target.roles.targets.enumerated().map { column, name in
        Agreement(
          name: name, truth: truth.column(column).map(Double.init),
          predicted: said.column(column).map(Double.init))
      }
      return (.values(agreements), warnings)
    }
    let scores = classValues(outputs, classes: classes.count)
    let found = ClassOutcomes(
      classes: classes, truth: dataset.targets.values.map { Int($0) }, scores: scores.values,
      areMargins: givesMargins)
    return (.classes(found), warnings)
  }
}
