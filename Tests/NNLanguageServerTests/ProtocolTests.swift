import Foundation
import NNData
import Support
import Testing

@testable import NNLanguageServer

/// The wire: what is malformed is answered, and nothing traps.
@Suite struct ProtocolTests {
  private func frame(_ text: String) -> [UInt8] {
    Array("Content-Length: \(text.utf8.count)\r\n\r\n\(text)".utf8)
  }

  @Test func messagesComeInPieces() {
    let bytes = frame(#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}"#)
    var reader = MessageReader()
    for byte in bytes.dropLast() {
      reader.append([byte])
      #expect(reader.next() == nil)
    }
    reader.append([bytes[bytes.count - 1]])
    guard case .message(let message)? = reader.next() else { return #expect(Bool(false), "no message") }
    #expect(message["method"]?.string == "initialize")
    reader.append(bytes + bytes)
    for _ in 0..<2 { guard case .message? = reader.next() else { return #expect(Bool(false), "no message") } }
    #expect(reader.next() == nil)
  }

  @Test func headersMayVary() {
    for header in [
      "content-length: 2\r\n", "Content-Length:2\n",
      "Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: 2\r\n",
    ] {
      var reader = MessageReader()
      reader.append(Array("\(header)\(header.hasSuffix("\r\n") ? "\r\n" : "\n")[]".utf8))
      #expect(reader.next() == .message(.array([])), "\(header)")
    }
  }

  @Test(arguments: [
    ("{", -32700), ("[1,2", -32700), ("\u{FEFF}", -32700), ("[]", -32600), ("3", -32600), ("{}", -32600),
    (#"{"id":1}"#, -32600), (#"{"id":1,"method":3}"#, -32600), (#"{"id":1,"method":"x"}"#, -32002),
  ]) func malformedMessagesAreAnswered(_ text: String, _ code: Int) {
    let client = Client(initialized: false)
    let answers = client.send(frame(text))
    #expect(answers.count == 1)
    #expect(answers.first?["error"]?["code"]?.int == code, "\(answers)")
    // The next message is understood.
    #expect(client.request("initialize", .null)["capabilities"] != nil)
  }

  @Test(arguments: [
    "nonsense\r\n\r\n", "Content-Length: -1\r\n\r\n", "Content-Length: 99999999999999999999\r\n\r\n",
    "Content-Length: x\r\n\r\n", "A: b\r\n\r\n",
  ])
  func lostStreamsEnd(_ text: String) {
    let client = Client()
    let answers = client.send(Array(text.utf8))
    #expect(answers.first?["error"]?["code"]?.int == -32700)
    #expect(client.server.exitStatus == 1)
  }

  static let methods = [
    "completion", "hover", "formatting", "definition", "references", "prepareRename", "rename",
    "documentSymbol",
    "codeAction",
  ]

  @Test(arguments: methods) func requestsWithoutWhatTheyNeedAreAnswered(_ method: String) {
    let client = Client()
    for parameters in [
      JSONValue.null, .integer(3), .array([]), Client.document, client.at(0, 0), client.at(-1, 5),
      .object(["textDocument": .string("x")]),
    ] {
      #expect(client.answer("textDocument/" + method, parameters)["error"]?["code"]?.int == -32602)
    }
    client.open("")
    for (line, character) in [(0, 0), (5, 5), (Int.max, Int.max)] {
      let answer = client.answer(
        "textDocument/" + method, client.at(line, character, ("newName", .string("x"))))
      #expect(answer["result"] != nil || answer["error"] != nil)
    }
  }

  /// Random edits, and after each a request: the server's text stays the editor's, and no request goes unanswered.
  @Test func randomEdits() {
    var state: UInt64 = 77
    func below(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % count
    }
    let pieces = [
      "model < dense 6 relu; output >", "\n", "é", "😀", "let x = ", "$x", "\"", "|", "data iris.csv ", "(",
      "]", "{", " ",
      "\r\n", "#", "expect ", "名", "= ", "fit ", "callbacks=[early_stopping(",
    ]
    let client = Client()
    client.open("")
    var text: [UInt16] = []
    for round in 0..<250 {
      let document = client.server.documents[Client.uri]
      let start = below(text.count + 1)
      let end = min(text.count, start + below(4))
      let insert = pieces[below(pieces.count)]
      func isBetween(_ index: Int) -> Bool { index < text.count && text[index] & 0xFC00 == 0xDC00 }
      guard !isBetween(start), !isBetween(end), let document,
        let from = offset(start, text), let to = offset(end, text)
      else { continue }
      _ = document
      client.change((from.0, from.1, to.0, to.1), insert, version: round + 2)
      text.replaceSubrange(start..<end, with: Array(insert.utf16))
      let expected = String(decoding: text, as: UTF16.self)
      #expect(
        client.server.documents[Client.uri]?.source.text(.init(0, Int.max)) == expected, "round \(round)")
      let method = Self.methods[below(Self.methods.count)]
      let answer = client.answer(
        "textDocument/" + method, client.at(from.0, from.1, ("newName", .string("y"))))
      #expect(answer["result"] != nil || answer["error"] != nil, "\(method)")
      if text.count > 300 {
        client.change(nil, "")
        text = []
      }
    }
  }

  /// Line and unit of an offset in UTF-16; nil within a line end of two characters.
  private func offset(_ index: Int, _ text: [UInt16]) -> (Int, Int)? {
    if index > 0, index < text.count, text[index - 1] == 13, text[index] == 10 { return nil }
    let before = text[..<index]
    let line = before.count { $0 == 10 }
    let start = before.lastIndex(of: 10).map { $0 + 1 } ?? 0
    return (line, index - start)
  }

  @Test func theProgramServes() throws {
    let folder = try Folder()
    let messages =
      frame(#"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}"#)
      + frame(#"{"jsonrpc":"2.0","id":2,"method":"shutdown"}"#) + frame(#"{"jsonrpc":"2.0","method":"exit"}"#)
    let run = try withExtendedLifetime(folder) {
      try Program.run(["lsp", "--stdio"], in: folder.url, input: Data(messages))
    }
    #expect(run.status == 0)
    #expect(run.errors == "")
    #expect(run.output.hasPrefix("Content-Length: "))
    #expect(run.output.hasSuffix(#"{"jsonrpc":"2.0","id":2,"result":null}"#))
    let cut = try withExtendedLifetime(folder) {
      try Program.run(["lsp"], in: folder.url, input: Data(messages.dropLast(30)))
    }
    #expect(cut.status == 0, "shut down, and then gone without a word")
    let silent = try withExtendedLifetime(folder) { try Program.run(["lsp"], in: folder.url) }
    #expect(silent.status == 1)
  }
}
