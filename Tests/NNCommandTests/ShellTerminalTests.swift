import Foundation
import Support
import TerminalScreen
import Testing

/// The shell on a terminal, as a person sees it.
@Suite(.serialized) struct ShellTerminalTests {
  static let scripts = CommandTests.scripts

  /// A shell that has shown its first prompt.
  private func shell(
    columns: Int = 80, rows: Int = 24, in folder: URL = scripts, environment: [String: String] = [:],
    home: Folder? = nil
  ) throws -> ShellTerminal {
    let terminal = try ShellTerminal(
      in: folder, rows: rows, columns: columns, environment: environment, home: home)
    try #require(terminal.waitForPrompt(), "\(terminal.screen.text)")
    return terminal
  }

  private func quit(_ terminal: ShellTerminal) {
    terminal.type("\u{15}:quit\r")
    #expect(terminal.status() == 0, "\(terminal.screen.text)")
    #expect(terminal.isCooked)
    #expect(!terminal.screen.isPasteBracketed)
    #expect(terminal.screen.unknown.isEmpty, "\(terminal.screen.unknown)")
  }

  /// A folder with some of the tables, which a test may write to.
  private func folder(_ names: String...) throws -> Folder {
    let folder = try Folder()
    for name in names {
      try FileManager.default.createSymbolicLink(
        at: folder.url.appendingPathComponent(name),
        withDestinationURL: Self.scripts.appendingPathComponent(name))
    }
    return folder
  }

  // MARK: First sight

  @Test(arguments: [80, 40]) func greetsInOneLineAndTellsWhereTheFlowStands(columns: Int) throws {
    let terminal = try shell(columns: columns)
    #expect(terminal.screen.line(0).hasPrefix("nn 0."))
    #expect(terminal.screen.line(0).contains("help tutorial"))
    #expect(terminal.screen.line(1) == "nn ▸")
    terminal.enter("data iris.csv")
    #expect(terminal.screen.currentLine == "iris[150×5] ▸")
    terminal.enter("model < dense 12 relu; output >")
    #expect(terminal.screen.currentLine == (columns == 80 ? "iris[150×5] → 12-3 ▸" : "iris → 12-3 ▸"))
    terminal.enter("fit epochs=5 seed=1")
    #expect(terminal.screen.text.contains("weights"))
    #expect(terminal.screen.lines.allSatisfy { $0.count <= columns })
    quit(terminal)
  }

  @Test func theSentenceRuns() throws {
    let terminal = try shell()
    terminal.enter(CommandTests.sentence)
    #expect(terminal.screen.text.contains("fbebfa95172167e1"))
    quit(terminal)
  }

  // MARK: Colours and hints

  @Test(arguments: [80, 40]) func wordsAreColoredAsTheyAreTyped(columns: Int) throws {
    let terminal = try shell(columns: columns)
    terminal.type("data iris.csv | model < dense 12 relu; dropout 10%; output > | fitt")
    #expect(terminal.wait { $0.style(of: "fitt")?.color == "31" }, "\(terminal.screen.text)")
    let screen = terminal.screen
    #expect(screen.style(of: "data")?.color == "38;5;32")
    #expect(screen.style(of: "dense")?.color == "38;5;36")
    #expect(screen.style(of: "12")?.color == "38;5;214")
    #expect(screen.style(of: "iris")?.color == nil)
    #expect(screen.style(of: "fitt")?.isUnderlined == true)
    #expect(screen.lines.prefix(4).joined().filter { $0 != " " }.contains("dropout10%;output>|fitt"))
    // Mended in the midst of the line.
    terminal.type("\u{08}")
    #expect(terminal.wait { $0.style(of: "fit", behind: "| ")?.color == "38;5;32" })
    #expect(terminal.wait(for: "fit  trains the model"))
    terminal.type(" seed=1")
    #expect(terminal.wait { $0.style(of: "seed", behind: "fit ")?.color == "38;5;74" })
    let before = terminal.screen.prompts
    terminal.type("\r")
    #expect(terminal.waitForPrompt(behind: before))
    // The line keeps its colours, and the hint is gone.
    #expect(terminal.screen.style(of: "dense", behind: "< ")?.color == "38;5;36")
    #expect(!terminal.screen.transcript.contains("decides initial weights"))
    quit(terminal)
  }

