import NNData

@testable import NNLanguageServer

/// An editor's side of the protocol: sends messages to a server, and keeps what comes back.
final class Client {
  private(set) var server = LanguageServer()
  private var nextID = 0
  private(set) var notifications: [JSONValue] = []

  static let uri = "file:///nowhere/script.nn"

  init(initialized: Bool = true) {
    if initialized {
      _ = request("initialize", .object(["capabilities": .object([:] as KeyValuePairs<String, JSONValue?>)]))
      notify("initialized", .object([:] as KeyValuePairs<String, JSONValue?>))
    }
  }

  /// Sends bytes as they are.
  func send(_ bytes: [UInt8]) -> [JSONValue] {
    var reader = MessageReader()
    reader.append(server.receive(bytes))
    var messages: [JSONValue] = []
    while case .message(let message)? = reader.next() { messages.append(message) }
    return messages
  }

  /// The whole answer to a request.
  func answer(_ method: String, _ parameters: JSONValue) -> JSONValue {
    nextID += 1
    let message = JSONValue.object([
      "jsonrpc": .string("2.0"), "id": .integer(nextID), "method": .string(method), "params": parameters,
    ])
    let answers = send(MessageReader.frame(message))
    notifications += answers.filter { $0["method"] != nil }
    return answers.first { $0["id"]?.int == nextID } ?? .null
  }

  func request(_ method: String, _ parameters: JSONValue) -> JSONValue {
    answer(method, parameters)["result"] ?? .null
  }

  func notify(_ method: String, _ parameters: JSONValue) {
    let message = JSONValue.object([
      "jsonrpc": .string("2.0"), "method": .string(method), "params": parameters,
    ])
    notifications += send(MessageReader.frame(message))
  }

  func open(_ text: String, uri: String = Client.uri) {
    notify(
      "textDocument/didOpen",
      .object([
        "textDocument": .object([
          "uri": .string(uri), "languageId": .string("nn"), "version": .integer(1), "text": .string(text),
        ])
      ]))
  }

  func change(_ range: (Int, Int, Int, Int)?, _ text: String, uri: String = Client.uri, version: Int = 2) {
    notify(
      "textDocument/didChange",
      .object([
        "textDocument": .object(["uri": .string(uri), "version": .integer(version)]),
        "contentChanges": .array([
          .object(["range": range.map { Self.range($0.0, $0.1, $0.2, $0.3) }, "text": .string(text)])
        ]),
      ]))
  }

  /// The codes of the diagnostics that were published last.
  var codes: [String] { diagnostics.compactMap { $0["code"]?.string } }

  var diagnostics: [JSONValue] {
    notifications.last { $0["method"]?.string == "textDocument/publishDiagnostics" }?["params"]?[
      "diagnostics"]?.array
      ?? []
  }

  func at(_ line: Int, _ character: Int, _ more: (String, JSONValue)..., uri: String = Client.uri)
    -> JSONValue
  {
    .object(
      [
        JSONValue.Member("textDocument", .object(["uri": .string(uri)])),
        JSONValue.Member("position", Self.position(line, character)),
      ] + more.map { JSONValue.Member($0.0, $0.1) })
  }

  static func position(_ line: Int, _ character: Int) -> JSONValue {
    .object(["line": .integer(line), "character": .integer(character)])
  }

  static func range(_ line: Int, _ character: Int, _ endLine: Int, _ endCharacter: Int) -> JSONValue {
    .object(["start": position(line, character), "end": position(endLine, endCharacter)])
  }

  static let document = JSONValue.object(["textDocument": .object(["uri": .string(uri)])])
}
