import NN
import NNData
import NNDiagnostics

/// A server of the Language Server Protocol, version 3.17: takes messages and gives those that answer them. It reads tables,
/// and writes nothing; whoever runs it owns the streams.
public struct LanguageServer {
  /// How the program should end, once it should.
  public private(set) var exitStatus: Int32?

  private var reader = MessageReader()
  var documents: [String: Document] = [:]
  private var state = State.new
  /// Folders that relative paths may be looked up from, beside the script's own.
  var roots: [String] = []
  var options: RunOptions

  private enum State {
    case new, running, shutDown
  }

  public init() {
    options = RunOptions()
    options.tableCache = TableCache()
  }

  /// Takes bytes from the client.
  /// - Returns: what goes back.
  public mutating func receive(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    reader.append(bytes)
    var output: [UInt8] = []
    while exitStatus == nil, let found = reader.next() {
      let answers: [JSONValue]
      switch found {
      case .message(let message): answers = handle(message)
      case .malformed(let reason): answers = [Self.failure(id: .null, .parseError, reason)]
      case .lost(let reason):
        answers = [Self.failure(id: .null, .parseError, reason)]
        exitStatus = 1
      }
      for answer in answers { output += MessageReader.frame(answer) }
    }
    return output
  }

  /// The client has gone without saying so.
  public mutating func end() {
    if exitStatus == nil { exitStatus = state == .shutDown ? 0 : 1 }
  }

  // MARK: Messages

  enum ErrorCode: Int {
    case parseError = -32700
    case invalidRequest = -32600
    case methodNotFound = -32601
    case invalidParams = -32602
    case notInitialized = -32002
    case requestFailed = -32803
  }

  /// A request that cannot be answered.
  struct Failure: Error {
    var code: ErrorCode
    var message: String
  }

  private static func failure(id: JSONValue, _ code: ErrorCode, _ message: String) -> JSONValue {
    .object([
      "jsonrpc": .string("2.0"), "id": id,
      "error": .object(["code": .integer(code.rawValue), "message": .string(message)]),
    ])
  }

  private mutating func handle(_ message: JSONValue) -> [JSONValue] {
    guard message.members != nil else {
      return [Self.failure(id: .null, .invalidRequest, "a message is an object")]
    }
    guard let method = message["method"]?.string else {
      // An answer to what was asked by us, which is nothing.
      if message["result"] != nil || message["error"] != nil { return [] }
      return [Self.failure(id: message["id"] ?? .null, .invalidRequest, "a message without a method")]
    }
    let parameters = message["params"] ?? .null
    guard let id = message["id"] else { return notify(method, parameters) }
    do throws(Failure) {
      let result = try answer(method, parameters)
      return [.object(["jsonrpc": .string("2.0"), "id": id, "result": result])]
    } catch {
      return [Self.failure(id: id, error.code, error.message)]
    }
  }

  private mutating func answer(_ method: String, _ parameters: JSONValue) throws(Failure) -> JSONValue {
    switch (state, method) {
    case (.new, "initialize"): return initialize(parameters)
    case (.new, _): throw Failure(code: .notInitialized, message: "`initialize` comes first")
    case (.shutDown, _): throw Failure(code: .invalidRequest, message: "the server has been shut down")
    case (.running, "initialize"):
      throw Failure(code: .invalidRequest, message: "the server has been initialized")
    case (.running, "shutdown"):
      state = .shutDown
      return .null
    case (.running, "textDocument/completion"): return try completion(parameters)
    case (.running, "textDocument/hover"): return try hover(parameters)
    case (.running, "textDocument/formatting"): return try formatting(parameters)
    case (.running, "textDocument/definition"): return try definition(parameters)
    case (.running, "textDocument/references"): return try references(parameters)
    case (.running, "textDocument/prepareRename"): return try prepareRename(parameters)
    case (.running, "textDocument/rename"): return try rename(parameters)
    case (.running, "textDocument/documentSymbol"): return try documentSymbols(parameters)
    case (.running, "textDocument/codeAction"): return try codeActions(parameters)
    default: throw Failure(code: .methodNotFound, message: "there is no method \(method)")
    }
  }

  private mutating func notify(_ method: String, _ parameters: JSONValue) -> [JSONValue] {
    switch method {
    case "exit":
      exitStatus = state == .shutDown ? 0 : 1
      return []
    case "textDocument/didOpen": return state == .running ? open(parameters) : []
    case "textDocument/didChange": return state == .running ? change(parameters) : []
    case "textDocument/didClose": return state == .running ? close(parameters) : []
    case "textDocument/didSave":
      return state == .running ? documents.keys.sorted().flatMap { publish($0) } : []
    default: return []
    }
  }

  private mutating func initialize(_ parameters: JSONValue) -> JSONValue {
    state = .running
    if let folders = parameters["workspaceFolders"]?.array {
      roots = folders.compactMap { $0["uri"]?.string.flatMap(Document.path) }
    } else if let root = parameters["rootUri"]?.string.flatMap(Document.path) {
      roots = [root]
    }
    return .object([
      "capabilities": .object([
        // Open and close, changes of ranges, saved.
        "textDocumentSync": .object([
          "openClose": .bool(true), "change": .integer(2), "save": .object(["includeText": .bool(false)]),
        ]),
        "completionProvider": .object([
          "triggerCharacters": .strings([" ", "=", "<", "(", "[", ",", "|", "$", "/", "\""])
        ]),
        "hoverProvider": .bool(true), "documentFormattingProvider": .bool(true),
        "definitionProvider": .bool(true), "referencesProvider": .bool(true),
        "renameProvider": .object(["prepareProvider": .bool(true)]), "documentSymbolProvider": .bool(true),
        "codeActionProvider": .object(["codeActionKinds": .strings(["quickfix"])]),
        "positionEncoding": .string("utf-16"),
      ]),
      "serverInfo": .object(["name": .string("nn"), "version": .string(version)]),
    ])
  }

  // MARK: Documents

  private mutating func open(_ parameters: JSONValue) -> [JSONValue] {
    guard let document = parameters["textDocument"], let uri = document["uri"]?.string,
      let text = document["text"]?.string
    else { return [] }
    documents[uri] = Document(uri: uri, text: text, version: document["version"]?.int)
    return publish(uri)
  }

  private mutating func change(_ parameters: JSONValue) -> [JSONValue] {
    guard let uri = parameters["textDocument"]?["uri"]?.string, documents[uri] != nil else { return [] }
    documents[uri]?.version = parameters["textDocument"]?["version"]?.int
    for change in parameters["contentChanges"]?.array ?? [] { _ = documents[uri]?.apply(change) }
    return publish(uri)
  }

  private mutating func close(_ parameters: JSONValue) -> [JSONValue] {
    guard let uri = parameters["textDocument"]?["uri"]?.string, documents.removeValue(forKey: uri) != nil
    else {
      return []
    }
    return [Self.diagnostics([], uri: uri, version: nil)]
  }

  /// The document of a request.
  func document(_ parameters: JSONValue) throws(Failure) -> Document {
    guard let uri = parameters["textDocument"]?["uri"]?.string else {
      throw Failure(code: .invalidParams, message: "a request without a document")
    }
    guard let document = documents[uri] else {
      throw Failure(code: .invalidParams, message: "the document is not open")
    }
    return document
  }

  /// The document and the cursor's offset in it.
  func place(_ parameters: JSONValue) throws(Failure) -> (document: Document, offset: Int) {
    let document = try document(parameters)
    guard let offset = document.offset(parameters["position"]) else {
      throw Failure(code: .invalidParams, message: "a request without a position")
    }
    return (document, offset)
  }
}