  @Test(arguments: [80, 40]) func aHintStandsUnderTheLineAndGoes(columns: Int) throws {
    // At the bottom of the screen it has to scroll.
    let terminal = try shell(columns: columns, rows: 6)
    for _ in 0..<4 { terminal.enter("print 1") }
    terminal.type("fit epochs=")
    #expect(terminal.wait(for: "epochs  passes over the rows"), "\(terminal.screen.text)")
    #expect(terminal.screen.currentLine.hasSuffix("fit epochs="))
    #expect(terminal.screen.line(terminal.screen.row + 1).hasPrefix("epochs  passes"))
    #expect(terminal.screen.style(of: "passes")?.isDim == true)
    terminal.type("3")
    #expect(terminal.wait { $0.currentLine.hasSuffix("epochs=3") })
    terminal.type("\u{15}")
    #expect(terminal.wait { $0.currentLine == "nn ▸" && $0.line($0.row + 1).isEmpty })
    quit(terminal)
  }

  @Test func theMatchingBracketIsShown() throws {
    let terminal = try shell()
    terminal.type("print (1 + (2 * 3)")
    #expect(terminal.wait { $0.style(of: "(2")?.isUnderlined == true }, "\(terminal.screen.text)")
    #expect(terminal.screen.style(of: "(1")?.isUnderlined == false)
    terminal.type(")")
    #expect(terminal.wait { $0.style(of: "(1")?.isUnderlined == true })
    terminal.enter("")
    #expect(terminal.screen.style(of: "(1")?.isUnderlined == false)
    quit(terminal)
  }

  @Test(arguments: [80, 40]) func longLinesWithWideCharactersStayWhole(columns: Int) throws {
    let terminal = try shell(columns: columns)
    let text = "print \"" + String(repeating: "世界 mit ümläuten ", count: 5) + "\" 12"
    terminal.type(text)
    let shown = { (screen: Screen) in screen.lines.joined().filter { $0 != " " } }
    let expected = ("nn▸" + text).filter { $0 != " " }
    #expect(terminal.wait { shown($0).contains(expected) }, "\(terminal.screen.text)")
    // To the line's beginning and back, and changed there.
    terminal.type("\u{01}\u{04}\u{04}P")
    let changed = ("nn▸P" + text.dropFirst(2)).filter { $0 != " " }
    #expect(terminal.wait { shown($0).contains(changed) }, "\(terminal.screen.text)")
    terminal.type("\u{08}pr")
    #expect(terminal.wait { shown($0).contains(expected) }, "\(terminal.screen.text)")
    terminal.enter("\u{05}")
    #expect(terminal.screen.style(of: "12", behind: "\" ")?.color == "38;5;214")
    #expect(shown(terminal.screen).contains("ümläuten12"))
    quit(terminal)
  }

