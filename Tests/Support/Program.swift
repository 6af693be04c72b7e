import Foundation

/// The program under test: the `nn` binary that the tests were built with, run as a person would.
public enum Program {
  /// What one run left.
  public struct Run: Sendable {
    public var status: Int32
    /// Standard output.
    public var output: String
    /// Standard error.
    public var errors: String
  }

  /// The binary, beside the tests.
  public static let url: URL = {
    let tests = Bundle.allBundles.map(\.bundleURL) + [URL(fileURLWithPath: CommandLine.arguments[0])]
    let places = tests.map { $0.deletingLastPathComponent() }
    return places.map { $0.appendingPathComponent("nn") }.first {
      FileManager.default.isExecutableFile(atPath: $0.path)
    } ?? URL(fileURLWithPath: "/nonexistent/nn")
  }()

  /// What goes with these tests into every program that they start, and with which every environment that they make is to be merged: where
  /// one that counts its lines leaves what it counted, not in the folder that a test looks at; and how a sanitizer is to work.
  public static let instruments: [String: String] = {
    let own = ProcessInfo.processInfo.environment
    var variables = own.filter { $0.key.hasSuffix("SAN_OPTIONS") }
    if let path = own["LLVM_PROFILE_FILE"] {
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
      variables["LLVM_PROFILE_FILE"] = folder.appendingPathComponent("nn-%p.profraw").path
    }
    return variables
  }()

  /// Whether these tests run under a sanitizer, by Tests/Sanitizers/run: what a test measures of memory is the sanitizer's then.
  public static var isSanitized: Bool { instruments.keys.contains { $0.hasSuffix("SAN_OPTIONS") } }

  /// Runs it to its end.
  /// - Parameters:
  ///   - input: standard input; empty if nil.
  ///   - limits: what a shell does to itself before it becomes the program: `ulimit -f 8`.
  ///   - environment: added to a small, fixed environment, so that the machine's own does not matter.
  public static func run(
    _ arguments: [String], in directory: URL, input: Data? = nil, limits: String? = nil,
    environment: [String: String] = [:]
  ) throws -> Run {
    let files = try Folder()
    let outputFile = files.url.appendingPathComponent("out")
    let errorFile = files.url.appendingPathComponent("err")
    let inputFile = files.url.appendingPathComponent("in")
    for file in [outputFile, errorFile] { try Data().write(to: file) }
    try (input ?? Data()).write(to: inputFile)
    let process = Process()
    process.executableURL = url
    process.arguments = arguments
    if let limits {
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = ["-c", "\(limits); exec \"$0\" \"$@\"", url.path] + arguments
    }
    process.currentDirectoryURL = directory
    let surroundings = ["HOME": directory.path, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"]
    process.environment = surroundings.merging(instruments) { $1 }.merging(environment) { $1 }
    process.standardInput = try FileHandle(forReadingFrom: inputFile)
    process.standardOutput = try FileHandle(forWritingTo: outputFile)
    process.standardError = try FileHandle(forWritingTo: errorFile)
    try process.run()
    process.waitUntilExit()
    return Run(
      status: process.terminationReason == .uncaughtSignal
        ? 128 + process.terminationStatus : process.terminationStatus,
      output: String(decoding: try Data(contentsOf: outputFile), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: errorFile), as: UTF8.self))
  }
}

/// A folder of its own for a test, removed with the value.
public final class Folder: Sendable {
  public let url: URL

  public init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("nn-" + UUID().uuidString)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// Writes a file into the folder.
  /// - Returns: its path.
  @discardableResult
  public func write(_ text: String, to name: String) throws -> String {
    let file = url.appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
    return file.path
  }

  /// The text of a file in the folder.
  public func read(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: url.appendingPathComponent(name)), as: UTF8.self)
  }

  /// The names of its files, sorted.
  public var names: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).sorted()
  }
}

/// The repository that the tests belong to.
public let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent()
