import NN
import NNData
import NNDiagnostics
import NNSyntax

extension LanguageServer {
  /// Checks a document, and tells the client what is wrong with it.
  func publish(_ uri: String) -> [JSONValue] {
    guard let document = documents[uri] else { return [] }
    let found = problems(of: document).map { diagnostic in json(diagnostic, in: document) }
    return [Self.diagnostics(found, uri: uri, version: document.version)]
  }

  static func diagnostics(_ found: [JSONValue], uri: String, version: Int?) -> JSONValue {
    .object([
      "jsonrpc": .string("2.0"), "method": .string("textDocument/publishDiagnostics"),
      "params": .object([
        "uri": .string(uri), "version": version.map { .integer($0) }, "diagnostics": .array(found),
      ]),
    ])
  }

  func problems(of document: Document) -> [Diagnostic] {
    Interpreter().check(document.source, options: options(for: document)).diagnostics
  }

  /// With the folder from which the script's files are found: a run looks them up where it is started, and an editor does
  /// not say where that will be.
  func options(for document: Document) -> RunOptions {
    var options = options
    let folders = candidates(for: document)
    let paths = Self.dataPaths(in: document.source).filter { !$0.hasPrefix("/") }
    let holdsAll = folders.first { folder in
      !paths.isEmpty && paths.allSatisfy { pathExists(folder + "/" + $0) }
    }
    let holdsSome = folders.first { folder in paths.contains { pathExists(folder + "/" + $0) } }
    options.folder = holdsAll ?? holdsSome ?? folders.first
    return options
  }

  private func candidates(for document: Document) -> [String] {
    var folders = roots
    if let path = document.path, let slash = path.lastIndex(of: "/") {
      folders.insert(slash == path.startIndex ? "/" : String(path[..<slash]), at: 0)
    }
    return folders
  }

  /// Words and strings that look like tables or models.
  private static func dataPaths(in source: SourceFile) -> [String] {
    tokenize(source).tokens.compactMap { token in
      let text: String
      switch token.kind {
      case .word(let word): text = word
      case .string(let literal):
        guard literal.pieces.count == 1, case .text(let piece)? = literal.pieces.first else { return nil }
        text = piece
      default: return nil
      }
      return [".csv", ".tsv", ".gz"].contains { text.hasSuffix($0) } ? text : nil
    }
  }

  private func json(_ diagnostic: Diagnostic, in document: Document) -> JSONValue {
    let span = diagnostic.span ?? Span(0, 0)
    let related = diagnostic.notes.compactMap { note -> JSONValue? in
      guard let span = note.span, note.source == nil || note.source === document.source else { return nil }
      return .object([
        "location": .object(["uri": .string(document.uri), "range": document.range(span)]),
        "message": .string(note.message),
      ])
    }
    let advice = diagnostic.advice.map { "\n" + $0 } ?? ""
    return .object([
      "range": document.range(span), "severity": .integer(diagnostic.severity == .error ? 1 : 2),
      "code": .string(diagnostic.code), "source": .string("nn"),
      "message": .string(diagnostic.message + advice),
      "relatedInformation": related.isEmpty ? nil : .array(related),
    ])
  }

  /// The fixes of what is wrong in a range.
  func codeActions(_ parameters: JSONValue) throws(Failure) -> JSONValue {
    let document = try document(parameters)
    guard let range = parameters["range"].flatMap(document.span) else {
      throw Failure(code: .invalidParams, message: "a request without a range")
    }
    var actions: [JSONValue] = []
    for diagnostic in problems(of: document) {
      guard let span = diagnostic.span, span.start <= range.end, range.start <= span.end else { continue }
      for fix in diagnostic.fixIts {
        actions.append(
          .object([
            "title": .string(fix.message), "kind": .string("quickfix"),
            "diagnostics": .array([json(diagnostic, in: document)]),
            "edit": document.edit([(fix.span, fix.replacement)]),
          ]))
      }
    }
    return .array(actions)
  }
}

extension Document {
  /// A change of this document in the protocol's form.
  func edit(_ changes: [(span: Span, text: String)]) -> JSONValue {
    let edits = changes.map { change in
      JSONValue.object(["range": range(change.span), "newText": .string(change.text)])
    }
    return .object(["changes": .object([JSONValue.Member(uri, .array(edits))])])
  }
}
