import Foundation
import NNData
import NNEngine

/// What reference/make_fixtures.py wrote down of the real Keras.
enum Fixtures {
  /// A file each, in the order of the page.
  static let kinds = [
    "layers", "activations", "losses", "metrics", "optimizers", "schedules", "regularizers", "fit",
  ]

  /// A training with what its file has for it.
  struct Case: Sendable {
    var kind: String
    var training: TrainingFixture
    var initial: [String: FixtureTensor]

    var title: String { "\(kind): \(training.name)" }
  }

  static let cases: [Case] = kinds.flatMap { kind -> [Case] in
    guard let file = read(TrainingFile.self, kind) else { return [] }
    return file.cases.map { Case(kind: kind, training: $0, initial: file.weights[$0.initial] ?? [:]) }
  }

  static let points: PointsFile? = read(PointsFile.self, "points")

  /// By kind, as `layer` or `optimizer`; beside them the file has its versions.
  static let signatures: [String: Signatures] = {
    guard let url = url("signatures"), let data = try? Data(contentsOf: url),
      let file = try? JSONDecoder().decode([String: SignatureKind].self, from: data)
    else { return [:] }
    return file.compactMapValues(\.signatures)
  }()

  private struct SignatureKind: Decodable {
    var signatures: Signatures?
    init(from decoder: any Decoder) throws {
      signatures = try? decoder.singleValueContainer().decode(Signatures.self)
    }
  }

  /// The tables in memory that the cases name: `table:rows`, `table:others`.
  static let tables: [String: Table] = {
    guard let file = read(TablesFile.self, "tables") else { return [:] }
    return file.tables.mapValues { columns in
      let sorted = columns.sorted { $0.key < $1.key }
      let made = try? Table(
        source: "fixture", columns: sorted.map { Column(name: $0.key, numbers: $0.value) })
      return made ?? Table.empty
    }
  }()

  private static func url(_ name: String) -> URL? {
    Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Fixtures")
  }

  private static func read<File: Decodable>(_ type: File.Type, _ name: String) -> File? {
    guard let url = url(name), let data = try? Data(contentsOf: url)
    else { return nil }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try? decoder.decode(type, from: data)
  }
}

extension Table {
  fileprivate static var empty: Table {
    (try? Table(source: "fixture", columns: [])) ?? Table.empty
  }
}
