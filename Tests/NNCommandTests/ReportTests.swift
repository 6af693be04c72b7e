import Foundation
import Support
import Testing

/// The page that `report` writes.
@Suite struct ReportTests {
  private func page(_ script: String, _ arguments: [String] = []) throws -> String {
    let folder = try Folder()
    for name in ["iris.csv", "cars.csv"] {
      try FileManager.default.createSymbolicLink(
        at: folder.url.appendingPathComponent(name),
        withDestinationURL: repository.appendingPathComponent("scripts/" + name))
    }
    try folder.write(script, to: "script.nn")
    let run = try Program.run(["run", "--quiet"] + arguments + ["script.nn"], in: folder.url)
    #expect(run.status == 0, "\(run.errors)")
    return try folder.read("card.html")
  }

  static let scripts = [
    """
    data iris.csv | split test=20% val=20% seed=1 | scale standard
    model < dense 8 relu; output > | compile lr=0.02 metrics=accuracy | fit epochs=15 seed=1 | calibrate
    report to=card.html title="Irises </script><b> & more" note="a `name` and a ` alone"
    """,
    """
    data iris.csv | filter species != setosa | split test=20% val=30% seed=1
    model < dense 8 relu; output > | compile lr=0.02 metrics=[accuracy, auc] | fit epochs=15 seed=1 | threshold f1
    report to=card.html repeats=2
    """,
    """
    data cars.csv target=mpg | split test=30% seed=1 | scale standard
    model < dense 16 relu; residual < dense 16 >; output > | compile lr=0.02 metrics=mae | fit epochs=10 budget=60s seed=1
    report to=card.html
    """,
    """
    data cars.csv target=[mpg, weight] | scale standard columns=[mpg, weight, displacement, horsepower, year]
    model < dense 8 relu; output > | fit epochs=2 seed=1
    report card.html
    """,
    """
    data iris.csv | model < output > | fit epochs=0 seed=1
    report to=card.html
    """,
  ]

  @Test(arguments: scripts) func isOneFileThatAsksForNothing(_ script: String) throws {
    let page = try page(script)
    #expect(page.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">"))
    for word in ["<script", "src=", "@import", "url(", "<iframe", "<link rel=\"stylesheet\""] {
      #expect(!page.contains(word), "\(word)")
    }
    let addresses = Set(page.matches(of: #/https?:[^" <]*/#).map { String($0.output) })
    #expect(addresses == ["http://www.w3.org/2000/svg"])
    #expect(!page.contains("nan\"") && !page.contains("inf\""))
  }

  @Test(arguments: scripts) func ofEachPictureThereAreWords(_ script: String) throws {
    let page = try page(script)
    let figures = page.components(separatedBy: "<figure>").dropFirst()
    #expect(figures.count >= 4)
    for figure in figures {
      #expect(figure.contains("<figcaption><b>"))
      #expect(figure.contains("<summary>In words</summary><p>"))
      #expect(figure.components(separatedBy: "<svg ").count == 3, "one for a desk, one for a telephone")
      #expect(figure.components(separatedBy: "<title id=").count == 3)
    }
    let ids = page.matches(of: #/ id="([^"]*)"/#).map { String($0.output.1) }
    #expect(Set(ids).count == ids.count, "an id stands twice")
    for match in page.matches(of: #/aria-labelledby="([^"]*)"/#) {
      for id in match.output.1.split(separator: " ") { #expect(ids.contains(String(id)), "\(id)") }
    }
    for match in page.matches(of: #/href="#([^"]*)"/#) { #expect(ids.contains(String(match.output.1))) }
    // Every tag that is opened is closed.
    for tag in [
      "section", "div", "table", "tr", "td", "th", "dl", "dt", "dd", "figure", "details", "svg", "main", "p",
      "ul", "li",
    ] {
      let opened = page.matches(of: try Regex("<\(tag)[ >]")).count
      let closed = page.components(separatedBy: "</\(tag)>").count - 1
      #expect(opened == closed, "\(tag): \(opened) and \(closed)")
    }
  }

  @Test(arguments: scripts) func theSameScriptGivesTheSamePage(_ script: String) throws {
    #expect(try page(script) == page(script, ["--threads", "1"]))
  }

  @Test func saysWhatTheModelIs() throws {
    let first = try page(Self.scripts[0])
    #expect(first.contains("<title>Irises &lt;/script&gt;&lt;b&gt; &amp; more</title>"))
    #expect(first.contains("a `name` and a ` alone"))
    #expect(first.contains("90 training, 30 validation, 30 test"))
    let table = repository.appendingPathComponent("scripts/iris.csv").path
    let sum = Process()
    sum.executableURL = URL(fileURLWithPath: "/usr/bin/sha256sum")
    sum.arguments = [table]
    let pipe = Pipe()
    sum.standardOutput = pipe
    try sum.run()
    sum.waitUntilExit()
    let digest = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self).prefix(64)
    #expect(first.contains(digest))
    #expect(first.contains("by a temperature of"))
    #expect(first.contains("Confusion matrix"))
    // The script stands in it, as it is.
    #expect(first.contains("fit epochs=15 seed=1 | calibrate\n"))
    #expect(try page(Self.scripts[1]).contains("<code>virginica</code> is said above a probability of"))
    let third = try page(Self.scripts[2])
    #expect(third.contains("Residuals") && third.contains("R² (1 is exact, 0 is the mean)"))
    #expect(
      try page(Self.scripts[3]).contains("Predicts the numbers <code>mpg</code> and <code>weight</code>"))
    #expect(try page(Self.scripts[4]).contains("These rows trained the model"))
  }

  /// What a browser makes of it, where there is one.
  @Test func aBrowserHasNothingToComplainOf() throws {
    guard
      let browser = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].first(
        where: FileManager.default.isExecutableFile)
    else { return }
    let folder = try Folder()
    try folder.write(try page(Self.scripts[0]), to: "card.html")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: browser)
    process.arguments = [
      "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--v=0",
      "--user-data-dir=" + folder.url.appendingPathComponent("profile").path, "--dump-dom",
      folder.url.appendingPathComponent("card.html").absoluteString,
    ]
    let errors = folder.url.appendingPathComponent("errors")
    try Data().write(to: errors)
    process.standardError = try FileHandle(forWritingTo: errors)
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    let said = try folder.read("errors")
    #expect(!said.contains("CONSOLE"), "\(said)")
  }
}
