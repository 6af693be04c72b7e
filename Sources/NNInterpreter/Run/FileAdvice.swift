import NNData

// What to do about a file's mistakes, in the language of scripts.

extension DataError {
  var advice: String? {
    switch self {
    case .raggedRow(_, _, let found, let expected):
      found > expected
        ? "a cell that holds the separator stands in quotes; `sep=` says what separates cells, `skip=` how many lines stand above the table"
        : "an empty cell still needs its separator; `sep=` says what separates cells, `skip=` how many lines stand above the table"
    case .textAfterQuote: "`quote=none` takes quotes for signs like others, as many .tsv files have them"
    case .unclosedQuote:
      "a quote inside a quoted cell is written twice; `quote=none` takes quotes for signs like others, as many .tsv files have them"
    case .invalidUTF8: "`iconv -f WINDOWS-1252 -t UTF-8 FILE` makes it UTF-8 if it comes from Windows"
    case .otherColumns:
      "files that are read as one table have the same names in their headers, in any order"
    default: nil
    }
  }
}

extension BadCell {
  /// What is wrong with the text.
  var fault: String { isTooLarge ? "is too large for a number of 32 bits" : "is not a number" }

  private var isTooLarge: Bool { parseDouble(text) != nil }

  var advice: String {
    if text == column {
      return "line \(line) seems to be the header once more, as where files were joined; take it out"
    }
    if let spelling = OtherSpelling(of: [text]) {
      return "if that is a number, say how it is written: `\(spelling.options)`"
    }
    let word = text.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || ("0"..."9").contains($0) || "_-.?#/".unicodeScalars.contains($0)
    }
    let missing = text.isEmpty ? "\"\"" : word ? text : "\"\(text.replacing("\"", with: "\\\""))\""
    return
      "correct the file; or say what it means: `missing=[\(missing)]` for a hole, `types=[\(column):categorical]` for a column of words, `ignore=` to leave it out"
  }
}
