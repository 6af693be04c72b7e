/// What can be wrong with data: with a file, its cells, or what is asked of them. Each case carries what its
/// text names; ``description`` is the one place of that text.
public enum DataError: Error, Sendable, Hashable {
  // Files.
  case fileMissing(path: String)
  case isDirectory(path: String)
  /// `reason` is the system's own words.
  case unreadable(path: String, reason: String)
  case unwritable(path: String, reason: String)
  /// Who reads what is written has gone: `nn … | head`.
  case closedPipe(path: String)
  /// A NUL byte.
  case binary(source: String, line: Int)
  /// Starts as a file of another kind does: `what` is `gzip`, `UTF-16` …
  case otherFormat(source: String, what: String, advice: String)
  /// What is packed cannot be unpacked: `reason` is a clause of its own.
  case damagedArchive(source: String, reason: String)
  case empty(source: String)
  case noRows(source: String)
  case changedWhileReading(source: String)
  /// Whoever asked for it wants it no longer.
  case stopped(source: String)

  // Their text. Lines count from 1.
  case raggedRow(source: String, line: Int, found: Int, expected: Int)
  /// A quote that the file's end finds open; the line is where it was opened.
  case unclosedQuote(source: String, line: Int)
  case textAfterQuote(source: String, line: Int, column: String)
  case invalidUTF8(source: String, line: Int, column: String)
  case badSeparator(UInt8)
  /// One sign for decimals and for thousands.
  case sameMarks(UInt8)
  /// `limit` in bytes. `quotedFrom` is the line of the quote that opened the cell, if one did.
  case fieldTooLong(source: String, line: Int, limit: Int, quotedFrom: Int?)
  case recordTooLong(source: String, line: Int, limit: Int)
  case duplicateColumn(source: String, column: String)
  case unequalColumns(source: String, column: String, found: Int, expected: Int)
  case unknownColumn(source: String, column: String, available: [String])
  /// More than the machine's memory holds; how many of the rows it does.
  case tooManyRows(source: String, rows: Int, columns: Int)
  /// One of several files has other columns than the first one.
  case otherColumns(source: String, first: String, missing: [String], extra: [String])

  // Their values.
  /// The first of the bad cells of one column, and how many there are.
  case badCells(source: String, column: String, first: [BadCell], count: Int)
  case missingColumns(source: String, names: [String], available: [String])
  case missingValues(source: String, columns: [ColumnCount])
  case missingTargets(source: String, column: String, count: Int)
  case wrongKind(source: String, column: String, found: ColumnKind, expected: ColumnKind)
  case unknownClass(source: String, column: String, text: String, classes: [String])
  case tooFewClasses(source: String, column: String, found: Int)
  case notBinary(source: String, column: String, found: Int)
  case badWeight(source: String, column: String, row: Int)
  case noUsableValue(source: String, column: String, what: String)
  case notANumber(text: String, column: String)
  case notADate(text: String, column: String)
  /// `example` is the first cell that is none.
  case noDates(source: String, column: String, example: String?)
  /// Categories that an order of categories does not name.
  case outsideOrder(source: String, column: String, categories: [String])
  /// More than the machine's memory holds; `column` is the one that becomes most features, `width` how many.
  case tooManyFeatures(source: String, rows: Int, features: Int, column: String, width: Int)

  // What is asked.
  case splitShare(name: String)
  case splitTooLarge(rows: Int, test: Int, validation: Int)
  case splitColumnLength(column: String, found: Int, expected: Int)
  case splitConflict(String)
  case repeatedStep(column: String, step: String)
  case preparationMismatch(String)
}

/// A column and a number of its cells.
public struct ColumnCount: Sendable, Hashable {
  public var column: String
  public var count: Int

  public init(column: String, count: Int) {
    self.column = column
    self.count = count
  }
}

