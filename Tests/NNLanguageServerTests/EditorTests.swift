import Foundation
import NNLanguageServer
import Support
import Testing

/// editors/: the grammars are what the catalog says (`NN_UPDATE_DOCS=1 swift test --filter EditorTests` writes them anew), and
/// Neovim works with the server.
@Suite struct EditorTests {
  static let folder = repository.appendingPathComponent("editors")

  @Test(arguments: EditorGrammar.files.map(\.path)) func grammarIsCurrent(_ path: String) throws {
    let file = try #require(EditorGrammar.files.first { $0.path == path })
    let url = Self.folder.appendingPathComponent(path)
    if ProcessInfo.processInfo.environment["NN_UPDATE_DOCS"] == "1" {
      try Data(file.text.utf8).write(to: url)
    }
    let text = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
    #expect(text == file.text, "editors/\(path) is not what the catalog says")
  }

  @Test func filesOfVSCodeAreWhole() throws {
    for name in ["package.json", "language-configuration.json", "syntaxes/nn.tmLanguage.json"] {
      let data = try Data(contentsOf: Self.folder.appendingPathComponent("vscode/" + name))
      #expect(try JSONSerialization.jsonObject(with: data) is [String: Any], "\(name)")
    }
    // Every pattern compiles.
    let data = try Data(contentsOf: Self.folder.appendingPathComponent("vscode/syntaxes/nn.tmLanguage.json"))
    let grammar = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let patterns = try #require(grammar["patterns"] as? [[String: Any]])
    #expect(patterns.count > 8)
    for pattern in patterns {
      for key in ["match", "begin", "end"] {
        guard let text = pattern[key] as? String else { continue }
        _ = try NSRegularExpression(pattern: text)
      }
    }
  }

  /// What a pattern of the TextMate grammar finds.
  @Test(arguments: [
    ("comment.line.number-sign.nn", "fit # a\nruns#2.csv", ["# a"]),
    ("entity.name.function.stage.nn", "data data.csv | fit data=3; model <", ["data", "fit", "model"]),
    ("entity.name.type.layer.nn", "< dense 8; input=4 output>", ["dense", "output"]),
    ("variable.parameter.nn", "a=1 b = 2 c==3", ["a", "b"]),
    ("constant.numeric.nn", "6 -0.5 1e-3 20% 30s 6x a6 2026-01-02", ["6", "-0.5", "1e-3", "20%", "30s"]),
    ("support.function.nn", "relu opt=adam(lr=1) relus", ["relu", "adam"]),
  ]) func patternsFind(_ name: String, _ text: String, _ expected: [String]) throws {
    let data = try Data(contentsOf: Self.folder.appendingPathComponent("vscode/syntaxes/nn.tmLanguage.json"))
    let grammar = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let patterns = try #require(grammar["patterns"] as? [[String: Any]])
    let pattern = try #require(patterns.first { $0["name"] as? String == name }?["match"] as? String)
    let expression = try NSRegularExpression(pattern: pattern, options: .anchorsMatchLines)
    let found = expression.matches(in: text, range: NSRange(text.startIndex..., in: text)).compactMap {
      Range($0.range, in: text).map { String(text[$0]) }
    }
    #expect(found == expected)
  }

  static let neovim = ["/usr/bin/nvim", "/usr/local/bin/nvim", "/opt/homebrew/bin/nvim"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  /// Neovim opens a script with a mistake, shows it, completes, lays out and renames. `.ci/setup` installs Neovim where there is
  /// apt; elsewhere the test needs one.
  @Test(
    .enabled(if: neovim != nil, "there is no nvim; `.ci/setup` installs it on Debian and Ubuntu"),
    .timeLimit(.minutes(2)))
  func neovimWorks() throws {
    let program = try #require(Self.neovim)
    let folder = try Folder()
    try folder.write(
      "let rate = 0.1\nmodel < dense 6 rellu; output >\ncompile   lr=$rate\n", to: "script.nn")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = [
      "--headless", "--clean", "--cmd", "set runtimepath^=\(Self.folder.path)/vim noswapfile", "-S",
      Self.folder.deletingLastPathComponent().path + "/Tests/NNLanguageServerTests/neovim.lua", "script.nn",
    ]
    process.currentDirectoryURL = folder.url
    process.environment = [
      "PATH": Program.url.deletingLastPathComponent().path + ":/usr/bin:/bin", "HOME": folder.url.path,
      "TERM": "xterm", "LC_ALL": "C.UTF-8",
    ].merging(Program.instruments) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    let log = (try? folder.read("log.txt")) ?? "nothing"
    #expect(
      log == """
        filetype nn
        diagnostic 2:17 there is no activation `rellu`
        completion relu relu6 regularizer
        hover relu
        fixed 0 diagnostics
        formatted compile lr=$rate
        renamed let pace = 0.1 | compile lr=$pace
        definition 1:5
        syntax nnLayer
        done

        """)
    #expect(process.terminationStatus == 0)
  }
}