  @Test(arguments: [["NO_COLOR": "1"], ["TERM": "dumb"], ["TERM": ""]]) func plainWhereColorsAreNotWanted(
    environment: [String: String]
  ) throws {
    let terminal = try ShellTerminal(in: Self.scripts, environment: environment)
    #expect(terminal.wait(for: "nn ▸"), "\(terminal.screen.text)")
    terminal.type("data iris.csv | fitt\r")
    #expect(terminal.wait(for: "did you mean `fit`?"), "\(terminal.screen.text)")
    #expect(terminal.wait { $0.currentLine.hasSuffix("data iris.csv | fit") }, "\(terminal.screen.text)")
    #expect(!terminal.screen.isColored)
    let output = String(decoding: terminal.output, as: UTF8.self)
    #expect(!output.contains(#/\x1B\[[0-9;]*[1-9][0-9;]*m/#))
    if environment["NO_COLOR"] == nil { #expect(!output.contains("\u{1B}"), "\(output.debugDescription)") }
    terminal.type("\u{15}:quit\r")
    #expect(terminal.status() == 0)
  }

  @Test func aTerminalWithoutUnicodeGetsPlainSigns() throws {
    let terminal = try ShellTerminal(in: Self.scripts, environment: ["LC_ALL": "POSIX"])
    #expect(terminal.wait(for: "nn >"), "\(terminal.screen.text)")
    terminal.type("data iris.csv | model < dense 4; output >\r")
    #expect(terminal.wait(for: "iris[150x5] -> 4-3 >"), "\(terminal.screen.text)")
    terminal.type(":quit\r")
    #expect(terminal.status() == 0)
  }

  // MARK: Completion

  @Test(arguments: [80, 40]) func tabShowsWhatCanStandHere(columns: Int) throws {
    let terminal = try shell(columns: columns, rows: 40)
    terminal.enter("data iris.csv")
    // Stages that can come here first.
    terminal.type("| s\t")
    #expect(terminal.wait(for: "\n  select"), "\(terminal.screen.text)")
    #expect(terminal.wait { $0.currentLine.hasSuffix("| s") })
    let list = terminal.screen.lines.filter { $0.hasPrefix("  s") }.map { $0.split(separator: " ")[0] }
    #expect(Array(list.prefix(2)) == ["select", "sample"] || list.first == "select")
    #expect(list.firstIndex(of: "save").map { $0 > (list.firstIndex(of: "split") ?? 99) } == true)
    #expect(terminal.screen.text.contains("keeps"))
    // Columns of the data at hand.
    terminal.type("elect pet\t")
    #expect(terminal.wait { $0.currentLine.hasSuffix("select petal_") }, "\(terminal.screen.text)")
    #expect(terminal.screen.text.contains("petal_width"))
    terminal.type("w\t")
    #expect(terminal.wait { $0.currentLine.hasSuffix("select petal_width") })
    // Options of this very stage, and their values.
    terminal.type("\u{15}compile op\t")
    #expect(terminal.wait { $0.currentLine.hasSuffix("compile opt=") }, "\(terminal.screen.text)")
    terminal.type("adamw\t")
    #expect(terminal.wait { $0.currentLine.hasSuffix("compile opt=adamw") })
    terminal.type("\u{15}model < dense 3 rel\t")
    #expect(terminal.wait(for: "relu6"), "\(terminal.screen.text)")
    terminal.type("\u{15}fit callbacks=[early_stopping(monitor=va\t")
    #expect(terminal.wait { $0.currentLine.hasSuffix("monitor=val_loss") || $0.text.contains("val_loss") })
    // Files by their endings, names, commands, topics.
    terminal.type("\u{15}data pen\t")
    #expect(terminal.wait { $0.currentLine.hasSuffix("data penguins") }, "\(terminal.screen.text)")
    terminal.type("\u{15}let rate = 0.1\r")
    #expect(terminal.wait(for: "$rate = 0.1"))
    terminal.type("compile lr=$r\t")
    #expect(terminal.wait { $0.currentLine.hasSuffix("lr=$rate") })
    terminal.type("\u{15}:v\t")
    #expect(terminal.wait { $0.currentLine.hasSuffix(":vars") })
    terminal.type("\u{15}help tut\t")
    #expect(terminal.wait { $0.currentLine.hasSuffix("help tutorial") })
    terminal.type("\u{15}def train(n, rate=0.1) { fit epochs=$n }\r")
    #expect(terminal.wait(for: "train: train(n, rate=0.1)"))
    terminal.type("tra\t")
    #expect(terminal.wait { $0.currentLine.hasSuffix("train") })
    terminal.type("ra\t")
    #expect(terminal.wait { $0.currentLine.hasSuffix("train rate=") }, "\(terminal.screen.text)")
    quit(terminal)
  }

  // MARK: Statements of several lines

  @Test(arguments: [80, 40]) func anUnfinishedStatementGoesOn(columns: Int) throws {
    let terminal = try shell(columns: columns)
    terminal.enter("model <")
    #expect(terminal.screen.currentLine.hasSuffix("…"))
    terminal.enter("dense 4 relu")
    let before = terminal.screen.prompts
    terminal.type("\u{03}")
    #expect(terminal.waitForPrompt(behind: before))
    #expect(terminal.screen.currentLine == "nn ▸")
    #expect(terminal.screen.text.contains("^C"))
    terminal.enter("data iris.csv |")
    terminal.enter("head 1")
    #expect(terminal.screen.text.contains("5.1"))
    terminal.enter("| head 2")
    #expect(terminal.screen.text.contains("4.9"))
    terminal.type("half a li")
    #expect(terminal.wait { $0.currentLine.hasSuffix("half a li") })
    terminal.type("\u{03}")
    #expect(terminal.wait { $0.text.contains("half a li^C") && $0.currentLine.hasSuffix("▸") })
    terminal.type("\u{04}")
    #expect(terminal.status() == 0)
    #expect(terminal.isCooked)
  }

  @Test(arguments: [80, 40]) func aPastedScriptRunsAsOne(columns: Int) throws {
    let terminal = try shell(columns: columns)
    terminal.paste(
      "data iris.csv target=species\n  | split test=20% seed=1\n\nmodel <\n  dense 4 relu   # four\n  output\n>\nfit epochs=2 seed=3"
    )
    #expect(terminal.wait { $0.currentLine.hasSuffix("fit epochs=2 seed=3") }, "\(terminal.screen.text)")
    #expect(terminal.wait { $0.style(of: "dense")?.color == "38;5;36" })
    #expect(terminal.screen.lines.contains { $0 == "  dense 4 relu   # four" })
    terminal.enter("")
    #expect(terminal.screen.text.contains("weights"), "\(terminal.screen.text)")
    // It is one entry of the history.
    terminal.type("\u{10}")
    #expect(
      terminal.wait {
        $0.currentLine.hasSuffix("fit epochs=2 seed=3") && $0.line($0.row - 2) == "  output"
      }, "\(terminal.screen.text)")
    terminal.type("\u{03}")
    #expect(terminal.wait { $0.currentLine.hasSuffix("▸") }, "\(terminal.screen.text)")
    terminal.enter(":undo")
    #expect(terminal.screen.currentLine == "nn ▸")
    quit(terminal)
  }

