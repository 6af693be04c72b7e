import Foundation
import NNData
import Support
import Testing

@testable import NNLanguageServer

/// What the server answers, message by message.
@Suite struct LanguageServerTests {
  @Test func lifeOfAServer() {
    let client = Client(initialized: false)
    #expect(client.answer("textDocument/hover", .null)["error"]?["code"]?.int == -32002)
    let result = client.request("initialize", .object(["rootUri": .string("file:///tmp")]))
    #expect(result["capabilities"]?["textDocumentSync"]?["change"]?.int == 2)
    #expect(result["serverInfo"]?["name"]?.string == "nn")
    #expect(client.answer("initialize", .null)["error"]?["code"]?.int == -32600)
    #expect(client.answer("no/such", .null)["error"]?["code"]?.int == -32601)
    #expect(client.answer("shutdown", .null)["result"] == .null)
    #expect(client.answer("textDocument/hover", .null)["error"]?["code"]?.int == -32600)
    client.notify("exit", .null)
    #expect(client.server.exitStatus == 0)
    let rude = Client()
    rude.notify("exit", .null)
    #expect(rude.server.exitStatus == 1)
  }

  @Test func diagnosticsFollowTheText() {
    let client = Client()
    client.open("model < dense 6 rellu; output >")
    #expect(client.codes == ["E0203"])
    #expect(client.diagnostics.first?["range"] == Client.range(0, 16, 0, 21))
    #expect(client.diagnostics.first?["message"]?.string?.contains("did you mean `relu`?") == true)
    client.change((0, 16, 0, 21), "relu")
    #expect(client.codes == [])
    client.change(nil, "describe\nfti")
    #expect(client.codes == ["E0301", "E0201"])
    client.notify("textDocument/didClose", Client.document)
    #expect(client.codes == [])
  }

  @Test func placesCountUnitsOfUTF16() {
    let client = Client()
    // A letter of two bytes, one of three, a pair of surrogates, and a combining mark.
    client.open("print 'é名😀e\u{301}' ; fti")
    #expect(client.codes == ["E0201"])
    let line = "print 'é名😀e\u{301}' ; "
    #expect(client.diagnostics.first?["range"] == Client.range(0, line.utf16.count, 0, line.utf16.count + 3))
    client.change((0, line.utf16.count, 0, line.utf16.count + 3), "print 1")
    #expect(client.codes == [])
    // Behind the emoji: `print '` has 7 units, the letters 1 + 1 + 2.
    client.change((0, 11, 0, 13), "")
    #expect(client.server.documents[Client.uri]?.source.text(.init(0, 999)) == "print 'é名😀' ; print 1")
    client.change((0, 9, 0, 10), "x")
    #expect(client.server.documents[Client.uri]?.source.text(.init(0, 999)).hasPrefix("print 'é名x") == true)
  }

  @Test func changesOfLinesAndBeyondTheEnd() {
    let client = Client()
    client.open("a\r\nb\r\nc")
    client.change((0, 99, 1, 0), " ")
    #expect(client.server.documents[Client.uri]?.source.text(.init(0, 99)) == "a b\r\nc")
    client.change((99, 0, 99, 9), "\nd")
    #expect(client.server.documents[Client.uri]?.source.text(.init(0, 99)) == "a b\r\nc\nd")
    // The wrong way about: left alone.
    client.change((1, 0, 0, 0), "zzz")
    #expect(client.server.documents[Client.uri]?.source.text(.init(0, 99)) == "a b\r\nc\nd")
  }

  @Test func completionReplacesTheWord() throws {
    let client = Client()
    client.open("model < dense 6 re >")
    let result = client.request("textDocument/completion", client.at(0, 18))
    let items = try #require(result["items"]?.array)
    #expect(items.first?["label"]?.string == "relu")
    #expect(items.first?["textEdit"]?["range"] == Client.range(0, 16, 0, 18))
    #expect(items.first?["detail"]?.string == "max(x, 0)")
    #expect(items.compactMap { $0["label"]?.string } == ["relu", "relu6", "regularizer"])
    #expect(items.map { $0["sortText"]?.string ?? "" } == items.map { $0["sortText"]?.string ?? "" }.sorted())
  }

