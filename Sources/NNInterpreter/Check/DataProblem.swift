import NNData

/// Files that cannot be read, columns that are not there, values that do not fit, E04xx; warnings W04xx.
enum DataProblem: Problem {
  case unreadable(DataError)
  case noSuchColumn(String, path: String, suggestion: String?, known: [String])
  case columnTwice(String, String, String)
  case missingValues([(name: String, count: Int)])
  case ending(path: String, known: [String], planned: Bool)
  case remote(String)
  case badTypes(String)
  case model(reason: String)
  case notNumeric(stage: String, column: String)
  case scales(String)
  case handled(PreparationWarning)
  case noValidationForPatience
  case overwritesData(String)
  case noMatch(String)
  case signs(DataError)
  case noticed(ReadNotice)
  case digestDiffers(String)

  var code: String {
    switch self {
    case .unreadable: "E0401"
    case .noSuchColumn: "E0402"
    case .columnTwice: "E0403"
    case .missingValues: "E0404"
    case .ending: "E0405"
    case .remote: "E0406"
    case .badTypes: "E0407"
    case .model: "E0408"
    case .notNumeric: "E0409"
    case .scales: "W0401"
    case .handled: "W0402"
    case .noValidationForPatience: "W0403"
    case .overwritesData: "E0410"
    case .noMatch: "E0411"
    case .signs: "E0412"
    case .noticed(.renamed): "W0420"
    case .noticed(.nameless): "W0421"
    case .noticed(.emptyColumn): "W0422"
    case .noticed(.titleLines): "W0423"
    case .noticed(.otherSpelling): "W0424"
    case .digestDiffers: "W0404"
    }
  }

  var message: String {
    switch self {
    case .unreadable(let error): error.description
    case .noSuchColumn(let name, let path, _, _): "\(path) has no column `\(name)`"
    case .columnTwice(let name, let first, let second) where first == second:
      "column `\(name)` is named twice in `\(first)`"
    case .columnTwice(let name, let first, let second):
      "column `\(name)` stands in `\(first)` and in `\(second)`; it can have one role"
    case .missingValues(let columns):
      "there are missing values in "
        + columns.prefix(6).map { "`\($0.name)` (\(counted($0.count, "row")))" }.joined(separator: ", ")
        + (columns.count > 6 ? " and \(columns.count - 6) more columns" : "")
    case .ending(let path, _, let planned):
      planned ? "this version of nn does not write `\(path)` yet" : "`\(path)` has no ending that nn knows"
    case .remote(let path): "nn reads files of this machine, and `\(path)` is elsewhere"
    case .badTypes(let text): "`\(text)` is not a column and its type"
    case .model(let reason): reason
    case .notNumeric(let stage, let column): "`\(stage)` works on numbers, and `\(column)` holds categories"
    case .scales(let text): text
    case .handled(let warning): "\(warning), handled as trained"
    case .overwritesData(let path): "this would write over `\(path)`, which the script reads"
    case .noMatch(let pattern): "no file matches `\(pattern)`"
    case .signs(let error): error.description
    case .noticed(let notice): notice.description
    case .digestDiffers(let path):
      "the weights in \(path) are not those that were saved: their digest is another"
    case .noValidationForPatience: "there are no validation rows, so `patience` watches the training loss"
    }
  }

  var help: String? {
    switch self {
    case .noSuchColumn(_, _, nil, let known): "its columns are \(quoted(known))"
    case .missingValues:
      "fill them before the fit, as in `impute mean`, or leave the columns out with `ignore=`"
    case .ending(_, let known, _): "\(known == [".csv"] ? "predictions" : "models") end in \(quoted(known))"
    case .remote: "copy the file here first"
    case .badTypes: "write `NAME:numeric` or `NAME:categorical`"
    case .scales: "put `scale standard` before the fit"
    case .unreadable(.isDirectory(let path)):
      "its files are one table as `\"\(path.hasSuffix("/") ? path : path + "/")*.csv\"`, if they have one header"
    case .noticed(let notice): notice.advice
    case .noValidationForPatience: "keep some rows for it: `split val=20%`, or `validation_split=20%`"
    default: nil
    }
  }

  var replacement: String? {
    switch self {
    case .noSuchColumn(_, _, let suggestion, _): suggestion
    case .ending(let path, let known, planned: false): Self.withEnding(known.first, path)
    default: nil
    }
  }

  /// The path with an ending that nn knows; nil where quotes may stand around it.
  private static func withEnding(_ ending: String?, _ path: String) -> String? {
    let isPlain = path.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || ("0"..."9").contains($0) || "_-./~".unicodeScalars.contains($0)
    }
    guard let ending, isPlain, let last = path.split(separator: "/").last, path.last != "/" else {
      return nil
    }
    let stem = last.lastIndex(of: ".").map { last[..<$0] } ?? last
    return stem.isEmpty ? nil : path.dropLast(last.count) + stem + ending
  }
}