  @Test func anErrorPutsTheMendedLineIntoThePrompt() throws {
    let terminal = try shell()
    terminal.enter("data iris.csv | model < dense 4 rellu; output >")
    #expect(terminal.screen.text.contains("did you mean `relu`?"))
    #expect(terminal.wait { $0.currentLine.hasSuffix("nn ▸ data iris.csv | model < dense 4 relu; output >") })
    #expect(terminal.wait { $0.style(of: "dense")?.color != nil })
    terminal.enter("")
    #expect(terminal.screen.currentLine.hasPrefix("iris[150×5] → 4-3 ▸"))
    quit(terminal)
  }

  // MARK: Signals

  @Test func controlCInAFitGivesThePromptBack() throws {
    let terminal = try shell()
    let before = terminal.screen.prompts
    terminal.type("data iris.csv | model < dense 64 relu; output > | fit epochs=1000000 seed=1\r")
    // A bar with the course of the loss.
    #expect(
      terminal.wait { $0.currentLine.contains(" left") && $0.currentLine.contains("▁") },
      "\(terminal.screen.text)")
    terminal.type("\u{03}")
    #expect(terminal.waitForPrompt(behind: before))
    #expect(terminal.screen.text.contains("interrupted"))
    #expect(!terminal.screen.text.contains(" left"))
    terminal.enter("evaluate")
    #expect(terminal.screen.text.contains("test_loss"))
    quit(terminal)
  }

  @Test(arguments: [SIGTERM, SIGHUP, SIGSEGV, SIGABRT, SIGQUIT]) func theTerminalIsPutBack(number: Int32)
    throws
  {
    let terminal = try shell()
    terminal.type("model < dense 3")
    #expect(terminal.wait { $0.currentLine.hasSuffix("dense 3") })
    #expect(!terminal.isCooked)
    terminal.signal(number)
    #expect(terminal.status() == 128 + number)
    #expect(terminal.isCooked)
    #expect(!terminal.screen.isPasteBracketed)
  }

  @Test func controlZStopsAndGoesOn() throws {
    // With a shell that minds its jobs around it: nobody could go on with a program that has none.
    let terminal = try ShellTerminal(
      ["-c", "set -m; '\(Program.url.path)'; echo stopped; stty -a | grep -o '.icanon'; fg >/dev/null"],
      in: Self.scripts,
      program: "/bin/bash")
    #expect(terminal.waitForPrompt())
    terminal.type("print still here")
    #expect(terminal.wait { $0.currentLine.hasSuffix("still here") })
    terminal.type("\u{1A}")
    #expect(
      terminal.wait {
        $0.text.contains("stopped") && $0.prompts > 1 && $0.currentLine.hasSuffix("still here")
      }, "\(terminal.screen.text)")
    #expect(terminal.screen.text.contains("\n icanon") && !terminal.screen.text.contains("-icanon"))
    terminal.enter("")
    #expect(terminal.screen.text.contains("\nstill here\n"))
    quit(terminal)
  }

  @Test func aResizedWindowIsDrawnAnew() throws {
    let terminal = try shell()
    terminal.type("data iris.csv | model < dense 12 relu; output >")
    #expect(terminal.wait { $0.currentLine.hasSuffix("output >") })
    terminal.resize(rows: 24, columns: 40)
    #expect(
      terminal.wait { screen in screen.lines.contains { $0 == "nn ▸ data iris.csv | model < dense 12 re" } },
      "\(terminal.screen.text)")
    #expect(terminal.wait { $0.currentLine == "lu; output >" })
    terminal.enter("")
    #expect(terminal.screen.currentLine == "iris → 12-3 ▸")
    quit(terminal)
  }

  // MARK: History

  @Test func historyIsSharedAndSearched() throws {
    let home = try Folder()
    let first = try shell(home: home)
    let second = try shell(home: home)
    first.enter("print one")
    second.enter("print two")
    first.enter("model <\r  dense 3\r>")
    first.wait { $0.currentLine.hasSuffix("▸") }
    second.enter("print one")
    quit(second)
    quit(first)
    let text = try home.read(".local/state/nn/history")
    #expect(text == "print two\n\"model <\\n  dense 3\\n>\"\nprint one\n:quit\n")
    let third = try shell(home: home)
    third.type("\u{10}\u{10}\u{10}")
    #expect(
      third.wait { $0.currentLine == ">" && $0.line($0.row - 1) == "  dense 3" }, "\(third.screen.text)")
    third.type("\u{15}\u{15}\u{03}")
    #expect(third.wait { $0.currentLine == "nn ▸" })
    third.type("\u{12}tw")
    #expect(third.wait(for: "(reverse-i-search)`tw': print two"), "\(third.screen.text)")
    third.enter("")
    #expect(third.screen.text.contains("\ntwo\n"))
    quit(third)
  }

  @Test func aStrangeHistoryIsNoReasonNotToStart() throws {
    let home = try Folder()
    try FileManager.default.createDirectory(
      at: home.url.appendingPathComponent(".local/state/nn"), withIntermediateDirectories: true)
    let file = home.url.appendingPathComponent(".local/state/nn/history")
    try Data([0xFF, 0x00, 0x1B, 0x0A] + Array("print kept\nhalf".utf8)).write(to: file)
    let terminal = try shell(home: home)
    terminal.enter("print new")
    quit(terminal)
    #expect(try home.read(".local/state/nn/history") == "print kept\nhalf\nprint new\n:quit\n")
    try FileManager.default.removeItem(at: file)
    try FileManager.default.createDirectory(at: file, withIntermediateDirectories: true)
    let other = try shell(home: home)
    other.enter("print new")
    quit(other)
  }

  @Test func viModeIsKept() throws {
    let home = try Folder()
    try home.write("set editing-mode vi\nset show-mode-in-prompt on\n", to: "inputrc")
    let terminal = try ShellTerminal(
      in: Self.scripts, environment: ["INPUTRC": home.url.appendingPathComponent("inputrc").path], home: home)
    #expect(terminal.wait(for: "(ins)nn ▸"), "\(terminal.screen.text)")
    terminal.type("print fit 12")
    #expect(
      terminal.wait { $0.currentLine == "(ins)nn ▸ print fit 12" && $0.style(of: "12")?.color != nil },
      "\(terminal.screen.text)")
    // Back to the beginning of `fit`, which becomes a word of its own.
    terminal.type("\u{1B}bbcwlow")
    #expect(terminal.wait { $0.currentLine == "(ins)nn ▸ print low 12" }, "\(terminal.screen.text)")
    terminal.type("\r")
    #expect(terminal.wait(for: "\nlow 12\n"))
    terminal.type(":quit\r")
    #expect(terminal.status() == 0)
  }

  // MARK: Doing

  @Test func commandsDoWhatTheySay() throws {
    let folder = try folder("iris.csv")
    try folder.write("print from the file", to: "a.nn")
    try folder.write("#!/bin/sh\nsed -i s/three/four/ \"$1\"\n", to: "editor")
    chmod(folder.url.appendingPathComponent("editor").path, 0o700)
    let terminal = try shell(in: folder.url, environment: ["EDITOR": folder.url.path + "/editor"])
    terminal.enter("let rate = 0.25")
    terminal.enter("data iris.csv | model < dense 4 relu; output > | fit epochs=2")
    terminal.enter(":vars")
    #expect(terminal.screen.text.contains("$rate  value  0.25"), "\(terminal.screen.text)")
    terminal.enter("fit epochs=1")
    terminal.enter(":undo")
    #expect(terminal.screen.text.contains("taken back: fit epochs=1"))
    terminal.enter(":redo")
    let digest = terminal.screen.lines.last { $0.hasPrefix("  weights") }?.split(separator: " ").last.map(
      String.init)
    terminal.enter(":run a.nn")
    #expect(terminal.wait(for: "\nfrom the file\n"))
    terminal.enter(":time print three")
    #expect(terminal.screen.text.contains("took "))
    terminal.enter(":edit")
    #expect(terminal.wait(for: "\nfour\n"), "\(terminal.screen.text)")
    terminal.enter(":set hints off")
    terminal.enter(":save s.nn")
    #expect(terminal.wait(for: "saved s.nn: 6 statements"), "\(terminal.screen.text)")
    quit(terminal)
    let run = try Program.run(["run", "s.nn"], in: folder.url)
    #expect(run.status == 0)
    #expect(run.output.contains("weights \(try #require(digest))"), "\(run.output)")
  }

  @Test func longTablesArePaged() throws {
    let terminal = try shell(rows: 12, environment: ["PAGER": "sed s/^/page:/"])
    terminal.enter("data cars.csv | head 20")
    #expect(terminal.wait(for: "page:"), "\(terminal.screen.text)")
    terminal.enter(":set paging off")
    terminal.enter("| head 3")
    #expect(!terminal.screen.lines.suffix(6).contains { $0.hasPrefix("page:") })
    terminal.enter(":set paging on")
    terminal.enter("| head 3")
    #expect(!terminal.screen.lines.suffix(6).contains { $0.hasPrefix("page:") })
    quit(terminal)
    let without = try shell(rows: 12, environment: ["PAGER": "/nonexistent/pager 2>/dev/null"])
    without.enter("data cars.csv | head 20")
    #expect(without.screen.transcript.contains("… 372 more rows"))
    quit(without)
  }

  @Test func tablesAndPlotsFitTheWidth() throws {
    for columns in [80, 40] {
      let terminal = try shell(columns: columns, rows: 60)
      terminal.enter(
        "data cars.csv target=mpg | describe | model < dense 4 relu; output > | fit epochs=20 seed=1")
      terminal.enter("plot history")
      #expect(terminal.screen.text.contains("┤"))
      #expect(terminal.screen.text.unicodeScalars.contains { (0x2801...0x28FF).contains($0.value) })
      // Nothing was broken by the terminal.
      let lines = terminal.screen.lines
      if columns == 80 {
        let head = try #require(lines.firstIndex { $0.hasPrefix("column ") })
        #expect(lines[head + 1].allSatisfy { $0 == "─" || $0 == " " })
        #expect(lines[head + 2].hasPrefix("cylinders"))
      } else {
        #expect(lines.contains("  integer, 5 distinct"))
      }
      quit(terminal)
    }
  }

  @Test func anInitialFileIsRun() throws {
    let home = try Folder()
    try home.write("let rate = 0.5\nfti\n:set hints off\n", to: ".config/nn/init.nn")
    let terminal = try shell(home: home)
    #expect(terminal.screen.text.contains("init.nn:2:1"), "\(terminal.screen.text)")
    #expect(terminal.screen.currentLine == "nn ▸")
    try home.write("let rate = 0.5\n", to: ".config/nn/init.nn")
    let second = try shell(home: home)
    second.enter("print $rate")
    #expect(second.wait(for: "\n0.5\n"))
    quit(second)
    quit(terminal)
  }
}
