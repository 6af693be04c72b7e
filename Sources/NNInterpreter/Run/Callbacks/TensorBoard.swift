import NNData
import NNEngine
import NNModelIO
import Synchronization

/// Writes what TensorBoard shows, under Keras 3's names: each whole epoch's values in `train` and `validation`, on request the
/// weights' histograms, the network, and, of one of many runs, its settings.
///
/// One of many runs has a folder of its own within the one given.
struct TensorBoard: Callback {
  enum Frequency: Sendable, Equatable {
    case epoch
    /// After every so many steps, the values of the epoch so far.
    case steps(Int)
  }

  let folder: String
  /// After every so many epochs; 0 for never.
  let histograms: Int
  let writesGraph: Bool
  let frequency: Frequency
  let environment: CallbackEnvironment

  private var training: EventFile?
  private var validation: EventFile?
  private var board: EventFile?
  private var steps = 0

  /// Tells files apart that are made in one second.
  private static let files = Atomic(0)

  init(
    folder: String, histograms: Int, writesGraph: Bool, frequency: Frequency, environment: CallbackEnvironment
  ) {
    self.folder = folder
    self.histograms = histograms
    self.writesGraph = writesGraph
    self.frequency = frequency
    self.environment = environment
  }

  var stepInterval: Int? {
    if case .steps(let count) = frequency { count } else { nil }
  }

  /// The folder of this fit's run.
  private var place: String {
    let root = expandingTilde(folder)
    guard let run = environment.run else { return root }
    let settings = run.settings.map { "\($0.name)=\($0.text)" }.joined(separator: ",")
    let plain = settings.unicodeScalars.prefix(100).map { scalar in
      let isPlain =
        scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
        || "=.,_-+".unicodeScalars.contains(scalar)
      return isPlain ? Character(scalar) : "_"
    }
    return "\(root)/run-\(run.number)" + (plain.isEmpty ? "" : "-" + String(plain))
  }

  private func open(_ name: String) throws(DataError) -> EventFile {
    try EventFile(
      folder: name.isEmpty ? place : place + "/" + name,
      number: Self.files.add(1, ordering: .relaxed).newValue)
  }

  mutating func begin(_ start: inout CallbackStart) throws(EngineError) {
    do throws(DataError) {
      let training = try open("train")
      self.training = training
      if start.values.contains(where: { $0.name.hasPrefix("val_") }) { validation = try open("validation") }
      if writesGraph { try training.graph(of: environment.models.trained.network) }
      guard let run = environment.run else { return }
      let board = try open("")
      self.board = board
      try board.runBegins(
        run.settings.map { ($0.name, $0.number.map { .number($0) } ?? .text($0.text)) },
        group: "run-\(run.number)")
    } catch {
      throw .callbackFailed(error.description)
    }
  }

  mutating func stepEnded(_ fit: any FitUnderWay) -> CallbackAction {
    steps += stepInterval ?? 1
    do throws(DataError) {
      try training?.scalars(fit.runningValues.map { ("batch_" + $0.name, $0.value) }, step: steps)
      return .proceed
    } catch {
      return .fail(error.description)
    }
  }

  mutating func epochEnded(_ logs: inout EpochRecord, _ fit: any FitUnderWay) -> CallbackAction {
    // Keras counts epochs from 0.
    let step = logs.epoch - 1
    let values = logs.values.filter { $0.name != learningRateName }
    do throws(DataError) {
      try training?.scalars(
        values.filter { !$0.name.hasPrefix("val_") }.map { ("epoch_" + $0.name, $0.value) }
          + [("epoch_learning_rate", logs.learningRate)], step: step)
      try validation?.scalars(
        values.filter { $0.name.hasPrefix("val_") }.map { ("epoch_" + $0.name.dropFirst(4), $0.value) },
        step: step)
      if histograms > 0, step % histograms == 0 {
        try training?.histograms(of: fit.currentNetwork(), step: step)
      }
      return .proceed
    } catch {
      return .fail(error.description)
    }
  }

  mutating func end(_ reason: StopReason, _ fit: any FitUnderWay) -> CallbackEnd {
    defer { (training, validation, board) = (nil, nil, nil) }
    var end = CallbackEnd()
    do throws(DataError) {
      try board?.runEnds()
    } catch {
      end.failure = error.description
    }
    return end
  }
}
