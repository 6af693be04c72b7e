import NN
import NNShell
import NNSyntax
import Synchronization
import Testing

/// The shell without a terminal: lines come from a list.
@Suite struct ShellTests {
  final class Script: LineReader {
    private var inputs: [LineInput]
    private(set) var prompts: [String] = []
    private(set) var remembered: [String] = []

    init(_ inputs: [LineInput]) { self.inputs = inputs }

    func readLine(prompt: String) -> LineInput {
      prompts.append(prompt)
      return inputs.isEmpty ? .end : inputs.removeFirst()
    }

    func remember(_ statement: String) { remembered.append(statement) }
  }

  /// Feeds lines to a shell.
  /// - Returns: the texts that were run, and what the shell itself said.
  private func feed(_ inputs: [LineInput]) -> (run: [String], said: [String], reader: Script) {
    let reader = Script(inputs)
    let ran = Mutex<[String]>([])
    let said = Mutex<[String]>([])
    var shell = Shell(
      reader: reader,
      run: { _, source in
        let text = String(decoding: source.bytes, as: UTF8.self)
        ran.withLock { $0.append(text) }
        return true
      },
      say: { text in said.withLock { $0.append(text) } })
    shell.loop()
    return (ran.withLock { $0 }, said.withLock { $0 }, reader)
  }

  @Test func runsEachStatement() {
    let result = feed([.line("data iris.csv"), .line(""), .line("   "), .line("describe; head 3")])
    #expect(result.run == ["data iris.csv", "describe; head 3"])
    #expect(result.reader.remembered == result.run)
  }

  @Test func wordsOfOtherShellsAreItsCommands() {
    for word in ["quit", "exit", "exit()", ":quit", " quit "] {
      let result = feed([.line("data iris.csv"), .line(word), .line("describe")])
      #expect(result.run == ["data iris.csv"], "\(word)")
    }
    let help = feed([.line("help"), .line("describe")])
    #expect(help.said.last?.contains("Stages") == true)
    #expect(help.run == ["describe"])
  }

  @Test func helpTellsOfATopic() {
    for line in ["help dense", ":help dense", "? dense", " help dense "] {
      let result = feed([.line(line)])
      #expect(result.run == [])
      #expect(result.said.count == 1)
      #expect(result.said.first?.hasPrefix("`dense`, a layer") == true, "\(line)")
    }
    #expect(feed([.line("help dens")]).said == ["there is no help on `dens`; did you mean `dense`?"])
    // A statement that only begins so is one.
    #expect(feed([.line("helpless 3")]).run == ["helpless 3"])
  }

  @Test func asksForMoreWhileABracketIsOpen() {
    let result = feed([.line("model <"), .line("  dense 8 relu"), .line("  output"), .line(">")])
    #expect(result.run == ["model <\n  dense 8 relu\n  output\n>"])
    #expect(result.reader.prompts.dropFirst().prefix(3).allSatisfy { $0 != result.reader.prompts[0] })
  }

  @Test func aTrailingPipeAsksForMore() {
    #expect(feed([.line("data iris.csv |"), .line("describe")]).run == ["data iris.csv |\ndescribe"])
  }

  @Test func aLeadingPipeGoesOn() {
    let result = feed([.line("data iris.csv"), .line("| describe")])
    #expect(result.run.count == 2)
    #expect(result.run.last?.contains("describe") == true)
  }

  @Test func controlCDropsWhatWasBegun() {
    #expect(feed([.line("model <"), .interrupted, .line("describe")]).run == ["describe"])
  }

  @Test(arguments: [
    (["model <", "  dense 8 relu # wide", "  output", ">"], "model < dense 8 relu; output >"),
    (["print [1,", "2]"], "print [1, 2]"), (["head 1 |", "head 2"], "head 1 | head 2"),
    (["| head 2"], "| head 2"),
  ]) func aStatementIsRecalledAsOneLine(lines: [String], entry: String) {
    let result = feed(lines.map { .line($0) })
    #expect(result.reader.remembered == [entry])
    #expect(parse(SourceFile(name: "recalled", text: entry), mode: .shell).problems.isEmpty)
  }

  @Test func quits() {
    #expect(feed([.line(":quit"), .line("describe")]).run.isEmpty)
    #expect(feed([.line(":nonsense"), .line("describe")]).said.count == 1)
  }

  @Test func theEndShowsWhatIsWrongWithAnUnfinishedStatement() {
    #expect(feed([.line("model <")]).run == ["model <"])
  }

  @Test func statementsShareOneExperiment() {
    let reader = Script([
      .line("data table:t"), .line("model < dense 3 relu; output >"), .line("fit epochs=2 seed=1"),
      .line("fti"), .line("fit epochs=1"),
    ])
    let counts = Mutex<[Int]>([])
    var shell = Shell(
      reader: reader,
      run: { interpreter, source in
        var options = RunOptions()
        if let table = try? Table(
          source: "t",
          columns: [
            Column(name: "x", numbers: [1, 2, 3, 4]), Column(name: "y", texts: ["a", "b", "a", "b"]),
          ])
        {
          options.tables = ["t": table]
        }
        _ = interpreter.run(source, options: options)
        let epochs = interpreter.experiment.history?.count ?? 0
        counts.withLock { $0.append(epochs) }
        return true
      }, say: { _ in })
    shell.loop()
    #expect(counts.withLock { $0 } == [0, 0, 2, 2, 3])
  }
}
