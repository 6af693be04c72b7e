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
}
