import Foundation
import NNEngine
import Support

/// What NNEngineTests/Fixtures/make_callback_histories.py wrote down of Keras's files and fits.
struct KerasFileFixtures: Decodable {
  /// A number, or the name of one that JSON lacks.
  struct Number: Decodable {
    var value: Float

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let text = try? container.decode(String.self) {
        value = Float(text) ?? .nan
      } else {
        value = try container.decode(Float.self)
      }
    }
  }

  struct Record: Decodable {
    var epoch: Int
    var values: [String: Number]
  }

  struct CSV: Decodable {
    struct Options: Decodable {
      var append: Bool?
      var separator: String?
    }
    var options: Options
    /// Whether a plateau stands `before` the logger or `behind` it.
    var plateau: String?
    var epochsPerFit: Int
    var rate: Double
    var records: [Record]
    var text: String
  }

  struct Text: Decodable {
    var format: String?
    var value: String
    var text: String
  }

  struct Fit: Decodable {
    struct Options: Decodable {
      var stepsPerEpoch: Int?
      var validationFreq: Frequency?
      var classWeight: [String: Double]?
      var sampleWeight: Bool?
    }
    enum Frequency: Decodable {
      case every(Int)
      case epochs([Int])

      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let period = try? container.decode(Int.self) {
          self = .every(period)
        } else {
          self = .epochs(try container.decode([Int].self))
        }
      }
    }
    struct Plateau: Decodable {
      var monitor: String?
      var patience: Int
      var minDelta: Double
      var factor: Double
      var minLr: Double?
      var cooldown: Int?
    }
    var name: String
    var kind: String
    var batch: Int
    var epochs: Int
    var rows: Int
    var lr: Double
    var validation: String
    var options: Options
    var plateaus: [Plateau]
    var x: [Float]
    var y: [Float]
    var weights: [Float]
    var initial: [[Float]]
    var steps: [Int]
    var logs: [[String: Number]]
    var final: [[Float]]
  }

  var csv: [CSV]
  var floats: [Text]
  var wholes: [Text]
  var numbers: [Text]
  var fits: [Fit]

  static let result: Result<KerasFileFixtures, any Error> = Result {
    let path = "Tests/NNEngineTests/Fixtures/keras_callbacks.json"
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(
      KerasFileFixtures.self, from: Data(contentsOf: repository.appendingPathComponent(path)))
  }
}
