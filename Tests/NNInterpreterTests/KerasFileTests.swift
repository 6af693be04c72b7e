import Foundation
import NNEngine
import Support
import Testing

@testable import NNInterpreter

/// Files and fits of the real Keras, and ours beside them.
@Suite("Callbacks' files and fit's options against Keras")
struct KerasFileTests {
  /// A fit for callbacks to look at, without any training.
  private final class StandingFit: FitUnderWay {
    var learningRate: Double
    var epoch = 0
    var stepInEpoch = 0
    var runningValues: [(name: String, value: Double)] = []
    var records: [EpochRecord] = []
    private let network: Network

    init(rate: Double) throws {
      learningRate = rate
      network = try Network(inputWidth: 1, layers: [Dense(units: 1)])
    }
    func currentNetwork() -> Network { network }
    func snapshot() -> FitSnapshot {
      FitSnapshot(network: network, state: TrainingState(optimizer: SGD()))
    }
  }

  /// Writes the file of a fixture's fits.
  /// - Parameter cut: an epoch after which the program is ended and begun again, with two more epochs in the file by then.
  private func csv(_ one: KerasFileFixtures.CSV, to path: String, cut: Int? = nil) throws {
    let names = Set(one.records.flatMap { $0.values.keys }).map { ($0, MetricDirection?.some(.minimize)) }
    let fit = try StandingFit(rate: one.rate)
    func made() -> [any Callback] {
      let separator = Catalog.separator(one.options.separator ?? ",") ?? ","
      let logger = CSVLogger(path: path, separator: separator, appends: one.options.append ?? false)
      let plateau = ReduceLROnPlateau(monitor: "loss", factor: 0.5, patience: 1, minDelta: 1e9)
      switch one.plateau {
      case "before": return [plateau, logger]
      case "behind": return [logger, plateau]
      default: return [logger]
      }
    }
    func begun() throws -> [any Callback] {
      var callbacks = made()
      var start = CallbackStart(values: names)
      for index in callbacks.indices { try callbacks[index].begin(&start) }
      return callbacks
    }
    for first in stride(from: 0, to: one.records.count, by: one.epochsPerFit) {
      var callbacks = try begun()
      fit.records = []
      func epoch(_ index: Int) {
        let record = one.records[index]
        var logs = EpochRecord(
          epoch: record.epoch, values: record.values.map { ($0.key, Double($0.value.value)) },
          learningRate: fit.learningRate, seconds: 0)
        fit.records.append(logs)
        for place in callbacks.indices { #expect(callbacks[place].epochEnded(&logs, fit) == .proceed) }
      }
      let last = first + one.epochsPerFit
      for index in first..<last {
        epoch(index)
        guard let cut, index - first == cut else { continue }
        let (memories, records, rate) = (callbacks.map(\.memory), fit.records, fit.learningRate)
        epoch(index + 1)
        epoch(index + 2)
        callbacks = try begun()
        (fit.records, fit.learningRate) = (records, rate)
        for place in callbacks.indices { try callbacks[place].restore(memories[place], fit) }
      }
      for place in callbacks.indices { _ = callbacks[place].end(.epochs, fit) }
    }
  }

  @Test("csv_logger writes Keras's file to the byte, ended in between or not", arguments: [nil, 0, 2])
  func csvFiles(cut: Int?) throws {
    let files = try KerasFileFixtures.result.get().csv
    #expect(files.count >= 10)
    for (number, one) in files.enumerated() {
      let folder = try Folder()
      let path = folder.url.appendingPathComponent("log.csv").path
      try csv(one, to: path, cut: cut)
      #expect(try folder.read("log.csv") == one.text, "file \(number)")
    }
  }

  @Test("paths have their numbers as Python's str.format writes them")
  func formats() throws {
    let fixtures = try KerasFileFixtures.result.get()
    for one in fixtures.floats {
      let format = one.format ?? ""
      let value = try #require(Double(one.value))
      guard let parsed = PythonFormat(format[...]) else {
        #expect(format.contains("x="), "`\(format)` is not taken")
        continue
      }
      #expect(parsed.fits(isWhole: false))
      #expect(parsed.text(value) == one.text, "\(one.value) as `\(format)`")
    }
    for one in fixtures.wholes {
      let parsed = try #require(PythonFormat((one.format ?? "")[...]), "`\(one.format ?? "")`")
      #expect(parsed.fits(isWhole: true))
      #expect(parsed.text(try #require(Int(one.value))) == one.text, "\(one.value) as `\(one.format ?? "")`")
    }
    for one in fixtures.numbers {
      #expect(PythonNumber.text(try #require(Double(one.value))) == one.text)
    }
  }

  @Test("what is no format of Python's, or none for its kind of number, is refused")
  func badFormats() {
    for text in ["q", "2.", ".f", "02d5", "1000d", ".200f", "#x", ",d"] {
      #expect(PythonFormat(text[...]) == nil || PythonFormat(text[...])?.fits(isWhole: true) == false)
    }
    #expect(PythonFormat("d")?.fits(isWhole: false) == false)
    #expect(PythonFormat(".2")?.fits(isWhole: true) == false)
  }

  @Test("steps_per_epoch, validation_freq, class and row weights and plateaus give Keras's fits")
  func fits() throws {
    for one in try KerasFileFixtures.result.get().fits {
      let units = one.kind == "sparse" || one.kind == "onehot" ? 3 : 1
      let (head, loss, metric): (any Activation, any Loss, any Metric) =
        switch one.kind {
        case "binary": (Sigmoid(), BinaryCrossentropy(), BinaryAccuracy())
        case "sparse": (Softmax(), SparseCategoricalCrossentropy(), SparseCategoricalAccuracy())
        case "onehot": (Softmax(), CategoricalCrossentropy(), CategoricalAccuracy())
        default: (Linear(), MeanSquaredError(), LossMetric(MeanAbsoluteError(), name: "mae"))
        }
      var network = try Network(
        inputWidth: 3, layers: [Dense(units: 4, activation: Tanh()), Dense(units: units, activation: head)])
      for (parameter, values) in zip(network.parameters, one.initial) {
        try network.setParameter(name: parameter.name, shape: parameter.shape, values: values)
      }
      let width = one.kind == "onehot" ? 3 : 1
      func rows(_ range: Range<Int>, weighted: Bool) -> Dataset {
        Dataset(
          features: Matrix(
            rows: range.count, columns: 3, values: Array(one.x[range.lowerBound * 3..<range.upperBound * 3])),
          targets: Matrix(
            rows: range.count, columns: width,
            values: Array(one.y[range.lowerBound * width..<range.upperBound * width])),
          weights: weighted ? Array(one.weights[range]) : nil)
      }
      var training = rows(0..<one.rows, weighted: one.options.sampleWeight == true)
      if let weights = one.options.classWeight {
        let named = weights.map {
          ClassWeights.Named(name: "c\($0.key)", weight: $0.value, text: "", span: nil)
        }
        training = try ClassWeights.named(named).applied(
          to: training, classes: (0..<max(units, 2)).map { "c\($0)" })
      }
      let validation =
        one.validation == "none"
        ? nil : rows(one.rows..<one.rows + 12, weighted: one.validation == "weighted")
      let frequency: ValidationFrequency =
        switch one.options.validationFreq {
        case .every(let period): .every(period)
        case .epochs(let epochs): .epochs(Set(epochs))
        case nil: .every(1)
        }
      let plateaus = one.plateaus.map {
        ReduceLROnPlateau(
          monitor: $0.monitor ?? "val_loss", factor: $0.factor, patience: $0.patience, minDelta: $0.minDelta,
          cooldown: $0.cooldown ?? 0, minRate: $0.minLr ?? 0)
      }
      var trainer = try Trainer(
        network: network, loss: loss,
        options: FitOptions(
          epochs: one.epochs, batchSize: one.batch, shuffle: false, callbacks: plateaus, metrics: [metric],
          stepsPerEpoch: one.options.stepsPerEpoch, validationFrequency: frequency))
      var state = TrainingState(optimizer: SGD(learningRate: one.lr))
      let outcome = try trainer.fit(training: training, validation: validation, state: &state)
      compare(outcome, state, trainer.network, one)
    }
  }

  private func compare(
    _ outcome: FitOutcome, _ state: TrainingState, _ network: Network, _ one: KerasFileFixtures.Fit
  ) {
    #expect(state.stepsDone == one.steps.reduce(0, +), "\(one.name): \(one.steps)")
    #expect(outcome.records.count == one.logs.count, "\(one.name)")
    for (record, logs) in zip(outcome.records, one.logs) {
      var names = Set(record.values.map(\.name))
      if let rate = logs["learning_rate"] {
        names.insert("learning_rate")
        #expect(Float(record.learningRate) == rate.value, "\(one.name), epoch \(record.epoch)")
      }
      #expect(names == Set(logs.keys), "\(one.name), epoch \(record.epoch)")
      for (name, value) in record.values {
        let expected = Double(logs[name]?.value ?? .nan)
        #expect(
          abs(value - expected) / max(1e-3, abs(expected)) < 1e-5,
          "\(one.name), epoch \(record.epoch), \(name): \(value), not \(expected)")
      }
    }
    for (parameter, expected) in zip(network.parameters, one.final) {
      let scale = max(1e-2, expected.map { abs($0) }.max() ?? 0)
      let difference = zip(parameter.values, expected).map { abs($0 - $1) }.max() ?? 1
      #expect(difference / scale < 1e-5, "\(one.name), \(parameter.name)")
    }
  }
}
