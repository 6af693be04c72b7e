import NNDiagnostics
import Testing

@testable import NNInterpreter

/// The catalog is the only list, so it must be whole: unique names, help everywhere, defaults that their own types take.
@Suite struct CatalogTests {
  static let groups: [(name: String, entries: [any Declaration])] =
    [("stages", Catalog.stages.map { $0.declaration }), ("layers", Catalog.layers)]
    + ComponentKind.allCases.map { ($0.rawValue, Catalog.components($0)) }

  static let entries: [any Declaration] = groups.flatMap(\.entries)

  @Test(arguments: groups.map(\.name)) func namesAreUnique(_ group: String) throws {
    let entries = try #require(Self.groups.first { $0.name == group }).entries
    let names = entries.flatMap { [$0.name] + $0.aliases }
    #expect(Set(names).count == names.count, "\(group) has a name twice: \(names)")
    for entry in entries {
      let options = entry.options.flatMap { [$0.name] + $0.aliases }
      #expect(Set(options).count == options.count, "\(entry.name) has an option twice: \(options)")
    }
  }

  @Test func everythingHasHelp() {
    for entry in Self.entries {
      #expect(!entry.summary.isEmpty && !entry.summary.hasSuffix("."), "summary of \(entry.name)")
      for option in entry.options {
        #expect(!option.help.isEmpty && !option.help.hasSuffix("."), "help of \(entry.name) \(option.name)")
        #expect(!option.type.expectation.isEmpty, "type of \(entry.name) \(option.name)")
      }
    }
  }

  @Test func metricsAreWhatTheirEntriesSay() {
    for entry in Catalog.metrics {
      for target in [LossProduct.Target.numbers, .binary, .sparseClasses, .oneHotClasses] {
        let metric = entry.make(
          MetricSite(arguments: BoundArguments(), target: target, name: "m", targetColumns: nil))
        #expect(metric.name == "m", "\(entry.name) keeps its name to itself")
        #expect(metric.direction == entry.direction, "direction of \(entry.name)")
      }
      #expect(entry.option(named: "name") != nil, "\(entry.name) cannot be named")
    }
  }

  @Test func requiredOptionsHaveNoDefault() {
    for entry in Self.entries {
      for option in entry.options where option.isRequired {
        #expect(option.defaultValue == nil, "\(entry.name) \(option.name)")
      }
    }
  }

  @Test func codesOfProblemsAreUniqueToTheirSentence() {
    // Each group of problems has its own hundred, so that a code says where to look.
    #expect(NameProblem.layerOutsideModel("x").code.hasPrefix("E02"))
    #expect(FlowProblem.emptyModel.code.hasPrefix("E03"))
    #expect(DataProblem.badTypes("x").code.hasPrefix("E04"))
    #expect(RunProblem.expectation(text: "x", value: 0).code.hasPrefix("E10"))
    #expect(DataProblem.rowNumbers("x").severity == .warning)
  }

  @Test(arguments: [
    ("dense", "units", "a whole number from 1 to 16777216"),
    ("dropout", "rate", "a number from 0 up, below 1"),
    ("dense", "l2", "a number from 0 up"), ("dense", "bias", "`true` or `false`"),
    ("dense", "activation", "an activation"),
  ]) func typesSayWhatTheyTake(layer: String, option: String, expected: String) throws {
    let entry = try #require(Catalog.layer(named: layer))
    let declaration = try #require(entry.option(named: option))
    #expect(declaration.type.expectation == expected)
  }
}
