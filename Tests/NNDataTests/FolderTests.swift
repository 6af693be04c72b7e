import Foundation
import Testing

@testable import NNData

@Suite("Folders and files that grow")
struct FolderTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path

  @Test("folders are made with those above them, and told apart from files")
  func folders() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try makeFolders(above: folder + "/a/b/log.csv")
    #expect(pathExists(folder + "/a/b"))
    let file = try LogFile(path: folder + "/a/b/log.csv", appends: false)
    try file.write("one\n")
    try file.write("two\n")
    try file.cut(to: 4)
    #expect(try String(contentsOfFile: folder + "/a/b/log.csv", encoding: .utf8) == "one\n")
    #expect(throws: DataError.self) { try makeFolders(folder + "/a/b/log.csv") }
    #expect(throws: DataError.self) { try makeFolders(folder + "/a/b/log.csv/c") }
  }

  @Test("a path with a NUL is none, not the one before it")
  func nul() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try makeFolders(folder)
    #expect(throws: DataError.self) { try makeFolders(folder + "/a\u{0}b") }
    #expect(throws: DataError.self) { _ = try LogFile(path: folder + "/a\u{0}b", appends: true) }
    #expect(throws: DataError.self) { _ = try AtomicFile(path: folder + "/a\u{0}b") }
    #expect(!pathExists(folder + "\u{0}b"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
  }
}
