import Foundation
import Support
import Testing

/// `… | nn predict MODEL - | …`.
@Suite struct FilterTests {
  private static let row = "5.1,3.5,1.4,0.2,setosa\n"

  /// A folder with a model, and with the table that it was trained on.
  private func folder() throws -> Folder {
    let folder = try Folder()
    try FileManager.default.copyItem(
      at: repository.appendingPathComponent("scripts/iris.csv"),
      to: folder.url.appendingPathComponent("iris.csv"))
    let run = try Program.run(
      ["-e", "data iris.csv | model < dense 4 relu; output > | fit epochs=2 seed=1 | save m.safetensors"],
      in: folder.url)
    #expect(run.status == 0, "\(run.errors)")
    return folder
  }

  private func nn(_ arguments: [String], _ folder: Folder, input: String? = nil) throws -> Program.Run {
    try Program.run(arguments, in: folder.url, input: input.map { Data($0.utf8) })
  }

  /// A run of the program whose input is written, and whose output is read, as it goes.
  private final class Filter {
    let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private let folder: Folder

    init(_ arguments: [String], in folder: Folder) throws {
      self.folder = folder
      // A test of a program that has ended fails; the tests do not.
      signal(SIGPIPE, SIG_IGN)
      process.executableURL = Program.url
      process.arguments = arguments
      process.currentDirectoryURL = folder.url
      process.environment = ["PATH": "/usr/bin:/bin"].merging(Program.instruments) { $1 }
      process.standardInput = input
      process.standardOutput = output
      process.standardError = FileHandle.nullDevice
      try process.run()
    }

    func write(_ text: String) throws { try input.fileHandleForWriting.write(contentsOf: Data(text.utf8)) }

    /// What is there, once something is.
    func read() -> String { String(decoding: output.fileHandleForReading.availableData, as: UTF8.self) }

    /// Reads so many lines.
    func lines(_ count: Int) -> [String] {
      var text = ""
      while text.utf8.count(where: { $0 == 10 }) < count {
        let more = read()
        if more.isEmpty { break }
        text += more
      }
      return text.split(separator: "\n").map(String.init)
    }

    func end() throws -> Int32 {
      try input.fileHandleForWriting.close()
      process.waitUntilExit()
      return process.terminationStatus
    }

    /// The most memory that it has had, in KiB.
    var peak: Int {
      let status =
        (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)) ?? ""
      return status.firstMatch(of: #/VmHWM:\s*([0-9]+) kB/#).flatMap { Int($0.output.1) } ?? 0
    }
  }

