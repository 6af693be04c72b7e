import NNData
import NNDiagnostics
import NNEngine
import NNModelIO
import NNReport

/// What goes wrong while a script runs, and what is wrong inside a data file, E10xx: exit status 1.
enum RunProblem: Problem {
  case content(DataError)
  case badCells(path: String, cells: [BadCell], total: Int)
  case diverged(epoch: Int, step: Int, layer: Int?, Diverged?)
  case expectation(text: String, value: Double)
  case modelNotWritten(ModelFileError)
  /// A loss or an activation of the embedding program.
  case ownFunction(ComponentKind, name: String)
  case writing(DataError)
  case engine(EngineError)
  case noRows(stage: String, part: String)
  /// A callback could not do its work, and has ended the fit.
  case callback(String)
  /// Rows of a table that streams could not be read any more, which has ended the fit.
  case rowsLost(EngineError)
  case backupDiffers(folder: String, names: [String])
  case backupDamaged(String, String)
  /// `terminate_on_nan` has made an end of what is else an error.
  case terminated(epoch: Int, step: Int, layer: Int?, Diverged?)
  case checkpointUnnamed(String, missing: String, epoch: Int)
  case checkpointUncompared(String, epoch: Int)
  case shortEpochs(steps: Int, batches: Int)
  case missingClasses([String], isOfLastRows: Bool)
  case unmeasuredClasses([String], part: String)
  case neverWatched
  /// Rows for which the model gives no finite number.
  case unanswered(rows: Int, of: Int)
  /// The file of a `save` could not be written, and another was.
  case rescued(String, in: String)

  /// A file could not be written; another may be.
  var isOfWriting: Bool {
    switch self {
    case .writing, .modelNotWritten: true
    default: false
    }
  }

  var code: String {
    switch self {
    case .content: "E1001"
    case .badCells: "E1002"
    case .diverged: "E1003"
    case .expectation: "E1004"
    case .writing, .modelNotWritten, .ownFunction, .rescued: "E1005"
    case .engine, .rowsLost: "E1006"
    case .noRows: "E1007"
    case .callback: "E1020"
    case .backupDiffers, .backupDamaged: "E1021"
    case .terminated: "W1020"
    case .checkpointUnnamed, .checkpointUncompared: "W1021"
    case .shortEpochs: "W1022"
    case .missingClasses, .unmeasuredClasses: "W1023"
    case .neverWatched: "W1024"
    case .unanswered: "W1025"
    }
  }

  var message: String {
    switch self {
    case .content(let error): return error.description
    case .badCells(let path, let cells, let total):
      guard let first = cells.first else { return "\(path) has cells that are not numbers" }
      let others = total > 1 ? ", nor are \(total - 1) other cells" : ""
      return
        "\(first.source ?? path), row \(first.row) (line \(first.line)), column `\(first.column)`: `\(first.text)` \(first.fault)\(others)"
    case .diverged(let epoch, let step, let layer, _), .terminated(let epoch, let step, let layer, _):
      let place = layer.map { ", first in layer \($0)" } ?? ""
      return "the loss is no longer a finite number, at epoch \(epoch), step \(step)\(place)"
    case .expectation(let text, let value):
      return "expected \(text), and it is \(value.isNaN ? "not a number" : describeNumber(value))"
    case .writing(let error): return error.description
    case .modelNotWritten(let error): return error.description
    case .ownFunction(let kind, let name):
      return "the \(kind.rawValue) `\(name)` is this program's own, and a model file cannot hold it"
    case .engine(let error), .rowsLost(let error): return error.description
    case .noRows(let stage, let part): return "`\(stage)` has no rows: \(part) is empty"
    case .callback(let reason): return reason
    case .backupDiffers(let folder, let names):
      return
        "the backup in \(folder) is of another fit: \(quoted(names)) \(names.count == 1 ? "is" : "are") different"
    case .backupDamaged(let folder, let reason):
      return "the backup in \(folder) cannot be used: \(reason)"
    case .checkpointUnnamed(let pattern, let missing, let epoch):
      return "epoch \(epoch) has no `\(missing)`, so `\(pattern)` names no file and nothing is saved"
    case .checkpointUncompared(let name, let epoch):
      return "epoch \(epoch) has no `\(name)`, so it is saved without being compared"
    case .shortEpochs(let steps, let batches):
      return steps > batches
        ? "`steps_per_epoch` asks for \(counted(steps, "step")), and the rows give \(batches)"
        : "the rows give \(counted(batches, "step")), so an epoch of \(steps) that comes to their end is shorter"
    case .missingClasses(let classes, _):
      return
        "no training row is of the \(classes.count == 1 ? "class" : "classes") \(quoted(classes)), so nothing is learned of \(classes.count == 1 ? "it" : "them")"
    case .unmeasuredClasses(let classes, let part):
      return
        "no \(part) row is of the \(classes.count == 1 ? "class" : "classes") \(quoted(classes)), so nothing tells how well \(classes.count == 1 ? "it is" : "they are") learned"
    case .neverWatched:
      return "`validation_freq` leaves out every epoch of this fit, so no validation row is looked at"
    case .unanswered(let rows, let all):
      return rows == all
        ? "the model gives a finite number for no row"
        : "the model gives no finite number for \(formatCount(rows)) of \(counted(all, "row"))"
    case .rescued(let reason, _): return reason
    }
  }

