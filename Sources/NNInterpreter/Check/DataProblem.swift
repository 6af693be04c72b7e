import NNData
import NNReport

/// Files that cannot be read, columns that are not there, values that do not fit, E04xx; warnings W04xx.
enum DataProblem: Problem {
  case unreadable(DataError, suggestion: String? = nil)
  case noSuchColumn(String, path: String, suggestion: String?, known: [String])
  case noSuchColumns([String], path: String, known: [String])
  case columnTwice(String, String, String)
  case missingValues([(name: String, count: Int)])
  /// - Parameter isRead: the file is to be there, so that only one that is there can have been meant.
  case ending(path: String, known: [String], isRead: Bool = false)
  case remote(String)
  case badTypes(String)
  case model(reason: String, suggestion: String? = nil)
  case notNumeric(stage: String, column: String)
  /// `encode date` of numbers.
  case notTexts(column: String)
  /// A step of preparation that does not fit its column.
  case unprepared(DataError)
  case notAFeature(stage: String, column: String, role: String)
  /// `impute petal_width`: the name of a column where what fills the holes is wanted.
  case columnAsFill(String)
  case scales(large: PreparationRemark.Spread, small: PreparationRemark.Spread)
  case constant([String])
  case rowNumbers(String)
  case dayOrMonth(String)
  case textOfMany(TextOfMany)
  case withoutTarget([String], rows: Int)
  case givesAway(feature: String, target: String, how: String)
  case handled(PreparationWarning)
  case noValidationForPatience
  case overwritesData(String)
  case noMatch(String)
  case signs(DataError)
  case noticed(ReadNotice)
  case digestDiffers(String)
  case noRowLeft(path: String, condition: String, suggestion: String?, known: [String])
  case dropsRole(String, role: String)
  /// Not a file: standard input, or a table in memory.
  case cannotStream(String)
  case memory(String)
  case memoryWithoutStream

  var code: String {
    switch self {
    case .unreadable: "E0401"
    case .noSuchColumn, .noSuchColumns: "E0402"
    case .columnTwice: "E0403"
    case .missingValues: "E0404"
    case .ending: "E0405"
    case .remote: "E0406"
    case .badTypes: "E0407"
    case .model: "E0408"
    case .notNumeric, .notTexts: "E0409"
    case .notAFeature: "E0430"
    case .unprepared: "E0431"
    case .columnAsFill: "E0432"
    case .textOfMany: "W0405"
    case .constant: "W0406"
    case .rowNumbers: "W0407"
    case .dayOrMonth: "W0408"
    case .givesAway: "W0409"
    case .withoutTarget: "W0410"
    case .scales: "W0401"
    case .handled: "W0402"
    case .noValidationForPatience: "W0403"
    case .overwritesData: "E0410"
    case .noMatch: "E0411"
    case .signs: "E0412"
    case .cannotStream, .memory, .memoryWithoutStream: "E0413"
    case .noticed(.renamed): "W0420"
    case .noticed(.nameless): "W0421"
    case .noticed(.emptyColumn): "W0422"
    case .noticed(.titleLines): "W0423"
    case .noticed(.otherSpelling): "W0424"
    case .digestDiffers: "W0404"
    case .noRowLeft: "E0450"
    case .dropsRole: "E0451"
    }
  }

  var message: String {
    switch self {
    case .unreadable(let error, _): error.description
    case .noSuchColumn(let name, let path, _, _): "\(path) has no column `\(name)`"
    case .noSuchColumns(let names, let path, _): "\(path) has no columns \(quoted(names))"
    case .columnTwice(let name, let first, let second) where first == second:
      "column `\(name)` is named twice in `\(first)`"
    case .columnTwice(let name, let first, let second):
      "column `\(name)` stands in `\(first)` and in `\(second)`; it can have one role"
    case .missingValues(let columns):
      "there are missing values in "
        + columns.prefix(6).map { "`\($0.name)` (\(counted($0.count, "row")))" }.joined(separator: ", ")
        + (columns.count > 6 ? " and \(columns.count - 6) more columns" : "")
    case .ending(let path, _, _): "`\(path)` has no ending that nn knows"
    case .remote(let path): "nn reads files of this machine, and `\(path)` is elsewhere"
    case .badTypes(let text): "`\(text)` is not a column and its type"
    case .model(let reason, _): reason
    case .notNumeric(let stage, let column): "`\(stage)` works on numbers, and `\(column)` holds categories"
    case .notTexts(let column): "`encode date` reads texts, and `\(column)` holds numbers"
    case .unprepared(let error): error.description
    case .notAFeature(let stage, let column, let role):
      "`\(stage)` works on features, and `\(column)` is \(role == "ignored" ? "ignored" : "the \(role)")"
    case .columnAsFill(let column):
      "`\(shown(column))` is a column, and what stands here is what holes are filled with"
    case .scales(let large, let small):
      "the features are on very different scales: \(shown(large.column)) has a standard deviation of "
        + "\(roughly(large.deviation)), \(shown(small.column)) of \(roughly(small.deviation))"
    case .constant(let names):
      "\(quoted(names)) \(names.count == 1 ? "is" : "are") the same in every training row, and nothing can be learned from \(names.count == 1 ? "it" : "them")"
    case .rowNumbers(let name):
      "`\(name)` goes up by one from row to row, so it numbers the rows rather than says something of them"
    case .dayOrMonth(let name):
      "nothing in `\(name)` tells whether the day or the month stands first; the month is taken"
    case .textOfMany(let text):
      "`\(text.column)` has \(formatCount(text.categories)) different texts in \(counted(text.rows, "row")), too many for a column each, and is left out"
    case .withoutTarget(let names, let rows):
      "\(quoted(names)) \(names.count == 1 ? "is" : "are") missing in \(counted(rows, "row")), which \(rows == 1 ? "is" : "are") left out"
    case .cannotStream(let path):
      "`stream` needs a file that can be read again, and \(path == "-" ? "standard input" : "`\(path)`") is none"
    case .memoryWithoutStream: "`memory` is for a table that streams, and this one is read as a whole"
    case .memory(let text):
      "`memory` takes an amount from \(StreamSlot.text(of: StreamSlot.leastMemory)) up, such as `256M` or `2G`, and was given `\(text)`"
    case .givesAway(let feature, let target, let how): "`\(feature)` gives `\(target)` away: \(how)"
    case .handled(let warning): "\(warning), handled as trained"
    case .overwritesData(let path): "this would write over `\(path)`, which the script reads"
    case .noMatch(let pattern): "no file matches `\(pattern)`"
    case .signs(let error): error.description
    case .noticed(let notice): notice.description
    case .digestDiffers(let path):
      "the weights in \(path) are not those that were saved: their digest is another"
    case .noRowLeft(let path, let condition, _, _): "no row of \(path) is left: none has \(condition)"
    case .dropsRole(let name, let role): "`\(name)` is the data's \(role), and cannot be left out"
    case .noValidationForPatience: "there are no validation rows, so `patience` watches the training loss"
    }
  }

