import Foundation
import PseudoTerminal
import Support
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The program on a real terminal (a pseudo-terminal), and under signals.
@Suite(.serialized) struct TerminalTests {
  /// A program with a terminal as its standard input, output and error.
  final class Terminal {
    private let process = Process()
    private let controller: Int32
    private(set) var text = ""
    /// How much of the text earlier waits have passed, in characters.
    private var passed = 0
    private let home: Folder

    init(_ arguments: [String], in directory: URL) throws {
      var side: Int32 = -1
      var descriptor: Int32 = -1
      guard pseudo_terminal_open(&side, &descriptor) == 0 else { throw POSIXError(.ENOTTY) }
      controller = side
      home = try Folder()
      let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
      process.executableURL = Program.url
      process.arguments = arguments
      process.currentDirectoryURL = directory
      process.environment = [
        "HOME": home.url.path, "PATH": "/usr/bin:/bin", "TERM": "xterm", "LC_ALL": "C.UTF-8",
        "COLUMNS": "100",
        "INPUTRC": "/dev/null",
      ].merging(Program.instruments) { $1 }
      process.standardInput = handle
      process.standardOutput = handle
      process.standardError = handle
      try process.run()
      _ = fcntl(controller, F_SETFL, O_NONBLOCK)
    }

    deinit {
      if process.isRunning { kill(process.processIdentifier, SIGKILL) }
      close(controller)
    }

    func type(_ text: String) {
      let bytes = Array(text.utf8)
      _ = write(controller, bytes, bytes.count)
    }

    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// Reads until the text has come, behind what the last wait was for.
    func wait(for expected: String, seconds: Double = 30) -> Bool {
      let end = Date().addingTimeInterval(seconds)
      while true {
        let rest = text.dropFirst(passed)
        if let found = rest.firstRange(of: expected) {
          passed += rest.distance(from: rest.startIndex, to: found.upperBound)
          return true
        }
        if Date() > end { return false }
        if !readSome(), !process.isRunning, !readSome() { return text.dropFirst(passed).contains(expected) }
      }
    }

    private func readSome() -> Bool {
      var block = [UInt8](repeating: 0, count: 4096)
      let count = read(controller, &block, block.count)
      if count > 0 {
        text += String(decoding: block[..<count], as: UTF8.self)
      } else {
        usleep(5000)
      }
      return count > 0
    }

    /// Waits for the end.
    func status(seconds: Double = 30) -> Int32? {
      let end = Date().addingTimeInterval(seconds)
      while process.isRunning, Date() < end {
        // What is not read would hold the program up.
        _ = readSome()
      }
      return process.isRunning ? nil : process.terminationStatus
    }
  }

  private func folderWithIris() throws -> Folder {
    let folder = try Folder()
    try FileManager.default.copyItem(
      at: CommandTests.scripts.appendingPathComponent("iris.csv"),
      to: folder.url.appendingPathComponent("iris.csv"))
    return folder
  }

  /// One short run, then runs without end.
  @Test func controlCInASweepKeepsWhatIsFinished() throws {
    let folder = try folderWithIris()
    let terminal = try Terminal(
      [
        "-e",
        "data iris.csv | split val=20% seed=1 | sweep epochs=[2, 100000000, 100000001] { model < dense 64 relu; output > | fit epochs=$epochs seed=1 }\nbest val_loss | save m.safetensors",
      ], in: folder.url)
    #expect(terminal.wait(for: "runs 1/3"), "\(terminal.text)")
    #expect(terminal.wait(for: "epochs=2"), "\(terminal.text)")
    terminal.signal(SIGINT)
    #expect(terminal.wait(for: "best: run 1, epochs=2"), "\(terminal.text)")
    #expect(terminal.status() == 130, "\(terminal.text)")
    #expect(folder.names == ["iris.csv", "m.safetensors"])
  }

  static let signals: [(number: Int32, status: Int32)] = [(SIGINT, 130), (SIGTERM, 143), (SIGHUP, 129)]

  @Test(arguments: signals)
  func aSignalEndsAScriptWithWhatWasTrained(number: Int32, status: Int32) throws {
    let folder = try folderWithIris()
    let terminal = try Terminal(
      [
        "-e",
        "data iris.csv | model < dense 64 relu; output > | fit epochs=100000000 seed=1 | save m.safetensors",
      ],
      in: folder.url)
    #expect(terminal.wait(for: "epoch"), "\(terminal.text)")
    terminal.signal(number)
    #expect(terminal.status() == status, "\(terminal.text)")
    #expect(folder.names == ["iris.csv", "m.safetensors"])
  }