  @Test func columnsComeFromTheTableBesideTheScript() throws {
    let folder = try Folder()
    try folder.write("zip,price\n1,2\n3,4\n", to: "homes.csv")
    let uri = "file://" + folder.url.path.replacing(" ", with: "%20") + "/script.nn"
    let client = Client()
    let before = FileManager.default.currentDirectoryPath
    client.open("data homes.csv target=", uri: uri)
    let labels = client.request("textDocument/completion", client.at(0, 22, uri: uri))["items"]?.array?
      .compactMap { $0["label"]?.string }
    #expect(labels == ["zip", "price"])
    client.change((0, 22, 0, 22), "prize", uri: uri)
    #expect(client.codes == ["E0402"])
    client.change((0, 22, 0, 27), "price", uri: uri)
    #expect(client.codes == [])
    // The file changes under the editor's eyes.
    try folder.write("zip,cost\n1,2\n3,4\n5,6\n", to: "homes.csv")
    client.notify("textDocument/didSave", .object(["textDocument": .object(["uri": .string(uri)])]))
    #expect(client.codes == ["E0402"])
    let hover = client.request("textDocument/hover", client.at(0, 7, uri: uri))
    #expect(hover["contents"]?["value"]?.string == "`homes.csv`: 3 rows, 2 columns: `zip`, `cost`.")
    #expect(FileManager.default.currentDirectoryPath == before)
  }

  static let hovers: [(text: String, character: Int, says: String)] = [
    ("model < dense 6 relu >", 1, "### `model`, a stage"),
    ("model < dense 6 relu >", 9, "### `dense`, a layer"),
    ("model < dense 6 relu >", 18, "### `relu`, an activation"),
    ("model < dense 6 l2=0.1 >", 17, "`l2` of `dense`: L2 penalty on the kernel"),
    ("compile opt=adam(lr=0.1)", 13, "### `adam`, an optimizer"),
    ("compile opt=adam(lr=0.1)", 18, "of `adam`: "), ("compile loss=mae", 14, "### `mae`, a loss"),
    ("let r = 0.5; print $r", 20, "`$r` is `0.5`."), ("expect val_mae < 3", 2, "### `expect`, a stage"),
  ]

  @Test(arguments: hovers) func hoverTells(_ text: String, _ character: Int, _ says: String) {
    let client = Client()
    client.open(text)
    let value = client.request("textDocument/hover", client.at(0, character))["contents"]?["value"]?.string
    #expect(value?.contains(says) == true, "\(text): \(value ?? "nothing")")
  }

  @Test func hoverIsSilentWhereThereIsNothing() {
    let client = Client()
    client.open("# dense\nxyz dense")
    #expect(client.request("textDocument/hover", client.at(0, 3)) == .null)
    #expect(client.request("textDocument/hover", client.at(1, 5)) == .null)
  }

  @Test func formattingIsOneEdit() {
    let client = Client()
    client.open("data  iris.csv|describe # c\n")
    let edits = client.request("textDocument/formatting", Client.document)
    #expect(edits.array?.count == 1)
    #expect(edits.array?.first?["newText"]?.string == "data iris.csv | describe  # c\n")
    #expect(edits.array?.first?["range"] == Client.range(0, 0, 1, 0))
    client.change(nil, "data (")
    #expect(client.request("textDocument/formatting", Client.document) == .array([]))
  }

  static let script = """
    let lr = 0.1
    let opt = adam(lr=$lr)
    let lr = 0.2
    print "$lr ${lr}x" ($lr * 2) [$lr]
    let base = data iris.csv
    $base | describe
    """

  @Test func definitionsAreThoseBefore() {
    let client = Client()
    client.open(Self.script)
    func line(_ line: Int, _ character: Int) -> Int? {
      client.request("textDocument/definition", client.at(line, character))["range"]?["start"]?["line"]?.int
    }
    #expect(line(1, 19) == 0)
    #expect(line(3, 8) == 2)
    #expect(line(3, 22) == 2)
    #expect(line(5, 2) == 4)
    #expect(line(0, 5) == 0)
    #expect(line(4, 13) == nil)
  }

