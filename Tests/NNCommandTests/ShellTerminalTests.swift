import Foundation
import Support
import TerminalScreen
import Testing

/// The shell on a terminal, as a person sees it.
@Suite(.serialized) struct ShellTerminalTests {
  static let scripts = CommandTests.scripts

  /// A shell that has shown its first prompt.
  func shell(
    columns: Int = 80, rows: Int = 24, in folder: URL = scripts, environment: [String: String] = [:],
    home: Folder? = nil
  ) throws -> ShellTerminal {
    let terminal = try ShellTerminal(
      in: folder, rows: rows, columns: columns, environment: environment, home: home)
    try #require(terminal.waitForPrompt(), "\(terminal.screen.text)")
    return terminal
  }

  func quit(_ terminal: ShellTerminal) {
    terminal.type("\u{15}:quit\r")
    #expect(terminal.status() == 0, "\(terminal.screen.text)")
    #expect(terminal.isCooked)
    #expect(!terminal.screen.isPasteBracketed)
    #expect(terminal.screen.unknown.isEmpty, "\(terminal.screen.unknown)")
  }

  /// A folder with some of the tables, which a test may write to.
  func folder(_ names: String...) throws -> Folder {
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

  @Test(arguments: [80, 40]) func theSentenceRuns(columns: Int) throws {
    let terminal = try shell(columns: columns)
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

  @Test(arguments: [80, 40]) func theMatchingBracketIsShown(columns: Int) throws {
    let terminal = try shell(columns: columns)
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

  @Test(arguments: [["NO_COLOR": "1"], ["TERM": "dumb"], ["TERM": ""]], [80, 40])
  func plainWhereColorsAreNotWanted(environment: [String: String], columns: Int) throws {
    let terminal = try ShellTerminal(in: Self.scripts, columns: columns, environment: environment)
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

  @Test(arguments: [80, 40]) func anErrorPutsTheMendedLineIntoThePrompt(columns: Int) throws {
    let terminal = try shell(columns: columns)
    terminal.enter("data iris.csv | model < dense 4 rellu; output >")
    #expect(terminal.screen.text.contains("did you mean `relu`?"))
    let mended = "nn ▸ data iris.csv | model < dense 4 relu; output >"
    #expect(terminal.wait { $0.typed.replacing("\n", with: "") == mended }, "\(terminal.screen.text)")
    #expect(terminal.wait { $0.style(of: "dense")?.color != nil })
    terminal.enter("")
    #expect(terminal.screen.currentLine.hasPrefix(columns == 80 ? "iris[150×5] → 4-3 ▸" : "iris → 4-3 ▸"))
    quit(terminal)
  }

  @Test(arguments: [80, 40]) func aPasteThatEndsWithLineEndsStaysWhole(columns: Int) throws {
    let terminal = try shell(columns: columns)
    terminal.paste("print one\nprint two\n\n")
    #expect(terminal.wait { $0.lines.contains("print two") && $0.style(of: "print")?.color != nil })
    terminal.enter("")
    let shown = ["nn ▸ print one", "print two", "", "one", "two", "nn ▸"]
    #expect(terminal.screen.lines.dropFirst().prefix(6) == shown[...], "\(terminal.screen.text)")
    #expect(terminal.screen.style(of: "print", behind: "▸ ")?.color == "38;5;32")
    quit(terminal)
  }

  /// A line that ends where its row does leaves a blank row, which readline takes for what follows.
  @Test(
    arguments: [80, 40],
    [
      (length: 1, rows: 1, back: 0), (length: 0, rows: 1, back: 0), (length: -1, rows: 1, back: 0),
      (length: 0, rows: 2, back: 0), (length: 0, rows: 2, back: 80), (length: 0, rows: 2, back: 3),
    ]) func linesThatFillTheirRowsStayWhole(
      columns: Int, line: (length: Int, rows: Int, back: Int)
    ) throws
  {
    let terminal = try shell(columns: columns)
    let word = String(
      repeating: "x", count: line.rows * columns + line.length - "nn ▸ print  12".count)
    terminal.type("print \(word) 12")
    #expect(terminal.wait { $0.typed.replacing("\n", with: "") == "nn ▸ print \(word) 12" })
    #expect(terminal.wait { $0.style(of: "print")?.color != nil })
    // To the left by steps, or to the beginning of a row.
    let back = line.back == 80 ? columns : line.back
    terminal.type(String(repeating: "\u{1B}[D", count: back))
    let column = (columns - back) % columns
    if back > 0 { #expect(terminal.wait { $0.column == column }, "\(terminal.screen.text)") }
    terminal.enter("")
    // Where the terminal breaks a line of that width.
    func broken(_ text: String) -> [String] {
      stride(from: 0, to: text.count, by: columns).map { String(text.dropFirst($0).prefix(columns)) }
    }
    let shown = broken("nn ▸ print \(word) 12") + broken("\(word) 12") + ["nn ▸"]
    #expect(terminal.screen.lines.dropFirst().prefix(shown.count) == shown[...], "\(terminal.screen.text)")
    #expect(terminal.screen.line(0).hasPrefix("nn 0."))
    #expect(terminal.screen.line(terminal.screen.row + 1).isEmpty)
    quit(terminal)
  }
}
