import Foundation
import Testing

@testable import NNInterpreter

/// Nothing that the catalog offers goes unjudged, and docs/keras.md says how each fared.
@Suite struct CoverageTests {
  /// What no fixture can have, and why.
  static let exceptions: [Item: String] = {
    var exceptions: [Item: String] = [:]
    for callback in ["checkpoint", "csv_logger", "tensorboard", "terminate_on_nan", "backup"] {
      exceptions[Item(kind: "callback", name: callback)] =
        "changes no number of a training; has tests of its own"
    }
    exceptions[Item(kind: "metric", name: "mean")] = "Keras's compile refuses it"
    for metric in Catalog.metrics {
      exceptions[Item(kind: "metric", name: metric.name, option: "name")] = "only names what the history has"
    }
    for (option, reason) in [
      ("path", "nn's own way of naming the data"), ("budget", "ends by the clock"),
      ("seal", "records a fit and changes none"),
      ("steps", "nn's own: ends within an epoch"), ("seed", "Keras has other random numbers"),
      ("shards", "nn's own"),
    ] {
      exceptions[Item(kind: "stage", name: "fit", option: option)] = reason
    }
    return exceptions
  }()

  static let items: Set<Item> =
    (CaseOutcome.all.map(\.items) + (PointTests.outcomes?.all.map(\.items) ?? []))
    .reduce(into: []) { $0.formUnion($1) }

  @Test(arguments: KerasPage.groups.map(\.kind)) func everyItemIsInACase(_ kind: String) throws {
    let group = try #require(KerasPage.groups.first { $0.kind == kind })
    let missing = group.entries.map { Item(kind: kind, name: $0.name) }.filter {
      !Self.items.contains($0) && Self.exceptions[$0] == nil
    }
    #expect(missing.isEmpty, "no fixture has \(missing.map(\.name).joined(separator: ", "))")
  }

  @Test(arguments: KerasPage.groups.map(\.kind)) func everyOptionIsInACase(_ kind: String) throws {
    let group = try #require(KerasPage.groups.first { $0.kind == kind })
    for entry in group.entries where Self.exceptions[Item(kind: kind, name: entry.name)] == nil {
      let missing = entry.options.map(\.name).filter {
        let item = Item(kind: kind, name: entry.name, option: $0)
        return !Self.items.contains(item) && Self.exceptions[item] == nil
      }
      #expect(missing.isEmpty, "no fixture gives \(entry.name) \(missing.joined(separator: ", "))")
    }
  }

  @Test(arguments: KerasPage.stages) func everyOptionOfAStageIsInACase(_ name: String) throws {
    let declaration = try #require(Catalog.stage(named: name)).declaration
    let missing = declaration.options.map(\.name).filter {
      let item = Item(kind: "stage", name: name, option: $0)
      return !Self.items.contains(item) && Self.exceptions[item] == nil
    }
    #expect(missing.isEmpty, "no fixture gives \(name) \(missing.joined(separator: ", "))")
  }

  @Test func thePageIsCurrent() throws {
    let page = try String(contentsOf: KerasPage.url, encoding: .utf8)
    let parts = page.components(separatedBy: KerasPage.marker)
    try #require(parts.count == 2, "docs/keras.md has lost the line that its table follows")
    let table = KerasPage().table
    if ProcessInfo.processInfo.environment["NN_UPDATE_DOCS"] != nil {
      try (parts[0] + KerasPage.marker + table).write(to: KerasPage.url, atomically: true, encoding: .utf8)
    } else {
      #expect(
        parts[1] == table, "docs/keras.md is not current: NN_UPDATE_DOCS=1 swift test --filter KerasTests")
    }
  }
}