  var help: String? {
    switch self {
    case .noSuchColumn(_, _, nil, let known), .noSuchColumns(_, _, let known):
      "its columns are \(quoted(known))"
    case .noRowLeft(_, _, nil, let known):
      known.isEmpty ? nil : "the column holds \(quoted(known, joiner: "or"))"
    case .missingValues:
      "fill them before the fit, as in `impute mean`, or leave the columns out with `ignore=`"
    case .ending(_, let known, _):
      "\(known == [".csv"] ? "predictions" : known == [".nns"] ? "seals" : "models") end in \(quoted(known))"
    case .remote: "copy the file here first"
    case .memoryWithoutStream: "add `stream`, or leave it out"
    case .cannotStream("-"): "save it to a file first"
    case .badTypes: "write `NAME:numeric` or `NAME:categorical`"
    case .notNumeric(stage: "scale", _):
      "an `encode ordinal` or `encode date` that stands before makes numbers of it"
    case .notTexts(let column): "say `types=[\(column):categorical]` where the data is opened"
    case .columnAsFill: "`mean`, `median`, `mode` or a value"
    case .scales: "put `scale standard` before the fit"
    case .constant(let names):
      "`ignore=\(names.count == 1 ? word(names[0]) : "[\(names.map(word).joined(separator: ", "))]")` leaves \(names.count == 1 ? "it" : "them") out"
    case .rowNumbers(let name): "`ignore=\(word(name))` leaves it out"
    case .dayOrMonth: "say `dayfirst=true` or `dayfirst=false`"
    case .textOfMany(let text):
      text.holdsDates
        ? "`encode date columns=\(word(text.column))` takes its dates apart; `ignore=\(word(text.column))` says that it is meant"
        : "`encode hash columns=\(word(text.column))` keeps it; `ignore=\(word(text.column))` says that it is meant"
    case .givesAway(let feature, _, _):
      "if it is not known when the model is used, leave it out with `ignore=\(word(feature))`"
    case .unreadable(.isDirectory(let path), _):
      "its files are one table as `\"\(path.hasSuffix("/") ? path : path + "/")*.csv\"`, if they have one header"
    case .noticed(let notice): notice.advice
    case .noValidationForPatience: "keep some rows for it: `split val=20%`, or `validation_split=20%`"
    default: nil
    }
  }

  var replacement: String? {
    switch self {
    case .unreadable(_, let suggestion), .model(_, let suggestion): suggestion
    case .noSuchColumn(_, _, let suggestion, _), .noRowLeft(_, _, let suggestion, _): suggestion
    case .columnAsFill(let column): "mean columns=\(word(column))"
    case .ending(let path, let known, let isRead):
      known.lazy.compactMap { Self.withEnding($0, path) }.first { !isRead || pathExists(expandingTilde($0)) }
    default: nil
    }
  }

  /// A name as a script writes it: in quotes where it is no word.
  private func word(_ name: String) -> String {
    let isWord =
      !name.isEmpty
      && name.unicodeScalars.allSatisfy {
        $0.properties.isAlphabetic || ("0"..."9").contains($0) || "_-.".unicodeScalars.contains($0)
      }
    return isWord ? name : name.contains("'") ? "\"\(shown(name))\"" : "'\(shown(name))'"
  }

  /// Three significant digits.
  private func roughly(_ value: Double) -> String {
    var power = 1.0
    while value * power < 100, power < 1e30 { power *= 10 }
    while value * power >= 1000, power > 1e-30 { power /= 10 }
    return shortestText(Float((value * power).rounded() / power))
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
