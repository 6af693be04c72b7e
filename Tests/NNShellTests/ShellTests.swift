import NN
import NNShell
import NNSyntax
import Synchronization
import Testing

/// The shell without a terminal: lines come from a list.
@Suite struct ShellTests {
  /// Feeds lines to a shell.
  private func feed(_ inputs: [LineInput]) -> (run: [String], said: [String], reader: ScriptedReader) {
    let host = RecordingHost()
    let reader = ScriptedReader(inputs)
    var shell = Shell(reader: reader, host: host)
    shell.loop()
    return (host.ran, host.said, reader)
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

  @Test func aStatementIsRecalledAsItWasTyped() {
    let result = feed([.line("model <"), .line("  dense 8 relu # wide"), .line(">"), .line("| head 2")])
    #expect(result.reader.remembered == ["model <\n  dense 8 relu # wide\n>", "| head 2"])
  }

  @Test func quits() {
    #expect(feed([.line(":quit"), .line("describe")]).run.isEmpty)
    #expect(feed([.line(":nonsense"), .line("describe")]).said.count == 1)
  }

  @Test func theEndShowsWhatIsWrongWithAnUnfinishedStatement() {
    #expect(feed([.line("model <")]).run == ["model <"])
  }

  @Test func statementsShareOneExperiment() {
    let host = RecordingHost(runs: true)
    var shell = Shell(
      reader: ScriptedReader([
        .line("data table:iris"), .line("model < dense 3 relu; output >"), .line("fit epochs=2 seed=1"),
        .line("fti"),
        .line("fit epochs=1"),
      ]), host: host)
    shell.loop()
    #expect(host.epochs == [0, 0, 2, 2, 3])
  }
}
