import Foundation
import Support
import Testing

/// Pictures in files, as a person gets them from the program.
@Suite struct PictureTests {
  private static let script =
    "data iris.csv | split test=30% seed=1 | model < dense 8 relu; output > | fit epochs=5 seed=1\n"

  private func folder() throws -> Folder {
    let folder = try Folder()
    try FileManager.default.createSymbolicLink(
      at: folder.url.appendingPathComponent("iris.csv"),
      withDestinationURL: repository.appendingPathComponent("scripts/iris.csv"))
    return folder
  }

  private func run(_ plots: String, in folder: Folder, _ environment: [String: String] = [:]) throws
    -> Program.Run
  {
    try folder.write(Self.script + plots, to: "script.nn")
    return try Program.run(["run", "script.nn"], in: folder.url, environment: environment)
  }

  /// Whether cairo is here; `make test` sees to it.
  private func hasCairo() throws -> Bool {
    let folder = try folder()
    return try run("plot to=a.png", in: folder).status == 0
  }

  @Test func aPNGHasTheSizeThatItSaysAndIsNotBlank() throws {
    guard try hasCairo() else { return }
    let folder = try folder()
    let run = try run(
      "plot history to=light.png width=500\nplot history to=dark.png width=500 theme=dark", in: folder)
    #expect(run.status == 0, "\(run.errors)")
    for name in ["light.png", "dark.png"] {
      let bytes = [UInt8](try Data(contentsOf: folder.url.appendingPathComponent(name)))
      #expect(bytes.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
      // IHDR: width and height, big-endian.
      let width = bytes[16..<20].reduce(0) { $0 << 8 | Int($1) }
      let height = bytes[20..<24].reduce(0) { $0 << 8 | Int($1) }
      #expect(width == 1000)
      #expect(height > 400 && height < 2000)
      // A blank picture of that size packs to some 3 kB.
      #expect(bytes.count > 8_000, "\(name) has \(bytes.count) bytes")
    }
    let light = try Data(contentsOf: folder.url.appendingPathComponent("light.png"))
    let dark = try Data(contentsOf: folder.url.appendingPathComponent("dark.png"))
    #expect(light != dark)
  }

  @Test func withoutCairoThereIsAWayOut() throws {
    let folder = try folder()
    let run = try run("plot history to=a.png", in: folder, ["NN_CAIRO": "/nonexistent/libcairo.so.2"])
    #expect(run.status == 1)
    #expect(run.errors.contains("error[E1080]: PNG is drawn by cairo, and `libcairo"), "\(run.errors)")
    #expect(run.errors.contains("help: `to=FILE.svg` needs nothing else"))
    #expect(!folder.names.contains("a.png"))
  }

  @Test func withoutFontsCairoHasOneOfItsOwn() throws {
    guard try hasCairo() else { return }
    let folder = try folder()
    try folder.write("<?xml version=\"1.0\"?>\n<fontconfig></fontconfig>\n", to: "fonts.conf")
    let run = try run(
      "plot history to=a.png", in: folder,
      ["FONTCONFIG_FILE": folder.url.appendingPathComponent("fonts.conf").path])
    #expect(run.status == 0, "\(run.errors)")
    #expect(!run.errors.contains("warning"), "\(run.errors)")
    let bytes = try Data(contentsOf: folder.url.appendingPathComponent("a.png"))
    #expect(bytes.count > 8_000)
  }

  @Test func aPictureThatCannotBeWrittenIsAnErrorWithItsPlace() throws {
    let folder = try folder()
    try folder.write("", to: "blocked")
    let run = try run("plot history to=blocked/a.svg", in: folder)
    #expect(run.status == 1)
    #expect(run.errors.contains("script.nn:2:17"), "\(run.errors)")
  }

  @Test func thatWhichIsWrittenTwiceIsTheSameByteForByte() throws {
    let folder = try folder()
    for kind in [
      "history", "confusion", "roc", "pr", "calibration", "importance", "predictions", "model", "weights",
    ] {
      let run = try run("plot \(kind) to=one.svg\nplot \(kind) to=two.svg", in: folder)
      #expect(run.status == 0, "\(run.errors)")
      let one = try folder.read("one.svg")
      #expect(try one == folder.read("two.svg"))
      #expect(one.hasPrefix("<svg xmlns="))
      let again = try Program.run(["run", "--quiet", "--threads", "1", "script.nn"], in: folder.url)
      #expect(again.status == 0)
      #expect(try one == folder.read("one.svg"), "\(kind) with another number of threads")
    }
  }

  @Test func namesFromFilesCarryNoCodesIntoTerminals() throws {
    let folder = try Folder()
    try folder.write("a\u{1B}[31m,<b>&\"c\n1,2\n2,4\n3,6\n4,8\n", to: "t.csv")
    try folder.write(
      "data t.csv | model < dense 1 > | compile loss=mse | fit epochs=2 seed=1\nplot importance\nplot predictions\nplot predictions to=p.svg",
      to: "script.nn")
    let run = try Program.run(["run", "script.nn"], in: folder.url)
    #expect(run.status == 0, "\(run.errors)")
    #expect(!run.output.contains("\u{1B}"))
    let svg = try folder.read("p.svg")
    #expect(!svg.contains("\u{1B}") && !svg.contains("<b>"))
    #expect(svg.contains("&lt;b&gt;&amp;&quot;c"))
  }
}