  @Test(arguments: [["--proba"], []]) func rowsAreAnsweredAsThoseOfAFile(options: [String]) throws {
    let folder = try folder()
    let ofFile = try nn(["predict", "m.safetensors", "iris.csv"] + options, folder)
    #expect(ofFile.status == 0, "\(ofFile.errors)")
    let piped = try Filter(["predict", "m.safetensors", "-"] + options, in: folder)
    let text = try folder.read("iris.csv")
    for piece in stride(from: 0, to: text.count, by: 700) {
      try piped.write(String(text.dropFirst(piece).prefix(700)))
    }
    let read = piped.lines(100)
    #expect(try piped.end() == 0)
    #expect(
      Array(ofFile.output.split(separator: "\n").prefix(100)).map(String.init) == Array(read.prefix(100)))
    let redirected = try nn(["predict", "m.safetensors", "-"] + options, folder, input: text)
    #expect(redirected.output == ofFile.output)
    let written = try nn(["predict", "m.safetensors", "-", "--to", "out.csv"] + options, folder, input: text)
    #expect(written.output.isEmpty)
    #expect(try folder.read("out.csv") == ofFile.output)
  }

  @Test func rowsWithoutANumberAreCountedOverAllPieces() throws {
    let folder = try Folder()
    try folder.write("x,y\n1,2\n2,4\n", to: "t.csv")
    let model =
      "data t.csv target=y | model < dense 1 init=constant(10000) > compile mse | fit epochs=0 seed=1 | save m.safetensors"
    #expect(try nn(["-e", model], folder).status == 0)
    let input = "x\n" + String(repeating: "3\n1e36\n", count: 100_000)
    let run = try nn(["predict", "m.safetensors", "-"], folder, input: input)
    #expect(run.status == 0)
    #expect(run.errors.contains("W1025"), "\(run.errors)")
    #expect(run.errors.contains("no finite number for 100,000 of 200,000 rows"), "\(run.errors)")
    #expect(run.output.hasPrefix("y\n30000\ninf\n30000\n"))
  }

  @Test func aRowIsAnsweredBeforeTheNextIsWritten() throws {
    let filter = try Filter(["predict", "m.safetensors", "-"], in: folder())
    try filter.write("sepal_length,sepal_width,petal_length,petal_width,species\n" + Self.row)
    #expect(filter.lines(2).count == 2)
    for _ in 0..<5 {
      try filter.write(Self.row)
      #expect(filter.lines(1).count == 1)
    }
    // Half a row is no row.
    try filter.write("5,3,")
    try filter.write("1.4,\"0.2\",x\n" + Self.row)
    #expect(filter.lines(2).count == 2)
    #expect(try filter.end() == 0)
  }

  @Test(.disabled(if: Program.isSanitized, "a sanitizer keeps what is freed for a while"))
  func memoryDoesNotGrowWithTheInput() throws {
    let filter = try Filter(["predict", "m.safetensors", "-", "--to", "out.csv"], in: folder())
    try filter.write("sepal_length,sepal_width,petal_length,petal_width,species\n")
    let rows = String(repeating: Self.row, count: 20_000)
    for _ in 0..<12 { try filter.write(rows) }
    let before = filter.peak
    for _ in 0..<40 { try filter.write(rows) }
    let after = filter.peak
    #expect(before > 0)
    #expect(after - before < 3000, "\(before) KiB, then \(after) KiB")
    #expect(try filter.end() == 0)
  }

  @Test func whatStandsBeforeABadRowIsAnswered() throws {
    let folder = try folder()
    let head = "sepal_length,sepal_width,petal_length,petal_width\n1,2,3,4\n"
    for (rest, code) in [("1,x,3,4\n", "E1002"), ("1,,3,4\n", "E0404"), ("1,2,3\n", "E1001")] {
      let run = try nn(["predict", "m.safetensors", "-"], folder, input: head + rest + "1,2,3,4\n")
      #expect(run.status == 1)
      #expect(run.output.split(separator: "\n").count == 2)
      #expect(run.errors.contains(code), "\(run.errors)")
    }
    let lacking = try nn(["predict", "m.safetensors", "-"], folder, input: "sepal_length\n1\n")
    #expect(lacking.errors.contains("E0402"))
    #expect(lacking.output.isEmpty)
  }

  @Test func aReaderThatLeavesEndsIt() throws {
    let folder = try folder()
    let shell = Process()
    shell.executableURL = URL(fileURLWithPath: "/bin/bash")
    shell.arguments = [
      "-c",
      "(head -1 iris.csv; yes '\(Self.row.dropLast())') | '\(Program.url.path)' predict m.safetensors - 2>err | head -3 >out; exit ${PIPESTATUS[1]}",
    ]
    shell.currentDirectoryURL = folder.url
    try shell.run()
    shell.waitUntilExit()
    #expect(shell.terminationStatus == 141)
    #expect(try folder.read("err") == "")
    #expect(try folder.read("out").split(separator: "\n").count == 3)
  }

  @Test func standardInputThatIsReadTwiceIsKept() throws {
    let folder = try folder()
    let run = try nn(
      ["-e", "model m.safetensors | evaluate - | predict - to=a.csv | predict - to=b.csv"], folder,
      input: folder.read("iris.csv"))
    #expect(run.status == 0, "\(run.errors)")
    #expect(try folder.read("a.csv").split(separator: "\n").count == 151)
    #expect(try folder.read("a.csv") == folder.read("b.csv"))
  }
}
