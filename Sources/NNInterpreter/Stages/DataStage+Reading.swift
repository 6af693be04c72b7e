import NNData
import NNDiagnostics

extension DataStage {
  /// How a file is read.
  static let readingOptions = [
    OptionDeclaration(
      "header", .choice(["auto", "true", "false"]), default: .text("auto"),
      "whether the first line names the columns"),
    OptionDeclaration(
      "sep", aliases: ["delimiter", "delim"],
      .either(.choice(["auto"] + Sign.separators.map(\.name)), .text("one character")),
      default: .text("auto"),
      "what stands between cells"),
    OptionDeclaration(
      "decimal", aliases: ["decimal_separator"],
      .either(.choice(Sign.decimals.map(\.name)), .choice(Sign.decimals.map(\.text))),
      default: .text("point"),
      "what stands before decimals, as in `decimal=comma`"),
    OptionDeclaration(
      "thousands",
      .optional(.either(.choice(Sign.thousands.map(\.name)), .choice(Sign.thousands.map(\.text)))),
      "what stands between thousands, as in `thousands=comma`"),
    OptionDeclaration(
      "quote", aliases: ["quotechar"], .optional(.choice(["double", "single", "\"", "'"])),
      default: .text("double"),
      "what cells with separators in them are quoted with"),
    OptionDeclaration(
      "missing", aliases: ["na_values", "nullstr"], .list(.text("a text")),
      "the texts that stand for a missing value"),
    OptionDeclaration(
      "types", aliases: ["dtype"], .list(.text("`NAME:numeric` or `NAME:categorical`")),
      "columns whose type is not to be inferred"),
    OptionDeclaration(
      "skip", aliases: ["skiprows"], .integer(0...1_000_000_000), default: .integer(0),
      "lines above the table"),
  ]

  /// The reading options but `types`, which names columns.
  func readingOptions(of arguments: BoundArguments, _ context: CheckContext?) -> ReadOptions {
    var options = ReadOptions()
    switch arguments.text("header") {
    case "true"?: options.header = .present
    case "false"?: options.header = .absent
    default: options.header = .auto
    }
    if let text = arguments.text("sep"), text != "auto" {
      options.separator = Sign.byte(of: text, in: Sign.separators) ?? Sign.singleByte(text)
      if options.separator == nil {
        context?.report(
          NameProblem.wrongType(
            option: "sep", expectation: "one character, such as `;`, or `tab`", found: "`\(text)`",
            suggestion: nil),
          at: arguments.span("sep"))
      }
    }
    if let text = arguments.text("decimal"), let byte = Sign.byte(of: text, in: Sign.decimals) {
      options.decimal = byte
    }
    if let text = arguments.text("thousands") {
      options.thousands = Sign.byte(of: text, in: Sign.thousands)
      if options.thousands == options.decimal {
        context?.report(DataProblem.signs(.sameMarks(options.decimal)), at: arguments.span("thousands"))
        options.thousands = nil
      }
    }
    if let missing = arguments.texts("missing") { options.missing = missing.map(\.text) }
    switch arguments.text("quote") {
    case "single"?, "'"?: options.quote = UInt8(ascii: "'")
    case nil: options.quote = 0
    default: break
    }
    options.skippedLines = arguments.integer("skip") ?? 0
    return options
  }
}

/// A sign in a file, by its name or as itself.
private struct Sign {
  let name: String
  let text: String

  static let separators = [
    Sign(name: "tab", text: "\t"), Sign(name: "comma", text: ","), Sign(name: "semicolon", text: ";"),
    Sign(name: "pipe", text: "|"), Sign(name: "space", text: " "),
  ]
  static let decimals = [Sign(name: "point", text: "."), Sign(name: "comma", text: ",")]
  static let thousands = [
    Sign(name: "comma", text: ","), Sign(name: "point", text: "."), Sign(name: "space", text: " "),
    Sign(name: "apostrophe", text: "'"), Sign(name: "underscore", text: "_"),
  ]

  static func byte(of text: String, in signs: [Sign]) -> UInt8? {
    signs.first { $0.name == text || $0.text == text }?.text.utf8.first
  }

  /// One character that can separate cells.
  static func singleByte(_ text: String) -> UInt8? {
    guard let byte = text.utf8.first, text.utf8.count == 1, byte != UInt8(ascii: "\""),
      byte >= 0x20 || byte == 9
    else { return nil }
    return byte
  }
}

/// Opens a file, files with one header, or a table in memory, with the texts of the language for what can go wrong.
func openTable(_ path: String, _ options: ReadOptions, _ tables: TableStore) throws(Found) -> Table {
  try openTable([path], options, tables)
}

func openTable(_ paths: [String], _ options: ReadOptions, _ tables: TableStore) throws(Found) -> Table {
  let files = try filesNamed(paths)
  do {
    return try tables.table(paths: files, name: paths.joined(separator: ", "), options: options)
  } catch {
    throw Found(error.problem)
  }
}

/// The files that paths and patterns stand for.
func filesNamed(_ paths: [String]) throws(Found) -> [String] {
  var files: [String] = []
  for path in paths {
    if path.contains("://") { throw Found(DataProblem.remote(path)) }
    let path = expandingTilde(path)
    if isPattern(path), !pathExists(path) {
      let matches = filesMatching(path)
      if matches.isEmpty { throw Found(DataProblem.noMatch(path)) }
      files += matches
    } else {
      files.append(path)
    }
  }
  return files
}
