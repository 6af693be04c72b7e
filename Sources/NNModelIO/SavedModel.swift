import NNData
import NNEngine

/// One epoch of the history in a saved model.
public struct HistoryEntry: Sendable, Hashable {
  public struct Value: Sendable, Hashable {
    public var name: String
    public var value: Double

    public init(name: String, value: Double) {
      self.name = name
      self.value = value
    }
  }

  /// From 1, counting on over continued fits.
  public var epoch: Int
  /// The loss, the metrics and their validation twins, in their order.
  public var values: [Value]
  public var learningRate: Double
  public var seconds: Double
  /// Whether the epoch was cut short.
  public var isPartial: Bool

  public init(
    epoch: Int, values: [Value], learningRate: Double, seconds: Double, isPartial: Bool = false
  ) {
    self.epoch = epoch
    self.values = values
    self.learningRate = learningRate
    self.seconds = seconds
    self.isPartial = isPartial
  }
}

/// How a model was compiled, in the catalog's names.
public struct CompileRecord: Sendable, Hashable {
  public var loss: CallRecord?
  public var optimizer: CallRecord?
  public var metrics: [CallRecord]
  /// Further options of `compile`.
  public var options: [String: OptionValue]

  public init(
    loss: CallRecord? = nil, optimizer: CallRecord? = nil, metrics: [CallRecord] = [],
    options: [String: OptionValue] = [:]
  ) {
    self.loss = loss
    self.optimizer = optimizer
    self.metrics = metrics
    self.options = options
  }
}

/// How far training went, so that it can go on.
public struct ProgressRecord: Sendable, Hashable {
  public var epochsDone: Int
  public var stepsDone: Int
  /// The optimizer's own count of steps.
  public var iterations: Int
  /// Whole passes over the rows, which number their orders.
  public var passesDone: Int
  /// The pass that training stopped within, if it did.
  public var openPass: TrainingState.OpenPass?
  /// The rate that training got to, where a callback has changed it.
  public var learningRate: Double?

  public init(
    epochsDone: Int = 0, stepsDone: Int = 0, iterations: Int = 0, passesDone: Int? = nil,
    openPass: TrainingState.OpenPass? = nil, learningRate: Double? = nil
  ) {
    self.epochsDone = epochsDone
    self.stepsDone = stepsDone
    self.iterations = iterations
    self.passesDone = passesDone ?? epochsDone
    self.openPass = openPass
    self.learningRate = learningRate
  }
}

/// From which probability on the second of two classes is said, where that is not 0.5. A label is that class if its probability is
/// above the value, whatever reads the file.
public struct DecisionRecord: Sendable, Hashable {
  public var threshold: Float
  /// What chose it, as in `f1`; `nil` where it was given.
  public var rule: String?

  public init(threshold: Float, rule: String? = nil) {
    self.threshold = threshold
    self.rule = rule
  }
}

/// That the last dense layer's weights were scaled so that probabilities hold: logits z became scale · z + offset. It is told, and
/// nothing has to be done about it: the weights in the file are the scaled ones.
public struct CalibrationRecord: Sendable, Hashable {
  public var method: String
  public var scale: Double
  public var offset: Double
  /// How many rows it was learned on.
  public var rows: Int

  public init(method: String, scale: Double, offset: Double, rows: Int) {
    self.method = method
    self.scale = scale
    self.offset = offset
    self.rows = rows
  }
}

/// A model with all that `model FILE` needs to go on with it: a safetensors file, the description in its metadata.
///
/// ```swift
/// try SavedModel(version: "1.0", inputWidth: 4, layers: records, parameters: tensors).write(path: "iris.safetensors")
/// let model = try SavedModel(path: "iris.safetensors")
/// ```
public struct SavedModel: Sendable, Equatable {
  public typealias Tensor = SafeTensorsFile.Tensor

  /// The program's version that wrote it.
  public var version: String
  public var inputWidth: Int
  /// The layers of the model block, from the first.
  public var layers: [LayerRecord]
  public var compile: CompileRecord?
  public var preprocessor: Preprocessor?
  /// How the rows of its first table were written; `nil` where that is nothing unusual.
  public var reading: ReadOptions?
  public var seed: UInt64?
  /// The weights' digest, as printed.
  public var digest: String?
  public var progress: ProgressRecord
  public var history: [HistoryEntry]
  public var decision: DecisionRecord?
  public var calibration: CalibrationRecord?
  /// `layers.0.kernel` [in, out], `layers.0.bias` …, moving statistics included, in the order of the layers.
  public var parameters: [Tensor]
  /// `optimizer.…`; empty where it was not saved.
  public var optimizerState: [Tensor]

  public init(
    version: String, inputWidth: Int, layers: [LayerRecord], compile: CompileRecord? = nil,
    preprocessor: Preprocessor? = nil, reading: ReadOptions? = nil, seed: UInt64? = nil,
    digest: String? = nil,
    progress: ProgressRecord = ProgressRecord(), history: [HistoryEntry] = [],
    decision: DecisionRecord? = nil, calibration: CalibrationRecord? = nil, parameters: [Tensor] = [],
    optimizerState: [Tensor] = []
  ) {
    self.version = version
    self.inputWidth = inputWidth
    self.layers = layers
    self.compile = compile
    self.preprocessor = preprocessor
    self.reading = reading
    self.seed = seed
    self.digest = digest
    self.progress = progress
    self.history = history
    self.decision = decision
    self.calibration = calibration
    self.parameters = parameters
    self.optimizerState = optimizerState
  }
}
