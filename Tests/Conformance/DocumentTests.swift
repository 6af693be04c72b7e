import Foundation
import Support
import Testing

/// Every code block of the README and of docs/ runs.
@Suite struct DocumentTests {
  struct Block: Sendable, CustomTestStringConvertible {
    var page: String
    var line: Int
    var language: String
    var text: String
    var testDescription: String { "\(page):\(line) \(language)" }
  }

  static let pages: [String] = {
    let docs = (try? FileManager.default.subpathsOfDirectory(atPath: repository.path + "/docs")) ?? []
    return ["README.md"] + docs.filter { $0.hasSuffix(".md") }.map { "docs/" + $0 }.sorted()
  }()

  static let blocks: [Block] = pages.flatMap { page -> [Block] in
    guard let text = try? String(contentsOf: repository.appendingPathComponent(page), encoding: .utf8) else {
      return []
    }
    var blocks: [Block] = []
    var open: Block?
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      if line.hasPrefix("```") {
        if let block = open {
          blocks.append(block)
          open = nil
        } else {
          open = Block(page: page, line: index + 1, language: String(line.dropFirst(3)), text: "")
        }
      } else {
        open?.text += line + "\n"
      }
    }
    return blocks
  }

  @Test func everyBlockSaysWhatItIs() {
    #expect(Self.blocks.count >= 8)
    for block in Self.blocks {
      #expect(
        ["nn", "sh", "swift", "text"].contains(block.language),
        "\(block.testDescription): not of a kind that is tested")
    }
  }

  /// A folder with what scripts/ holds.
  private func folder() throws -> Folder {
    let folder = try Folder()
    let scripts = repository.appendingPathComponent("scripts")
    for name in try FileManager.default.contentsOfDirectory(atPath: scripts.path) where name.contains(".") {
      try FileManager.default.createSymbolicLink(
        at: folder.url.appendingPathComponent(name), withDestinationURL: scripts.appendingPathComponent(name))
    }
    return folder
  }

  @Test(arguments: blocks.filter { $0.language == "nn" }) func scriptsRun(_ block: Block) throws {
    let folder = try folder()
    try folder.write(block.text, to: "block.nn")
    let run = try Program.run(["run", "block.nn"], in: folder.url)
    #expect(run.status == 0, "\(block.testDescription)\n\(run.errors)")
    #expect(!run.errors.contains("warning["), "\(block.testDescription) warns\n\(run.errors)")
  }

  @Test(arguments: blocks.filter { $0.language == "sh" }) func commandsRun(_ block: Block) throws {
    let folder = try folder()
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/bash")
    shell.arguments = ["-euo", "pipefail", "-c", block.text]
    shell.currentDirectoryURL = folder.url
    shell.environment = [
      "PATH": Program.url.deletingLastPathComponent().path + ":/usr/bin:/bin", "HOME": folder.url.path,
    ].merging(Program.instruments) { $1 }
    let errors = folder.url.appendingPathComponent("errors.txt")
    try Data().write(to: errors)
    shell.standardError = try FileHandle(forWritingTo: errors)
    shell.standardOutput = FileHandle.nullDevice
    shell.standardInput = FileHandle.nullDevice
    try shell.run()
    shell.waitUntilExit()
    let said = try folder.read("errors.txt")
    #expect(shell.terminationStatus == 0, "\(block.testDescription)\n\(said)")
  }

  /// Swift blocks stand, line for line, in a test that is compiled and run.
  @Test(arguments: blocks.filter { $0.language == "swift" }) func programsAreTested(_ block: Block) throws {
    let test = try String(
      contentsOf: repository.appendingPathComponent("Tests/NNTests/DocumentedTests.swift"), encoding: .utf8)
    let tested = Set(test.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) })
    for line in block.text.split(separator: "\n") {
      let line = line.trimmingCharacters(in: .whitespaces)
      #expect(tested.contains(line), "\(block.testDescription): no test has the line `\(line)`")
    }
  }
}
