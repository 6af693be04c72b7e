import NN
import NNShell
import Support
import Testing

/// What the shell does with a session: taking back, writing down, leading through.
@Suite struct ShellSessionTests {
  private func session(
    _ lines: [String], files: [String: String] = [:], interruptedAt: [Int: Int] = [:]
  ) -> (host: RecordingHost, reader: ScriptedReader) {
    let host = RecordingHost(runs: true)
    host.files = files
    let reader = ScriptedReader(lines: lines)
    var shell = Shell(reader: reader, host: host)
    shell.loop()
    return (host, reader)
  }

  /// The digest that a script ends with.
  private func digest(_ script: String) throws -> String? {
    var interpreter = Interpreter()
    let result = interpreter.run(SourceFile(name: "saved.nn", text: script))
    try #require(result.status == .done, "\(result.diagnostics.map(\.message)) in:\n\(script)")
    return interpreter.experiment.digest
  }

  private static let start = ["data table:iris | split test=20% seed=1", "model < dense 4 relu; output >"]

  @Test func takesBackAndDoesAgain() {
    let (host, _) = session(
      Self.start + [
        "fit epochs=2 seed=1", "fit epochs=1", ":undo", "evaluate", ":undo", ":redo", ":redo", ":undo",
        ":undo", ":undo",
        ":undo", ":undo", ":undo",
      ])
    #expect(host.epochs == [0, 0, 2, 3, 2])
    #expect(
      host.said.contains { $0.hasPrefix("taken back: fit epochs=1\n  weights \(host.digests[2] ?? "-")") })
    #expect(host.said.contains { $0.hasPrefix("done again: evaluate") })
    #expect(host.said.last == "nothing to take back")
  }

  @Test(arguments: [
    // Drawn seeds.
    ["fit epochs=2", "fit epochs=1"],
    // Undone and failed statements are left out.
    ["fit epochs=2", "fit epochs=7", ":undo", "evaluate | expect test_accuracy > 2", "fti", "fit epochs=1"],
    // What ran before the mistake is kept.
    ["fit epochs=3 | expect loss < 0", "fit epochs=1"],
    // Seeds in definitions: one that is used once, and one whose uses draw their own.
    ["def train(n) { fit epochs=$n }", "train 2"],
    ["def train(n) {\n  fit epochs=$n\n}", "train 2", "model < dense 3 relu; output >\ntrain 1", "train 2"],
    [
      "def inner() { fit epochs=1 }", "def outer() { inner | model < dense 2; output > | inner }", "outer",
      "outer",
    ],
    // Lines that extend the one before, and flows with names.
    ["let base = model < dense 5 relu; output >", "| fit epochs=1", "$base | fit epochs=1"],
    ["fit epochs=2 budget=60s", "| evaluate"], ["fit epochs=1000000 budget=30ms | evaluate", "fit epochs=1"],
    // A loss that is no number.
    ["compile opt=sgd lr=1e30", "fit epochs=3", "compile lr=0.01", "fit epochs=1"],
    [
      "compile opt=sgd lr=1e30", "fit epochs=3 callbacks=[early_stopping(monitor=loss)]", "compile lr=0.01",
      "fit epochs=1",
    ],
  ]) func aSavedSessionEndsWithTheSameWeights(_ lines: [String]) throws {
    let (host, _) = session(Self.start + lines + [":save s.nn"])
    let script = try #require(host.files["s.nn"], "\(host.said)")
    #expect(try digest(script) == host.digests.last ?? nil, "\(script)")
    #expect(
      host.said.last
        == "saved s.nn: \(host.said.last?.split(separator: " ").dropFirst(2).joined(separator: " ") ?? "")")
  }

  @Test func anInterruptedFitIsSavedWithItsSteps() throws {
    let host = RecordingHost(runs: true)
    let reader = ScriptedReader(
      lines: Self.start + ["fit epochs=50 | evaluate | fit epochs=9", "fit epochs=2", ":save s.nn"])
    var shell = Shell(reader: reader, host: host)
    host.interruptsAtStep = 3
    shell.loop()
    let script = try #require(host.files["s.nn"])
    #expect(script.contains("fit epochs=50 seed="))
    #expect(script.contains("steps="))
    #expect(!script.contains("epochs=9"))
    #expect(try digest(script) == host.digests.last ?? nil, "\(script)")
  }

  @Test func aLongSessionKeepsOnlyWhatCanBeTakenBack() {
    let count = 130
    let (host, _) = session(
      (0..<count).map { "print \($0)" } + Array(repeating: ":undo", count: 102) + [":redo", ":save s.nn"])
    let back = host.said.filter { $0.hasPrefix("taken back: ") }
    #expect(back.count == 100 && back.last == "taken back: print 30")
    let last = "nothing more to take back: print 29 is too long ago, and what it changed is not kept"
    #expect(host.said.filter { $0 == last }.count == 2)
    #expect(host.said.contains("done again: print 30"))
    // As a script it is whole all the same.
    #expect(host.files["s.nn"] == (0...30).map { "print \($0)\n" }.joined())
  }

  @Test func mendsTheLine() {
    let (_, reader) = session(
      Self.start + ["fit epcohs=3", "| fti", "evaluate", "model <\n dense 4 rellu\n>"])
    #expect(reader.prefills == ["", "", "", "fit epochs=3", "| fit", "", "model <\n dense 4 relu\n>"])
  }

  @Test func thePromptTellsWhereTheFlowStands() {
    let (_, reader) = session(
      Self.start + [
        "model < dense 300 relu; repeat 4 < dense 300 relu >; dense 20; output >", ":undo", ":undo", ":undo",
      ])
    #expect(
      reader.prompts == [
        "nn ▸ ", "iris[150×5] ▸ ", "iris[150×5] → 4-3 ▸ ", "iris[150×5] → 300-20-3 ▸ ",
        "iris[150×5] → 4-3 ▸ ", "iris[150×5] ▸ ",
        "nn ▸ ",
      ])
  }

  @Test(arguments: [
    (80, "penguins[344×9] → 64-32-3 ▸ "), (60, "penguins → 64-32-3 ▸ "), (40, "64-32-3 ▸ "), (20, "nn ▸ "),
  ]) func thePromptIsShortenedWhereThereIsLittleRoom(columns: Int, text: String) {
    var state = FlowState()
    (state.table, state.rows, state.columns, state.network) = ("penguins", 344, 9, "64-32-3")
    #expect(Prompt.usual(state, columns: columns).text == text)
  }

  @Test func plainTerminalsGetPlainSigns() {
    var state = FlowState()
    (state.table, state.rows, state.columns, state.network) = ("é", 3, 2, "4-…-1")
    let prompt = Prompt.usual(state, columns: 80, isUnicode: false)
    #expect(prompt.text == "?[3x2] -> 4-..-1 > ")
    #expect(Prompt.continuation(of: prompt, isUnicode: false).text.hasSuffix(". "))
  }

  @Test func aLineThatStartsWithAPipeExtendsALet() {
    let (host, _) = session([
      "let base = data table:iris", "| split test=20% seed=1", ":vars", "$base | describe",
    ])
    #expect(host.ran[1] == "let base = $base | split test=20% seed=1")
    #expect(host.said.last?.contains("$base") == true)
    #expect(host.said.last?.contains("iris[150×5]") == true)
  }

  @Test func statementsAreAnswered() {
    let (host, _) = session(
      [
        "data table:iris target=species | filter petal_width > 1", "split test=20% seed=1", "scale standard",
        "model < dense 4 relu; output >", "compile lr=0.1 metrics=[accuracy]", "let rate = 0.5",
        "def train(n=3) { fit epochs=$n }", "train | evaluate",
      ])
    #expect(
      host.results.map(\.answers) == [
        ["filter: 93 rows of 150"], ["split: 74 rows to train, 19 rows to test"],
        ["scale: learned at the model's first fit, from the rows that train"],
        ["model 4-2 → species (sigmoid), loss binary_crossentropy; `fit` trains it"].map {
          $0.replacing("4-2", with: "4-\(host.results[3].answers.first?.contains("4-1") == true ? 1 : 2)")
        },
        ["compile: adam, lr 0.1, metrics accuracy"], ["$rate = 0.5"], ["train: train(n=3)"], [],
      ])
  }

  @Test func runsScriptsAndEdits() {
    let host = RecordingHost(runs: true)
    host.files = ["a.nn": "data table:iris\nmodel < dense 3 relu; output >\nfit epochs=1 seed=1"]
    host.editing = {
      .success($0.replacing("epochs=1", with: "epochs=2").replacing("data table:iris\n", with: ""))
    }
    var shell = Shell(
      reader: ScriptedReader(lines: [":run b.nn", ":run a.nn", ":edit", ":time head 1", ":tim", ":nonsense"]),
      host: host)
    shell.loop()
    #expect(host.epochs == [1, 2, 2])
    #expect(host.said.first == "no file b.nn")
    #expect(host.said.contains { $0.hasPrefix("took ") })
    #expect(host.said.suffix(2).first?.contains("did you mean `:time STATEMENT`?") == true)
    host.editing = { .success($0) }
    var other = Shell(reader: ScriptedReader(lines: ["print 1", ":edit"]), host: host)
    other.loop()
    #expect(host.said.last == "nothing has changed, nothing is run")
  }

  @Test func settingsAreShownAndChanged() {
    let (host, reader) = session([
      ":set", ":set hints off", ":set colour off", ":set threads 2", ":set threads many", ":set hint on",
      ":set hints",
    ])
    #expect(host.said[0].contains("hints     on"))
    #expect(reader.requests.map(\.usesHints) == [true, true, false, false, false, false, false, false])
    #expect(reader.requests.last?.usesColors == false)
    #expect(host.said[1] == "`threads` is a whole number from 1 to 1024, or auto")
    #expect(host.said[2] == "there is no setting `hint`; did you mean `hints`?")
    #expect(host.said[3] == "write `:set hints VALUE`")
  }

  @Test func theTutorialLeadsToASavedModel() throws {
    let folder = try Folder()
    let model = folder.url.appendingPathComponent("iris.safetensors").path
    let host = RecordingHost(runs: true)
    /// Presses Enter on whatever stands in the line.
    final class Taker: LineReader {
      var asked = 0
      let model: String
      init(_ model: String) { self.model = model }
      func readLine(_ request: LineRequest) -> LineInput {
        asked += 1
        if asked == 1 { return .line("help tutorial") }
        // Something else in between does not disturb it.
        if asked == 4 { return .line("head 1") }
        if asked == 5 { return .line("split test=20% seed=1 | scale standard") }
        return request.prefill.isEmpty
          ? .end : .line(request.prefill.replacing("iris.safetensors", with: model))
      }
      func remember(_ statement: String) {}
    }
    let taker = Taker(model)
    var shell = Shell(reader: taker, host: host)
    shell.loop()
    #expect(
      host.results.allSatisfy { $0.status == .done }, "\(host.results.flatMap(\.diagnostics).map(\.message))")
    #expect(host.said.last?.contains("That is a whole session") == true)
    #expect(taker.asked == 11)
    let saved = Interpreter().check(SourceFile(name: "", text: "model \(model)")).status
    #expect(saved == .done)
    #expect(folder.names == ["iris.safetensors"])
  }

  @Test func anInitialFileIsRunAndItsErrorsDoNotStop() {
    let host = RecordingHost(runs: true)
    var shell = Shell(reader: ScriptedReader(lines: ["print $rate", ":undo", ":undo"]), host: host)
    shell.begin(with: SourceFile(name: "init.nn", text: "# mine\n:set hints off\nlet rate = 0.5\n"))
    shell.begin(with: SourceFile(name: "init.nn", text: "\nlet x = \nfti"))
    shell.loop()
    #expect(host.results.map(\.status) == [.done, .rejected, .done])
    #expect(host.results[1].diagnostics.allSatisfy { $0.location?.file == "init.nn" })
    #expect(host.results[1].diagnostics.last?.location?.line == 3)
    #expect(host.said == ["taken back: print $rate", "nothing to take back"])
  }
}

