import Foundation
import NNEngine
import Testing

/// What Fixtures/make_keras_fixtures.py wrote down of the real Keras.
enum KerasFixtures {
  static let training: Result<TrainingFixtures, any Error> = Result { try read("keras_training") }
  static let functions: Result<FunctionFixtures, any Error> = Result { try read("keras_functions") }
  /// Empty if the file cannot be read, which a test of its own reports.
  static var cases: [TrainingFixtures.Case] { (try? training.get().cases) ?? [] }

  private static func read<Fixture: Decodable>(_ name: String) throws -> Fixture {
    let url = try #require(
      Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Fixtures"))
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Fixture.self, from: Data(contentsOf: url))
  }
}

/// A float32, which JSON writes as a string if it is not finite.
struct FixtureNumber: Decodable {
  var value: Float

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let text = try? container.decode(String.self) {
      guard let number = Float(text) else {
        throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(text) is no number")
      }
      value = number
    } else {
      value = try container.decode(Float.self)
    }
  }
}

struct FixtureTensor: Decodable {
  var shape: [Int]
  var numbers: [FixtureNumber]
  var values: [Float] { numbers.map(\.value) }
  var matrix: Matrix { Matrix(rows: shape[0], columns: shape.count > 1 ? shape[1] : 1, values: values) }

  enum CodingKeys: String, CodingKey {
    case shape
    case numbers = "values"
  }
}

/// `{"name": …}` with whatever options that name takes, their names in camel case.
struct FixtureOptions: Decodable {
  var name: String
  private var numbers: [String: Double] = [:]
  private var flags: [String: Bool] = [:]

  private struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    name = try container.decode(String.self, forKey: Key(stringValue: "name"))
    for key in container.allKeys where key.stringValue != "name" {
      if let flag = try? container.decode(Bool.self, forKey: key) {
        flags[key.stringValue] = flag
      } else {
        numbers[key.stringValue] = try container.decode(Double.self, forKey: key)
      }
    }
  }

  func number(_ name: String, or value: Double) -> Double { numbers[name] ?? value }
  func float(_ name: String, or value: Float) -> Float { numbers[name].map { Float($0) } ?? value }
  func optionalFloat(_ name: String) -> Float? { numbers[name].map { Float($0) } }
  func flag(_ name: String) -> Bool { flags[name] ?? false }
  var label: String {
    ([name] + numbers.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" } + flags.keys.sorted())
      .joined(separator: " ")
  }
}

struct TrainingFixtures: Decodable {
  struct Table: Decodable {
    var features: FixtureTensor
    var targets: FixtureTensor
  }

  struct Layer: Decodable {
    var kind: String
    var units: Int?
    var activation: FixtureOptions
    var useBias: Bool?
    var kernelL1: Float?
    var kernelL2: Float?
    var biasL1: Float?
    var biasL2: Float?
    var activityL1: Float?
    var activityL2: Float?
  }

  struct Stopping: Decodable {
    var monitor: String
    var patience: Int
    var restoreBestWeights: Bool
    var minDelta: Double?
    var baseline: Double?
    var startFromEpoch: Int?
    var mode: String?
  }

  struct Outcome: Decodable {
    var stopped: Bool
    var bestEpoch: Int
  }

  struct Case: Decodable, CustomTestStringConvertible {
    var name: String
    var table: String
    var layers: [Layer]
    var loss: FixtureOptions
    var optimizer: FixtureOptions
    var epochs: Int
    var batch: Int?
    var metrics: [String]?
    var sampleWeight: Bool?
    var validationSplit: Double?
    var earlyStopping: Stopping?
    /// How far Keras is from itself with the feature columns in another order.
    var twin: Double
    var initial: [FixtureTensor]
    var history: [String: [FixtureNumber]]
    var final: [FixtureTensor]
    var predictions: FixtureTensor
    var evaluated: [String: FixtureNumber]
    var stopping: Outcome?

    var testDescription: String { name }
  }

  var tables: [String: Table]
  var sampleWeights: FixtureTensor
  var cases: [Case]
}

struct FunctionFixtures: Decodable {
  struct Activation: Decodable {
    var function: FixtureOptions
    var values: FixtureTensor
    var gradients: FixtureTensor
  }

  struct Softmax: Decodable {
    var inputs: FixtureTensor
    var values: FixtureTensor
  }

  struct Loss: Decodable {
    var loss: FixtureOptions
    var targets: FixtureTensor
    var outputs: FixtureTensor
    var values: [FixtureNumber]
  }

  var points: FixtureTensor
  var activations: [Activation]
  var softmax: Softmax
  var losses: [Loss]
}
