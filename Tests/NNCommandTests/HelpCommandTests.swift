import Foundation
import Support
import Testing

/// `nn help`, `nn explain` and the completion scripts from outside.
@Suite struct HelpCommandTests {
  private func nn(_ arguments: [String], environment: [String: String] = [:]) throws -> Program.Run {
    let folder = try Folder()
    return try withExtendedLifetime(folder) {
      try Program.run(arguments, in: folder.url, environment: environment)
    }
  }

  @Test func helpShowsTopicsOnStandardOutput() throws {
    for (topic, text) in [
      ([], "Stages"), (["dense"], "dense UNITS [ACTIVATION]"), (["losses"], "huber"), (["E0203"], "E0203: "),
      (["diagnostics"], "E1004"),
    ] {
      let run = try nn(["help"] + topic)
      #expect(run.status == 0)
      #expect(run.errors == "")
      #expect(run.output.contains(text), "\(topic): \(run.output)")
      #expect(!run.output.contains("\u{1B}"))
    }
    #expect(try nn(["help", "dense", "--color", "always"]).output.contains("\u{1B}[1m"))
  }

  @Test func helpKeepsToTheWidth() throws {
    let narrow = try nn(["help"], environment: ["COLUMNS": "50"]).output
    #expect(narrow.split(separator: "\n").count > (try nn(["help"]).output.split(separator: "\n").count))
  }

  @Test func unknownTopicsAndCodesHaveStatusTwo() throws {
    let topic = try nn(["help", "dens"])
    #expect(topic.status == 2)
    #expect(topic.errors == "nn help: there is no help on `dens`; did you mean `dense`?\n")
    let code = try nn(["explain", "E0299", "E0203"])
    #expect(code.status == 2)
    #expect(code.errors.hasPrefix("nn explain: there is no code `E0299`; did you mean E02"))
    #expect(code.output.hasPrefix("E0203: "), "the others are explained all the same")
    #expect(try nn(["explain"]).status == 2)
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func completionScripts(_ shell: String) throws {
    let run = try nn(["--generate-completion-script", shell])
    #expect(run.status == 0)
    #expect(run.errors == "")
    #expect(run.output == (try nn(["--generate-completion-script=\(shell)"]).output))
    #expect(run.output.contains("early_stopping"), "topics of help")
    #expect(run.output.contains("safetensors"), "endings of models")
    #expect(!run.output.contains("Show subcommand help information"))
    #expect(run.output.components(separatedBy: "_nn_help()").count <= 2)
  }

  @Test func completionForOtherShellsIsRefused() throws {
    let run = try nn(["--generate-completion-script", "tcsh"])
    #expect(run.status == 2)
    #expect(run.errors.contains("bash"))
  }

  static let completed: [(line: String, expected: [String])] = [
    ("nn ch", ["check"]), ("nn he", ["help"]), ("nn b", ["b.nn"]), ("nn fmt ", ["a.nn", "b.nn", "folder"]),
    ("nn summary ", ["folder", "m.safetensors"]),
    ("nn predict m.safetensors ", ["folder", "t.csv", "t.csv.gz"]),
    ("nn help early", ["early_stopping"]),
    (
      "nn explain E100",
      ["E1000", "E1001", "E1002", "E1003", "E1004", "E1005", "E1006", "E1007", "E1008", "E1009"]
    ),
    ("nn run --color a", ["always", "auto"]), ("nn run --no", ["--no-progress"]),
  ]

  /// The script at work in bash.
  @Test(arguments: completed) func bashCompletes(_ line: String, _ expected: [String]) throws {
    let folder = try Folder()
    for name in ["a.nn", "b.nn", "m.safetensors", "t.csv", "t.csv.gz", "other.txt", "folder/x.nn"] {
      try folder.write("", to: name)
    }
    try folder.write(nn(["--generate-completion-script", "bash"]).output, to: "completion.bash")
    let words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    let quoted = words.map { "'\($0)'" }.joined(separator: " ")
    try folder.write(
      """
      source ./completion.bash
      COMP_WORDS=(\(quoted)); COMP_CWORD=\(words.count - 1); COMP_LINE='\(line)'; COMP_POINT=\(line.count); COMPREPLY=()
      _nn nn '\(words.last ?? "")' '\(words.dropLast().last ?? "")'
      printf '%s\\n' "${COMPREPLY[@]}"
      """, to: "run.bash")
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/bash")
    shell.arguments = ["--norc", "run.bash"]
    shell.currentDirectoryURL = folder.url
    let pipe = Pipe()
    shell.standardOutput = pipe
    try shell.run()
    let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    shell.waitUntilExit()
    let found = Set(output.split(separator: "\n").map(String.init)).sorted()
    #expect(found == expected.sorted(), "\(line)")
  }
}
