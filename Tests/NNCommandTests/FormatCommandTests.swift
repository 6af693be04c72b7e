import Foundation
import Support
import Testing

/// `nn fmt` from outside: files, statuses, and what stays as it was.
@Suite struct FormatCommandTests {
  private func fmt(_ arguments: [String], in folder: Folder, input: String? = nil) throws -> Program.Run {
    try Program.run(["fmt"] + arguments, in: folder.url, input: input.map { Data($0.utf8) })
  }

  @Test func filesAreLaidOutInPlace() throws {
    let folder = try Folder()
    try folder.write("data  iris.csv|describe;head 3", to: "a.nn")
    try folder.write("head 3  # fine\n", to: "b.nn")
    let before = try FileManager.default.attributesOfItem(atPath: folder.url.path + "/b.nn")
    let run = try fmt(["a.nn", "b.nn"], in: folder)
    #expect(run.status == 0)
    #expect(run.output == "" && run.errors == "")
    #expect(try folder.read("a.nn") == "data iris.csv | describe\nhead 3\n")
    let after = try FileManager.default.attributesOfItem(atPath: folder.url.path + "/b.nn")
    #expect(
      before[.systemFileNumber] as? Int == after[.systemFileNumber] as? Int, "an unchanged file was written")
    #expect(folder.names == ["a.nn", "b.nn"])
  }

  @Test func standardInputGoesToStandardOutput() throws {
    let run = try fmt(["-"], in: Folder(), input: "a;b")
    #expect(run.status == 0)
    #expect(run.output == "a\nb\n")
  }

  @Test func checkListsAndChangesNothing() throws {
    let folder = try Folder()
    try folder.write("a;b", to: "a.nn")
    try folder.write("a\n", to: "b.nn")
    let run = try fmt(["--check", "a.nn", "b.nn"], in: folder)
    #expect(run.status == 1)
    #expect(run.output == "a.nn\n")
    #expect(try folder.read("a.nn") == "a;b")
    #expect(try fmt(["--check", "b.nn"], in: folder).status == 0)
    #expect(try fmt(["--check", "-"], in: folder, input: "a;b").output == "<stdin>\n")
  }

  @Test func aFileWithMistakesStaysAndTheOthersAreDone() throws {
    let folder = try Folder()
    try folder.write("a  | ; b", to: "a.nn")
    try folder.write("a  b", to: "b.nn")
    for options in [[], ["--check"]] {
      let run = try fmt(options + ["a.nn", "missing.nn", "b.nn"], in: folder)
      #expect(run.status == 2)
      #expect(run.errors.contains("error[E0127]"))
      #expect(run.errors.contains("error[E0501]"))
      #expect(try folder.read("a.nn") == "a  | ; b")
    }
    #expect(try folder.read("b.nn") == "a b\n")
  }

  @Test func whatCannotBeWrittenStays() throws {
    let folder = try Folder()
    let path = try folder.write("a  b", to: "a.nn")
    try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: path)
    let run = try fmt(["a.nn"], in: folder)
    // Root may write everything.
    if getuid() == 0 {
      #expect(run.status == 0)
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      #expect(mode == 0o444)
    } else {
      #expect(run.status == 1)
      #expect(run.errors.contains("error[E1005]"))
      #expect(try folder.read("a.nn") == "a  b")
    }
  }

  /// What the project shows is laid out as it says.
  @Test func scriptsOfTheProjectAreFormatted() throws {
    let scripts = repository.appendingPathComponent("scripts")
    let names = try FileManager.default.contentsOfDirectory(atPath: scripts.path).filter {
      $0.hasSuffix(".nn")
    }
    #expect(!names.isEmpty)
    // The sentence is one line wherever it stands.
    let run = try Program.run(
      ["fmt", "--check"] + names.filter { $0 != "sentence.nn" }.sorted(), in: scripts)
    #expect(run.status == 0, "\(run.output)")
  }
}