@Suite struct HistoryTextTests {
  @Test func entriesComeBack() {
    let entries = ["data iris.csv", "model <\n  dense 8 # wide\n>", "\"odd", "é | 世界", "tab\there"]
    let text = entries.compactMap(HistoryText.line).joined(separator: "\n")
    #expect(text.split(separator: "\n").count == entries.count)
    #expect(HistoryText.entries(Array(text.utf8)) == entries)
  }

  @Test func eachOnceWhereItCameLast() {
    #expect(HistoryText.entries(Array("a\nb\na\n\nc\nb\n".utf8)) == ["a", "c", "b"])
  }

  @Test func junkIsLeftOut() {
    var bytes = Array("one\n".utf8)
    bytes += [0xFF, 0xFE, 0x0A] + [0x00, 0x41, 0x0A] + Array("\u{1B}[31mred\n\"half\ntwo".utf8)
    #expect(HistoryText.entries(bytes) == ["one", "two"])
    #expect(HistoryText.line("") == nil)
    #expect(HistoryText.line(String(repeating: "x", count: 30_000)) == nil)
    let many = (0..<20_000).map { "print \($0)" }
    #expect(HistoryText.merged(many).count == HistoryText.limit)
    #expect(HistoryText.merged(many).last == "print 19999")
  }
}
