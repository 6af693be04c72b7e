import Foundation
import Support
import Testing

/// What `make torture` found, and holds.
@Suite struct HostileTests {
  @Test func escapeCodesOfArgumentsDoNotReachTheTerminal() throws {
    let folder = try Folder()
    let evil = "\u{1b}]0;owned\u{7}\u{1b}[2J\u{9b}31m\u{202e}"
    for arguments in [
      ["help", evil], ["run", "--" + evil], ["run", "--set", evil, "s.nn"], [evil], ["explain", evil],
    ] {
      let run = try Program.run(arguments, in: folder.url)
      #expect(run.status == 2, "\(arguments)")
      for sign in ["\u{1b}", "\u{7}", "\u{9b}", "\u{202e}"] {
        #expect(!(run.errors + run.output).contains(sign), "\(arguments)")
      }
    }
  }

  @Test func aModelThatCannotBeWrittenIsKeptElsewhere() throws {
    let folder = try Folder()
    let table = (0..<20).map { "\($0),\($0 * 2)\n" }.joined()
    _ = try folder.write("x,y\n" + table, to: "t.csv")
    _ = try folder.write("a file", to: "taken")
    let run = try Program.run(
      ["-e", "data t.csv target=y | model < output > | fit epochs=1 seed=1 | save taken/m.safetensors"],
      in: folder.url)
    #expect(run.status == 1)
    #expect(run.errors.contains("what was trained is kept in rescue-"))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
    let rescue = try #require(names.first { $0.hasPrefix("rescue-") && $0.hasSuffix(".safetensors") })
    let again = try Program.run(["-e", "data t.csv target=y | model \(rescue) | evaluate"], in: folder.url)
    #expect(again.status == 0, "\(again.errors)")
  }

  private static func folder() throws -> Folder {
    let folder = try Folder()
    let table = (0..<20).map { "\($0),\($0 * 2)\n" }.joined()
    _ = try folder.write("x,y\n" + table, to: "t.csv")
    return folder
  }

  private func names(_ folder: Folder) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
  }

  // A file that grows beyond `ulimit -f` brings SIGXFSZ, which would end the program without a word.
  @Test(.disabled(if: Program.isSanitized, "a sanitizer keeps its own memory in files"))
  func aFileSizeLimitIsAnErrorOfWriting() throws {
    let folder = try Self.folder()
    let run = try Program.run(
      [
        "-e",
        "data t.csv target=y | model < dense 200 relu; output > | fit epochs=1 seed=1 | save m.safetensors",
      ],
      in: folder.url, limits: "ulimit -f 2")
    #expect(run.status == 1)
    #expect(run.errors.contains("E1005") && run.errors.contains("m.safetensors"))
    #expect(try names(folder) == ["t.csv"], "neither a half file nor a temporary one")
  }

  private static let fit = "data t.csv target=y | model < output > | fit epochs=3 seed=1"

  @Test(arguments: [
    // What a callback writes fails in the first epoch or at once, and no `save` follows.
    "\(fit) callbacks=[csv_logger(/dev/full)]", "\(fit) callbacks=[checkpoint(taken/c.safetensors)]",
    "\(fit) callbacks=[csv_logger(/dev/full)]\nevaluate",
    // Nor does one where predictions cannot be written.
    "\(fit) | predict to=taken/p.csv", "\(fit)\nevaluate\nplot to=taken/p.svg",
  ]) func whatWasTrainedIsKeptWhereAFileFails(_ script: String) throws {
    let folder = try Self.folder()
    _ = try folder.write("a file", to: "taken")
    let run = try Program.run(["-e", script], in: folder.url)
    #expect(run.status == 1)
    #expect(run.errors.contains("what was trained is kept in rescue-"), "\(run.errors)")
    let rescue = try #require(try names(folder).first { $0.hasPrefix("rescue-") })
    let again = try Program.run(["-e", "data t.csv target=y | model \(rescue) | evaluate"], in: folder.url)
    #expect(again.status == 0, "\(again.errors)")
  }

  @Test(arguments: [
    // Saved behind the failure, and before it.
    "\(fit) callbacks=[csv_logger(/dev/full)] | save m.safetensors",
    "\(fit) callbacks=[csv_logger(/dev/full)]\nevaluate\nsave m.safetensors",
    "\(fit) | save m.safetensors | predict to=taken/p.csv",
  ]) func whatIsSavedAnywayIsNotKeptTwice(_ script: String) throws {
    let folder = try Self.folder()
    _ = try folder.write("a file", to: "taken")
    let run = try Program.run(["-e", script], in: folder.url)
    #expect(run.status == 1)
    #expect(try names(folder) == ["m.safetensors", "t.csv", "taken"])
    #expect(!run.errors.contains("rescue-"), "\(run.errors)")
  }
}