extension DataError: CustomStringConvertible {
  /// One sentence without a full stop, control characters escaped.
  public var description: String {
    switch self {
    case .fileMissing(let path):
      "there is no file \(shown(path))"
    case .isDirectory(let path):
      "\(shown(path)) is a directory, not a file"
    case .unreadable(let path, let reason):
      "cannot read \(shown(path)): \(reason)"
    case .unwritable(let path, let reason):
      "cannot write \(shown(path)): \(reason)"
    case .closedPipe(let path):
      "cannot write \(shown(path)): its reader has closed it"
    case .binary(let source, let line):
      "\(shown(source)), line \(line): a NUL byte, so this is not a text file"
    case .otherFormat(let source, let what, let advice):
      "\(shown(source)) is \(what), not CSV text; \(advice)"
    case .damagedArchive(let source, let reason):
      "cannot read \(shown(source)): \(reason)"
    case .empty(let source):
      "\(shown(source)) is empty"
    case .noRows(let source):
      "\(shown(source)) has a header, but no rows below it"
    case .changedWhileReading(let source):
      "\(shown(source)) changed while it was being read"
    case .stopped(let source):
      "reading \(shown(source)) was stopped"
    case .raggedRow(let source, let line, let found, let expected):
      "\(shown(source)), line \(line): \(counted(found, "cell")), but the first row has \(expected)"
    case .unclosedQuote(let source, let line):
      "\(shown(source)), line \(line): a quote opens here and never closes"
    case .textAfterQuote(let source, let line, let column):
      "\(shown(source)), line \(line), column \(shown(column)): text after the closing quote; "
        + "a quote inside a quoted cell is written twice"
    case .invalidUTF8(let source, let line, let column):
      "\(shown(source)), line \(line), column \(shown(column)): not UTF-8 text; save the file as UTF-8"
    case .badSeparator(let byte):
      "\(quoted(String(UnicodeScalar(byte)))) cannot separate cells; take a comma, a semicolon, a tab or a like sign"
    case .sameMarks(let byte):
      "\(quoted(String(UnicodeScalar(byte)))) cannot stand before decimals and between thousands"
    case .tooManyRows(let source, let rows, let columns):
      "\(shown(source)) has more rows than this machine's memory holds: \(rows) of them, \(counted(columns, "column")), fill it"
    case .otherColumns(let source, let first, let missing, let extra):
      "\(shown(source)) has other columns than \(shown(first)): "
        + [
          missing.isEmpty ? nil : "\(listed(missing)) \(missing.count == 1 ? "is" : "are") not there",
          extra.isEmpty ? nil : "\(listed(extra)) \(extra.count == 1 ? "is" : "are") there too",
        ]
        .compactMap { $0 }.joined(separator: ", and ")
    case .fieldTooLong(let source, let line, let limit, let quotedFrom):
      if let quotedFrom {
        "\(shown(source)), line \(quotedFrom): the quoted cell that opens here is longer than \(limit) bytes; "
          + "is its closing quote missing?"
      } else {
        "\(shown(source)), line \(line): a cell is longer than \(limit) bytes"
      }
    case .recordTooLong(let source, let line, let limit):
      "\(shown(source)), line \(line): the row is longer than \(limit) bytes"
    case .duplicateColumn(let source, let column):
      "\(shown(source)): two columns are named \(shown(column))"
    case .unequalColumns(let source, let column, let found, let expected):
      "\(shown(source)): column \(shown(column)) has \(counted(found, "row")), but the first column has \(expected)"
    case .unknownColumn(let source, let column, let available):
      "\(shown(source)) has no column \(shown(column)); it has \(listed(available))"
    case .badCells(let source, let column, let first, let count):
      badCellText(source: source, column: column, first: first, count: count)
    case .missingColumns(let source, let names, let available):
      "\(shown(source)) has no \(names.count == 1 ? "column" : "columns") \(listed(names)); "
        + "it has \(listed(available))"
    case .missingValues(let source, let columns):
      "\(shown(source)): missing values in "
        + columns.prefix(8).map { "\(shown($0.column)) (\($0.count))" }.joined(separator: ", ")
        + (columns.count > 8 ? " and \(columns.count - 8) more" : "")
    case .missingTargets(let source, let column, let count):
      "\(shown(source)): the target \(shown(column)) is missing in \(counted(count, "row"))"
    case .wrongKind(let source, let column, let found, let expected):
      "\(shown(source)): column \(shown(column)) is \(found.rawValue), but \(expected.rawValue) is needed"
    case .unknownClass(let source, let column, let text, let classes):
      "\(shown(source)), column \(shown(column)): the class \(shown(text)) was not there in training; "
        + "known are \(listed(classes))"
    case .tooFewClasses(let source, let column, let found):
      "\(shown(source)): the target \(shown(column)) has \(counted(found, "class", "classes")) in the training "
        + "rows, and needs at least 2"
    case .notBinary(let source, let column, let found):
      "\(shown(source)): the target \(shown(column)) has \(counted(found, "class", "classes")), and a binary one "
        + "needs exactly 2"
    case .badWeight(let source, let column, let row):
      "\(shown(source)), row \(row), column \(shown(column)): a weight must be a number that is not negative"
    case .noUsableValue(let source, let column, let what):
      "\(shown(source)): column \(shown(column)) has no filled cell in the training rows, so there is no \(what)"
    case .notANumber(let text, let column):
      "\(shown(text)) is not a number, and column \(shown(column)) is numeric"
    case .notADate(let text, let column):
      "\(shown(text)) is not a date, and column \(shown(column)) holds dates"
    case .noDates(let source, let column, let example):
      "\(shown(source)): column \(shown(column)) does not hold dates"
        + (example.map { ", but cells such as \(quoted($0))" } ?? ": it is empty")
    case .outsideOrder(let source, let column, let categories):
      "\(shown(source)): column \(shown(column)) holds \(listed(categories)), which the order does not name"
    case .tooManyFeatures(let source, let rows, let features, let column, let width):
      "\(shown(source)): \(counted(rows, "row")) of \(features) features are more than this machine's memory "
        + "holds; column \(shown(column)) alone becomes \(width), so leave it out, or `encode` it by `hash` or with `max_categories=`"
    case .splitShare(let name):
      "the \(name) part must be a whole number of rows that is not negative, or a share from 0 to 1"
    case .splitTooLarge(let rows, let test, let validation):
      "\(counted(rows, "row")) cannot be split into \(test) for the test and \(validation) for the validation "
        + "with any left for training"
    case .splitColumnLength(let column, let found, let expected):
      "column \(shown(column)) has \(counted(found, "row")), but \(expected) are to be split"
    case .splitConflict(let text):
      text
    case .repeatedStep(let column, let step):
      "column \(shown(column)) is named by two \(step) steps"
    case .preparationMismatch(let text):
      text
    }
  }

  private func badCellText(source: String, column: String, first: [BadCell], count: Int) -> String {
    guard let cell = first.first else {
      return "\(shown(source)): \(counted(count, "cell")) of column \(shown(column)) are not numbers"
    }
    let place =
      "\(shown(source)), row \(cell.row) (line \(cell.line)), column \(shown(cell.column)): "
      + "\(quoted(cell.text)) is not a number"
    return count > 1 ? place + ", nor are \(count - 1) more of its cells" : place
  }
}