  @Test(arguments: signals)
  func aSignalEndsAReadThatHasNoEnd(number: Int32, status: Int32) throws {
    let folder = try Folder()
    let process = Process()
    process.executableURL = Program.url
    process.arguments = ["-e", "data - | describe"]
    process.currentDirectoryURL = folder.url
    process.environment = ["PATH": "/usr/bin:/bin", "TMPDIR": folder.url.path].merging(Program.instruments) {
      $1
    }
    // Were the program gone, writing to it should fail, not end the tests.
    _ = signal(SIGPIPE, SIG_IGN)
    let (rows, errors) = (Pipe(), Pipe())
    process.standardInput = rows
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    try process.run()
    try rows.fileHandleForReading.close()
    // More than is kept of a stream in memory. A pipe holds little, so once this is written nearly all has been read;
    // the program then waits for more.
    let block = Data(String(repeating: "1,2\n", count: 1 << 18).utf8)
    for _ in 0..<20 { try rows.fileHandleForWriting.write(contentsOf: block) }
    kill(process.processIdentifier, number)
    let end = Date().addingTimeInterval(30)
    while process.isRunning, Date() < end { usleep(1000) }
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
    #expect(process.terminationReason == .exit)
    #expect(process.terminationStatus == status)
    #expect(folder.names.isEmpty, "left behind: \(folder.names)")
    let told = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    #expect(told == "interrupted\n")
  }

  /// Rows that keep coming do not hold it up.
  @Test func aSignalEndsAReadUnderWay() throws {
    let folder = try Folder()
    let script =
      "yes 1,2 | head -c 500000000 | '\(Program.url.path)' -e 'data - | describe' & "
      + "program=$!; sleep 0.5; kill -TERM $program; wait $program"
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", script]
    process.currentDirectoryURL = folder.url
    process.environment = ["PATH": "/usr/bin:/bin", "TMPDIR": folder.url.path].merging(Program.instruments) {
      $1
    }
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 143)
    #expect(folder.names.isEmpty)
  }

  @Test func aSecondSignalEndsTheProgram() throws {
    // Opening a pipe that nobody writes to does not come back, so that the first signal is not seen.
    let folder = try Folder()
    #expect(mkfifo(folder.url.appendingPathComponent("pipe").path, 0o600) == 0)
    let terminal = try Terminal(["-e", "data pipe | describe"], in: folder.url)
    usleep(300_000)
    terminal.signal(SIGINT)
    usleep(100_000)
    // Two that come before anybody takes the first count as one.
    var status: Int32?
    for _ in 0..<20 where status == nil {
      terminal.signal(SIGINT)
      status = terminal.status(seconds: 0.5)
    }
    #expect(status == 130, "\(terminal.text)")
  }

  @Test func historyIsKept() throws {
    let folder = try Folder()
    let state = folder.url.path
    let script =
      "printf 'print one\\nprint two\\n' | XDG_STATE_HOME='\(state)' '\(Program.url.path)' repl >/dev/null 2>&1"
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", script]
    try process.run()
    process.waitUntilExit()
    #expect(try folder.read("nn/history") == "print one\nprint two\n")
  }

  @Test(arguments: [">&-", ">/dev/full"]) func outputThatCannotBeWrittenIsAnError(redirection: String) throws
  {
    let folder = try Folder()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = [
      "-c", "'\(Program.url.path)' -e 'print hello' 2>err.txt \(redirection); echo $? > status.txt",
    ]
    process.currentDirectoryURL = folder.url
    try process.run()
    process.waitUntilExit()
    #expect(try folder.read("status.txt") == "1\n")
    #expect(try folder.read("err.txt").contains("cannot write standard output"))
  }

  @Test func aClosedPipeEndsQuietly() throws {
    let folder = try Folder()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = [
      "-c",
      "'\(Program.url.path)' -e 'data diamonds.csv | head 53940' 2>err.txt | head -1 >/dev/null; echo ${PIPESTATUS[0]} > status.txt",
    ]
    process.currentDirectoryURL = folder.url
    try FileManager.default.createSymbolicLink(
      at: folder.url.appendingPathComponent("diamonds.csv"),
      withDestinationURL: CommandTests.scripts.appendingPathComponent("diamonds.csv"))
    try process.run()
    process.waitUntilExit()
    #expect(try folder.read("status.txt") == "141\n")
    #expect(!(try folder.read("err.txt")).contains("rror"))
  }
}
