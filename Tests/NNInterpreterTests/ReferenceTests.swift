import Foundation
import Support
import Testing

@testable import NNInterpreter

/// docs/reference is what the catalog says. `NN_UPDATE_DOCS=1 swift test --filter ReferenceTests` writes it anew.
@Suite struct ReferenceTests {
  static let folder = repository.appendingPathComponent("docs/reference")

  @Test(arguments: Reference.pages.map(\.name)) func pageIsCurrent(_ name: String) throws {
    let page = try #require(Reference.pages.first { $0.name == name })
    let file = Self.folder.appendingPathComponent(name)
    if ProcessInfo.processInfo.environment["NN_UPDATE_DOCS"] == "1" {
      try FileManager.default.createDirectory(at: Self.folder, withIntermediateDirectories: true)
      try Data(page.text.utf8).write(to: file)
    }
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    #expect(text == page.text, "docs/reference/\(name) is not what the catalog says")
  }

  @Test func noPageIsLeftOver() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
    #expect(Set(names) == Set(Reference.pages.map(\.name)))
  }
}

@Suite struct HelpTests {
  static let entries: [(HelpGroup, any Declaration)] = HelpGroup.all.flatMap { group in
    group.entries.map { (group, $0) }
  }

  @Test func everythingHasAnExample() {
    for (group, entry) in Self.entries {
      #expect(!Catalog.examples(of: entry, in: group).isEmpty, "\(group.name) \(entry.name) has no example")
    }
    let names = Set(Self.entries.flatMap { [$0.1.name, "\($0.0.name) \($0.1.name)"] })
    #expect(Catalog.exampleOwners.filter { !names.contains($0) } == [], "examples of what there is not")
  }

  @Test(arguments: [40, 60, 80, 200]) func linesKeepToTheWidth(_ width: Int) throws {
    let pages =
      [Help.overview, Help.diagnostics] + Explanation.all.map(\.page) + HelpGroup.all.map(\.page)
      + Self.entries.map { HelpPage($0.1, in: $0.0) }
    for page in pages {
      let codes = Set(
        page.parts.flatMap { part -> [Substring] in
          switch part {
          case .code(let text), .usage(let text): text.split(separator: "\n")
          default: []
          }
        })
      for line in page.text(width: width, usesColor: false).split(separator: "\n") where line != page.title {
        // What is written as it is typed is not broken, nor is a word, nor what is quoted.
        if codes.contains(line.dropFirst(2)) { continue }
        let isOneWord = !line.replacing(#/`[^`]*`/#, with: "x").drop { $0 == " " }.contains(" ")
        #expect(line.count <= max(width, 40) || isOneWord, "\(page.title): \(line)")
      }
    }
  }

  @Test func topicsAreFound() throws {
    func titles(_ topic: String) throws -> [String] { try Help.pages(for: topic).map(\.title) }
    #expect(try titles("dense") == ["`dense`, a layer"])
    #expect(try titles("layers") == ["Layers"])
    #expect(try titles("layer") == ["Layers"])
    #expect(try titles("mae") == ["`mae`, a loss", "`mae`, a metric"])
    #expect(try titles("HeNormal") == ["`he_normal`, an initializer"])
    #expect(try titles("batch_normalization") == ["`batchnorm`, a layer"])
    #expect(try titles("activation") == ["Activations", "`activation`, a layer"])
    #expect(try titles("e0203").first?.hasPrefix("E0203") == true)
    #expect(try titles("errors") == ["Errors and warnings"])
    for topic in Help.topics { #expect(try !Help.pages(for: topic).isEmpty, "\(topic)") }
  }

  @Test(arguments: [
    ("train_test_split", "`split` does that here"), ("patience", "it is an option of `fit`: nn help fit"),
    ("xyzzyxyzzy", "`nn help` lists what there is"),
  ]) func unknownTopicsShowTheWay(_ topic: String, _ advice: String) throws {
    let error = try #require(throws: Help.UnknownTopic.self) { try Help.pages(for: topic) }
    #expect(error.advice == advice)
  }
}
