import Foundation
import Support
import TerminalScreen
import Testing

/// What is done in the shell, beside typing: signals, history, commands, tables, the first minutes.
extension ShellTerminalTests {
  // MARK: Signals

  @Test(arguments: [80, 40]) func controlCInAFitGivesThePromptBack(columns: Int) throws {
    let terminal = try shell(columns: columns)
    let before = terminal.screen.prompts
    terminal.type(
      "data iris.csv | model < dense 512 relu; dense 512 relu; output > | fit epochs=9999 seed=1\r")
    // A bar with the course of the loss.
    #expect(
      terminal.wait {
        $0.currentLine.contains(columns == 80 ? " left" : "loss") && $0.currentLine.contains("▁")
      },
      "\(terminal.screen.text)")
    terminal.type("\u{03}")
    #expect(terminal.waitForPrompt(behind: before))
    // Told once.
    #expect(terminal.screen.text.split(separator: "interrupted").count == 2, "\(terminal.screen.text)")
    #expect(!terminal.screen.text.contains(" left") && !terminal.screen.text.contains("▁"))
    terminal.enter("evaluate")
    #expect(terminal.screen.text.contains("test_loss"))
    quit(terminal)
  }

  @Test(arguments: [80, 40]) func whatIsTypedAheadWaitsForThePrompt(columns: Int) throws {
    let terminal = try shell(columns: columns)
    let before = terminal.screen.prompts
    terminal.type(
      "data iris.csv | model < dense 512 relu; dense 512 relu; output > | fit epochs=9999 budget=1s seed=1\r")
    #expect(terminal.wait { $0.currentLine.contains("loss") }, "\(terminal.screen.text)")
    // Longer than what is left of the bar's row.
    terminal.type("print 7 # typed ahead\rprint 8")
    #expect(terminal.waitForPrompt(behind: before + 1), "\(terminal.screen.text)")
    #expect(terminal.wait { $0.currentLine.hasSuffix("▸ print 8") }, "\(terminal.screen.text)")
    let lines = terminal.screen.lines
    #expect(lines.filter { $0.contains("typed ahead") }.count == 1, "\(terminal.screen.text)")
    #expect(lines.contains { $0.hasSuffix("▸ print 7 # typed ahead") })
    #expect(lines.contains("7"))
    quit(terminal)
  }

  @Test(arguments: [SIGTERM, SIGHUP, SIGSEGV]) func theTerminalIsPutBackInAFit(number: Int32) throws {
    let terminal = try shell()
    terminal.type("data iris.csv | model < dense 64 relu; output > | fit epochs=100000000 seed=1\r")
    #expect(terminal.wait { $0.currentLine.contains("loss") }, "\(terminal.screen.text)")
    #expect(!terminal.isCooked)
    terminal.signal(number)
    #expect(terminal.status() == 128 + number)
    #expect(terminal.isCooked)
    #expect(!terminal.screen.isPasteBracketed)
  }

  @Test func aTableIsTypedWhereItIsRead() throws {
    let terminal = try shell()
    terminal.type("data - | head 2\r")
    #expect(terminal.wait { $0.prompts > 1 || $0.line($0.row - 1).hasSuffix("head 2") })
    #expect(terminal.wait { _ in terminal.isCooked })
    terminal.type("a,b\r1,2\r3,4\r\u{04}\u{04}")
    #expect(
      terminal.wait { $0.text.contains("\na,b\n1,2\n") && $0.currentLine.hasSuffix("▸") },
      "\(terminal.screen.text)")
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

  @Test(arguments: [80, 40]) func historyIsSharedAndSearched(columns: Int) throws {
    let home = try Folder()
    let first = try shell(columns: columns, home: home)
    let second = try shell(columns: columns, home: home)
    first.enter("print one")
    second.enter("print two")
    first.enter("model <\r  dense 3\r>")
    first.wait { $0.currentLine.hasSuffix("▸") }
    second.enter("print one")
    quit(second)
    quit(first)
    let text = try home.read(".local/state/nn/history")
    #expect(text == "print two\n\"model <\\n  dense 3\\n>\"\nprint one\n:quit\n")
    let third = try shell(columns: columns, home: home)
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

  @Test(arguments: [80, 40]) func viModeIsKept(columns: Int) throws {
    let home = try Folder()
    try home.write("set editing-mode vi\nset show-mode-in-prompt on\n", to: "inputrc")
    let terminal = try ShellTerminal(
      in: Self.scripts, columns: columns,
      environment: ["INPUTRC": home.url.appendingPathComponent("inputrc").path], home: home)
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

  @Test(arguments: [80, 40]) func commandsDoWhatTheySay(columns: Int) throws {
    let folder = try folder("iris.csv")
    try folder.write("print from the file", to: "a.nn")
    try folder.write("#!/bin/sh\nsed -i s/three/four/ \"$1\"\n", to: "editor")
    chmod(folder.url.appendingPathComponent("editor").path, 0o700)
    let terminal = try shell(
      columns: columns, in: folder.url, environment: ["EDITOR": folder.url.path + "/editor"])
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

  @Test(arguments: [80, 40]) func longTablesArePaged(columns: Int) throws {
    let terminal = try shell(columns: columns, rows: 12, environment: ["PAGER": "sed s/^/page:/"])
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

  @Test(arguments: [80, 40]) func tablesAndPlotsFitTheWidth(columns: Int) throws {
    do {
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

  @Test(arguments: [80, 40]) func anInitialFileIsRun(columns: Int) throws {
    let home = try Folder()
    try home.write("let rate = 0.5\nfti\n:set hints off\n", to: ".config/nn/init.nn")
    let terminal = try shell(columns: columns, home: home)
    #expect(terminal.screen.text.replacing("\n", with: "").contains("init.nn:2:1"), "\(terminal.screen.text)")
    #expect(terminal.screen.currentLine == "nn ▸")
    try home.write("let rate = 0.5\n", to: ".config/nn/init.nn")
    let second = try shell(home: home)
    second.enter("print $rate")
    #expect(second.wait(for: "\n0.5\n"))
    quit(second)
    quit(terminal)
  }

  // MARK: First minutes

  @Test(arguments: [80, 40]) func theTutorialIsWalkedWithEnterAlone(columns: Int) throws {
    let folder = try Folder()
    let terminal = try shell(columns: columns, rows: 60, in: folder.url)
    terminal.enter("help tutorial")
    for step in 1...8 {
      #expect(terminal.screen.transcript.contains("\n\(step)/8  "), "\(terminal.screen.text)")
      terminal.enter("")
    }
    // What the shell has said, without what was typed, was broken by nothing but blanks.
    #expect(terminal.screen.text.replacing("\n", with: " ").contains("That is a whole session."))
    #expect(terminal.screen.text.contains("test_accuracy 0."))
    #expect(folder.names == ["iris.safetensors"])
    terminal.enter(":save first.nn")
    quit(terminal)
    let digest = try #require(terminal.screen.transcript.firstMatch(of: #/weights ([0-9a-f]{16})/#)?.output.1)
    let run = try Program.run(["run", "first.nn"], in: folder.url)
    #expect(run.status == 0)
    #expect(run.output.contains("weights \(digest)"))
  }
}
