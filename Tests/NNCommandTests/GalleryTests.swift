import Foundation
import Support
import Testing

/// The pictures of docs/pictures.md are those that its scripts make: each kind from end to end, byte for byte.
/// `NN_UPDATE_DOCS=1` makes them anew.
@Suite struct GalleryTests {
  private static let page = repository.appendingPathComponent("docs/pictures.md")
  private static let images = repository.appendingPathComponent("docs/images/pictures")

  @Test func picturesAreCurrent() throws {
    let text = try String(contentsOf: Self.page, encoding: .utf8)
    let folder = try Folder()
    for name in ["cars.csv", "iris.csv"] {
      try FileManager.default.createSymbolicLink(
        at: folder.url.appendingPathComponent(name),
        withDestinationURL: repository.appendingPathComponent("scripts/" + name))
    }
    let blocks = text.components(separatedBy: "```nn\n").dropFirst().compactMap {
      $0.components(separatedBy: "\n```").first
    }
    #expect(blocks.count > 1)
    for block in blocks {
      try folder.write(block, to: "block.nn")
      let run = try Program.run(["run", "--quiet", "block.nn"], in: folder.url)
      #expect(run.status == 0, "\(run.errors)")
    }
    let made = folder.url.appendingPathComponent("pictures")
    let names = try FileManager.default.contentsOfDirectory(atPath: made.path).sorted()
    #expect(names.count > 10)
    if ProcessInfo.processInfo.environment["NN_UPDATE_DOCS"] == "1" {
      try? FileManager.default.removeItem(at: Self.images)
      try FileManager.default.createDirectory(at: Self.images, withIntermediateDirectories: true)
      for name in names {
        try FileManager.default.copyItem(
          at: made.appendingPathComponent(name), to: Self.images.appendingPathComponent(name))
      }
    }
    let kept = (try? FileManager.default.contentsOfDirectory(atPath: Self.images.path).sorted()) ?? []
    #expect(kept == names)
    for name in names {
      let new = try Data(contentsOf: made.appendingPathComponent(name))
      let old = try? Data(contentsOf: Self.images.appendingPathComponent(name))
      #expect(new == old, "docs/images/pictures/\(name) is not what docs/pictures.md makes")
      #expect(text.contains("(images/pictures/\(name))"), "docs/pictures.md does not show \(name)")
    }
  }
}
