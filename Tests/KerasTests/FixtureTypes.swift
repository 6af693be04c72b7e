import NNEngine
import Testing

/// The versions that a file was made with.
struct Versions: Decodable, Hashable {
  var keras: String
  var tensorflow: String
}

struct TablesFile: Decodable {
  var tables: [String: [String: [Float]]]
}

struct TrainingFile: Decodable {
  var versions: Versions
  /// Initial weights by the key that cases give.
  var weights: [String: [String: FixtureTensor]]
  var cases: [TrainingFixture]
}

/// One training: what nn is told, in its own language with Keras's names, and what Keras made of the same.
struct TrainingFixture: Decodable {
  var name: String
  /// The arguments of `data`, the layers of the model's block, the arguments of `compile` and of `fit`.
  var data: String
  var model: String
  var compile: String
  var fit: String
  /// How far Keras is from itself with the feature columns in another order.
  var twin: Double
  /// nn's own initial weights must be those of the fixture; otherwise they are set.
  var ownWeights: Bool?
  /// Weights that are what rounding makes of them, in Keras as anywhere.
  var unjudged: [String]?
  /// The key of its initial weights.
  var initial: String
  /// A row an epoch: loss, metrics, and the same of the validation rows where the epoch has them.
  var history: [[FixtureNumber]]
  /// Learning rates, an epoch each, where a callback logs them.
  var rates: [FixtureNumber]?
  var evaluated: [FixtureNumber]
  /// Of the first rows.
  var predictions: FixtureTensor
  var stopping: Stopping?
  var final: [String: FixtureTensor]

  struct Stopping: Decodable {
    var stopped: Bool
    var bestEpoch: Int
  }

}

struct PointsFile: Decodable {
  struct Activation: Decodable {
    var function: String
    var values: FixtureTensor
    var gradients: FixtureTensor
  }

  struct RowActivation: Decodable {
    var function: String
    /// What the mean squared error, whose gradients these are, compares with.
    var targets: FixtureTensor
    var values: FixtureTensor
    var gradients: FixtureTensor
  }

  struct Loss: Decodable {
    var loss: String
    var targets: FixtureTensor
    var outputs: FixtureTensor
    /// One a row.
    var values: [FixtureNumber]
    var gradients: FixtureTensor
  }

  struct Metric: Decodable {
    /// Says what kind of target it is.
    var loss: String
    var metric: String
    var targets: FixtureTensor
    var outputs: FixtureTensor
    var value: FixtureNumber
  }

  var versions: Versions
  var points: FixtureTensor
  var rows: FixtureTensor
  var activations: [Activation]
  var byRow: [RowActivation]
  var losses: [Loss]
  var metrics: [Metric]
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
  var rows: Int { shape.first ?? 0 }
  var columns: Int { shape.count > 1 ? shape[1] : 1 }

  func row(_ row: Int) -> [Float] { Array(values[row * columns..<(row + 1) * columns]) }

  enum CodingKeys: String, CodingKey {
    case shape
    case numbers = "values"
  }
}

/// Keras's names of one kind, each with its arguments and their defaults.
typealias Signatures = [String: [String: SignatureArgument]]

struct SignatureArgument: Decodable, CustomStringConvertible {
  enum Default: Equatable {
    case required, none
    case boolean(Bool)
    case number(Double)
    case text(String)
  }

  var value: Default

  var description: String {
    switch value {
    case .required: "required"
    case .none: "none"
    case .boolean(let value): "\(value)"
    case .number(let value): "\(value)"
    case .text(let text): text
    }
  }

  enum CodingKeys: String, CodingKey {
    case required
    case standard = "default"
  }

  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    if container.contains(.required) {
      value = .required
    } else if let flag = try? container.decode(Bool.self, forKey: .standard) {
      value = .boolean(flag)
    } else if let number = try? container.decode(Double.self, forKey: .standard) {
      value = .number(number)
    } else if let text = try? container.decode(String.self, forKey: .standard) {
      value = .text(text)
    } else {
      value = .none
    }
  }
}
