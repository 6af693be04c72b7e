import Foundation

@testable import NNEngine

/// What Fixtures/make_callback_histories.py wrote down of Keras's callbacks.
struct CallbackFixtures: Decodable {
  /// A float32, which JSON writes as a string if it is not finite.
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

  struct Options: Decodable {
    var monitor: String
    var mode: String
    var minDelta: Double
    var patience: Int
    var baseline: Double?
    var restoreBestWeights: Bool?
    var startFromEpoch: Int?
    var factor: Double?
    var cooldown: Int?
    var minLr: Double?
  }

  struct EarlyStoppingHistory: Decodable {
    var options: Options
    var firstEpoch: Int
    /// Of the monitored value; nil where an epoch has none.
    var values: [Number?]
    var stoppedEpoch: Int?
    var best: Number?
    var bestEpoch: Int?
    var keptEpoch: Int
  }

  struct PlateauHistory: Decodable {
    var options: Options
    var rate: Double
    var values: [Number?]
    /// `learning_rate` in each epoch's logs, and the optimizer's rate after it.
    var logged: [Number]
    var after: [Number]
  }

  var earlyStopping: [EarlyStoppingHistory]
  var plateau: [PlateauHistory]

  static let result: Result<CallbackFixtures, any Error> = Result {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let url = folder.appendingPathComponent("Fixtures/keras_callbacks.json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(CallbackFixtures.self, from: Data(contentsOf: url))
  }
}

/// A fit for callbacks to look at, without any training.
final class StandingFit: FitUnderWay {
  var learningRate = 0.01
  var epoch = 0
  var stepInEpoch = 0
  var runningValues: [(name: String, value: Double)] = []
  var records: [EpochRecord] = []
  var network: Network

  init() throws {
    network = try Network(inputWidth: 1, layers: [Dense(units: 1, useBias: false)])
    try mark(0)
  }

  /// Makes the network's one weight a number to know it by.
  func mark(_ number: Int) throws {
    try network.setParameter(name: "layers.0.kernel", shape: [1, 1], values: [Float(number)])
  }

  func currentNetwork() -> Network { network }
  func snapshot() -> FitSnapshot { FitSnapshot(network: network, state: TrainingState(optimizer: SGD())) }
}

extension Network {
  /// What ``StandingFit/mark(_:)`` wrote.
  var mark: Int? { parameters.first?.values.first.map { Int($0) } }
}