  var notes: [String] {
    switch self {
    case .diverged(_, _, _, let report?), .terminated(_, _, _, let report?): report.notes
    default: []
    }
  }

  var help: String? {
    switch self {
    case .content(.missingTargets):
      "rows without it cannot train: take them out of the file (`impute` fills features)"
    case .content(let error): error.advice
    case .badCells(_, let cells, _): cells.first?.advice
    case .diverged(_, _, _, let report):
      (report?.fix ?? "try a smaller `lr=`, or `scale standard` before the fit")
        + "; a shell still has the weights of the last whole epoch"
    case .ownFunction: "the weights are in the session; take one of the language's to save the model"
    case .callback, .rowsLost: "what was trained until then is kept, and what stands behind saves it"
    case .backupDiffers: "finish that fit as it was begun, or remove the folder to start anew"
    case .backupDamaged: "remove the folder to start anew"
    case .missingClasses(_, true):
      "`validation_split` takes the last rows as they lie; `split val=20%` takes its share of every class"
    case .missingClasses, .unmeasuredClasses: "`split` with `stratify` takes its share of every class"
    case .unanswered:
      "their features are beyond what float32 computes with, or the weights are: `describe` shows the range of every column"
    case .rescued(_, let path): "what was trained is kept in \(shown(path))"
    case .terminated(_, _, _, let report):
      (report.map { $0.fix + "; " } ?? "") + "the weights are those of the last whole epoch"
    default: nil
    }
  }
}

extension DataError {
  /// The problem this is for a script: a file that cannot be opened is a mistake in the script, one whose content is
  /// wrong fails the run.
  var problem: any Problem {
    switch self {
    case .fileMissing(let path): DataProblem.unreadable(self, suggestion: fileNear(path))
    case .isDirectory, .unreadable: DataProblem.unreadable(self)
    case .unknownColumn(let source, let column, let available):
      DataProblem.noSuchColumn(
        column, path: source, suggestion: Spelling.nearest(to: column, in: available), known: available)
    case .outsideOrder, .noDates, .notADate, .notANumber, .wrongKind, .noUsableValue, .repeatedStep,
      .preparationMismatch:
      DataProblem.unprepared(self)
    case .badSeparator, .sameMarks: DataProblem.signs(self)
    case .missingValues(_, let columns): DataProblem.missingValues(columns.map { ($0.column, $0.count) })
    default: RunProblem.content(self)
    }
  }
}

extension DataError {
  /// The column that a step of preparation does not fit.
  var column: String? {
    switch self {
    case .outsideOrder(_, let column, _), .noDates(_, let column, _), .notADate(_, let column),
      .notANumber(_, let column), .wrongKind(_, let column, _, _), .noUsableValue(_, let column, _):
      column
    default: nil
    }
  }
}