  @Test func renamingKeepsTheMeaning() throws {
    let client = Client()
    client.open(Self.script)
    let answer = client.request("textDocument/rename", client.at(3, 8, ("newName", .string("rate"))))
    let edits = try #require(answer["changes"]?[Client.uri]?.array)
    #expect(edits.count == 5)
    #expect(
      apply(edits, to: Self.script)
        == Self.script.replacing("let lr = 0.2", with: "let rate = 0.2")
        .replacing(
          "print \"$lr ${lr}x\" ($lr * 2) [$lr]", with: "print \"$rate ${rate}x\" ($rate * 2) [$rate]"))
    for (name, code) in [("1x", -32803), ("base", -32803), ("a b", -32803)] {
      let error = client.answer("textDocument/rename", client.at(3, 8, ("newName", .string(name))))["error"]
      #expect(error?["code"]?.int == code, "\(name)")
    }
    #expect(client.answer("textDocument/rename", client.at(3, 1, ("newName", .string("x"))))["error"] != nil)
    #expect(client.request("textDocument/prepareRename", client.at(3, 1)) == .null)
    #expect(client.request("textDocument/prepareRename", client.at(0, 5))["placeholder"]?.string == "lr")
    #expect(client.request("textDocument/references", client.at(0, 5)).array?.count == 2)
  }

  @Test func renamingADefinition() throws {
    let client = Client()
    let text =
      "def wide(width, rate=10%) { dense $width relu; dropout $rate }\nlet width = 3\nmodel < wide 8; wide $width; output >"
    client.open(text)
    var edits = try #require(
      client.request("textDocument/rename", client.at(2, 9, ("newName", .string("thick"))))["changes"]?[
        Client.uri]?.array)
    #expect(apply(edits, to: text) == text.replacing("wide", with: "thick"))
    edits = try #require(
      client.request("textDocument/rename", client.at(0, 36, ("newName", .string("n"))))["changes"]?[
        Client.uri]?.array)
    #expect(
      apply(edits, to: text)
        == text.replacing("def wide(width,", with: "def wide(n,").replacing("dense $width", with: "dense $n"))
    #expect(
      client.answer("textDocument/rename", client.at(2, 9, ("newName", .string("dense"))))["error"] != nil)
  }

  @Test func symbolsAndFixes() throws {
    let client = Client()
    client.open("param epochs=3\nlet rate = 0.1\nmodel < dense 3 rellu >")
    let symbols = try #require(client.request("textDocument/documentSymbol", Client.document).array)
    #expect(symbols.compactMap { $0["name"]?.string } == ["epochs", "rate", "model < dense 3 rellu >"])
    let actions = client.request(
      "textDocument/codeAction",
      .object(["textDocument": .object(["uri": .string(Client.uri)]), "range": Client.range(2, 17, 2, 17)]))
    #expect(actions.array?.first?["title"]?.string == "did you mean `relu`?")
    #expect(
      actions.array?.first?["edit"]?["changes"]?[Client.uri]?.array?.first?["newText"]?.string == "relu")
  }

  /// Applies edits to a text in ASCII.
  private func apply(_ edits: [JSONValue], to text: String) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { Array(String($0)) }
    let sorted = edits.sorted {
      let first = ($0["range"]?["start"]?["line"]?.int ?? 0, $0["range"]?["start"]?["character"]?.int ?? 0)
      return first > ($1["range"]?["start"]?["line"]?.int ?? 0, $1["range"]?["start"]?["character"]?.int ?? 0)
    }
    for edit in sorted {
      guard let range = edit["range"], let line = range["start"]?["line"]?.int,
        let start = range["start"]?["character"]?.int, let end = range["end"]?["character"]?.int
      else { continue }
      lines[line].replaceSubrange(start..<end, with: Array(edit["newText"]?.string ?? ""))
    }
    return lines.map { String($0) }.joined(separator: "\n")
  }
}
