import Foundation

@testable import NNInterpreter

/// The table of docs/keras.md: every item of the catalog, how many cases it is in, and the largest difference there.
struct KerasPage {
  static let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("docs/keras.md")

  /// What follows it is written here.
  static let marker = "<!-- From here on written by `NN_UPDATE_DOCS=1 swift test --filter KerasTests`. -->\n"

  struct Group {
    var title: String
    var kind: String
    var entries: [any Declaration]
    /// Whether single functions were compared too.
    var hasPoints = false
  }

  static let groups: [Group] = {
    var groups = [Group(title: "Layers", kind: "layer", entries: Catalog.layers)]
    for kind in ComponentKind.allCases {
      groups.append(
        Group(
          title: plural(kind.rawValue).capitalized, kind: kind.rawValue,
          entries: Catalog.components(kind), hasPoints: [.activation, .loss, .metric].contains(kind)))
    }
    return groups
  }()

  /// Stages whose options change a training.
  static let stages = ["compile", "fit"]

  var cases = CaseOutcome.all
  var points = PointTests.outcomes?.all ?? []

  var table: String {
    let versions = Fixtures.points?.versions
    let singles = points.reduce(0) { $0 + $1.count }
    var text = "\n## How far from Keras\n\nKeras \(versions?.keras ?? "?") on TensorFlow "
    text += "\(versions?.tensorflow ?? "?"): \(cases.count) trainings, \(singles) single values. "
    text += "The largest difference is that of anything compared in any case that has the thing.\n"
    for group in Self.groups where !group.entries.isEmpty { text += section(group) }
    return text + stageOptions + absences
  }

  private var stageOptions: String {
    var text = "\n### Options of `compile` and `fit`\n\n"
    text += "| Option | Other names | Cases | Largest difference |\n|---|---|--:|--:|\n"
    for name in Self.stages {
      guard let declaration = Catalog.stage(named: name)?.declaration else { continue }
      for option in declaration.options {
        let item = Item(kind: "stage", name: name, option: option.name)
        let found = cases.filter { $0.items.contains(item) }
        guard !found.isEmpty else { continue }
        text += "| `\(name) \(option.name)` | \(Self.list(option.aliases)) | \(found.count) | "
        text += "\(Self.worst(found)) |\n"
      }
    }
    return text
  }

  /// What Keras has and nn does not.
  private var absences: String {
    var text = "\n## What Keras has and nn has not\n\n"
    for group in Absences.names {
      let kinds = group.names.sorted { $0.key < $1.key }
      let names = kinds.map { kind, names in "\(Self.plural(kind)) \(Self.list(names))" }
      text += "- \(group.reason): \(names.joined(separator: "; "))\n"
    }
    text += "\nArguments:\n\n"
    for argument in Absences.arguments { text += "- \(Self.list(argument.names)): \(argument.reason)\n" }
    return text
  }

  private static func plural(_ kind: String) -> String { kind == "loss" ? "losses" : kind + "s" }

  private func section(_ group: Group) -> String {
    var text = "\n### \(group.title)\n\n| Name | Other names | Cases | Largest difference |"
    text +=
      group.hasPoints
      ? " Single values | Largest difference |\n|---|---|--:|--:|--:|--:|\n" : "\n|---|---|--:|--:|\n"
    for entry in group.entries {
      let item = Item(kind: group.kind, name: entry.name)
      let found = cases.filter { $0.items.contains(item) }
      text += "| `\(entry.name)` | \(Self.list(entry.aliases)) | \(found.count) | \(Self.worst(found)) |"
      if group.hasPoints {
        let single = points.filter { $0.items.contains(item) }
        let count = single.reduce(0) { $0 + $1.count }
        let worst = single.map(\.worst).max()
        text += " \(count == 0 ? "" : String(count)) | \(worst.map(Self.shown) ?? "") |"
      }
      text += "\n"
    }
    return text
  }

  private static func list(_ names: [String]) -> String { names.map { "`\($0)`" }.joined(separator: ", ") }

  private static func worst(_ outcomes: [CaseOutcome]) -> String {
    outcomes.map(\.worst).max().map(shown) ?? ""
  }

  /// Two digits: `3.1e-07`.
  static func shown(_ value: Double) -> String {
    value == 0 ? "0" : String(format: "%.1e", value)
  }
}
