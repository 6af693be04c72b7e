import NNData
import NNDiagnostics
import NNEngine

/// `predict [FILE] [to=FILE] [proba]`: the model's answer for each row, as CSV.
struct PredictStage: Stage {
  static let declaration = StageDeclaration(
    "predict", "writes the model's answer for each row, as CSV",
    options: [
      OptionDeclaration(
        "path", .text("a file"), positional: true, "rows to predict instead; no target needed"),
      OptionDeclaration("to", .text("a file"), "where to write; standard output if absent or `-`"),
      OptionDeclaration("proba", .boolean, default: .boolean(false), "add each class's probability"),
    ],
    needs: [.weights], streams: true)

  private let bound: BoundStage

  var files: StageFiles {
    StageFiles(
      reads: [bound.arguments.text("path")], writes: destination.map { [.file($0)] } ?? [],
      isResult: destination != nil)
  }

  init(_ bound: BoundStage) { self.bound = bound }

  private var destination: String? {
    let to = bound.arguments.text("to")
    return to == "-" ? nil : to
  }

  func check(_ experiment: inout Experiment, _ context: CheckContext) {
    checkRows(bound, of: "predict", needsTargets: false, experiment, context)
    if let destination {
      if destination.contains("://") {
        context.report(DataProblem.remote(destination), at: bound.arguments.span("to"))
      }
      if NNInterpreter.ending(of: destination) == ".safetensors" {
        context.report(
          DataProblem.ending(path: destination, known: [".csv"]),
          at: bound.arguments.span("to"))
      }
      if destination == bound.arguments.text("path") || destination == experiment.data?.path {
        context.report(DataProblem.overwritesData(destination), at: bound.arguments.span("to"))
      }
      context.writtenPaths.insert(destination)
    } else if context.options.needsPredictionFile, !bound.isBroken {
      context.report(FlowProblem.predictToStandardOutput, at: bound.nameSpan)
    }
  }

  func run(_ experiment: inout Experiment, _ context: RunContext) throws {
    guard let trained = experiment.model?.trained else { throw Found(FlowProblem.needsWeights("predict")) }
    if bound.arguments.text("path") == "-", context.tables.streamsStandardInput, !trained.hasPlaceholders {
      return try runStream(trained, experiment, context)
    }
    let rows = try ChosenRows(
      bound, of: "predict", needsTargets: false, canStream: true, experiment, context)
    var warnings: [PreparationWarning] = []
    var unanswered = 0
    let output: CSVDestination =
      if let destination {
        .file(path: expandingTilde(destination))
      } else {
        .sink(name: "standard output") { bytes in context.tell(.predictions(csv: bytes)) }
      }
    let writer = try writing { () throws(DataError) in
      if let destination { try makeFolders(above: expandingTilde(destination)) }
      return try CSVWriter(output)
    }
    for part in rows.parts(features: trained.preprocessor.featureWidth) {
      if context.stop.isRequested { throw Found(RunProblem.content(.stopped(source: rows.place))) }
      let answers = try placed(at: bound.nameSpan) { () throws(Found) in
        let (table, indices) = try rows.table(of: part, columns: trained.preprocessor.roles.features)
        return try trained.predictions(
          for: table, rows: indices, probabilities: bound.arguments.boolean("proba"),
          threads: context.options.threads)
      }
      warnings.add(answers.warnings)
      unanswered += answers.unanswered
      try writing { () throws(DataError) in try writer.write(answers.columns) }
    }
    context.warn(warnings, at: bound.nameSpan)
    warn(of: unanswered, among: rows.count, context)
    try writing { () throws(DataError) in try writer.end() }
    if let destination { context.tables.forget(path: expandingTilde(destination)) }
    context.tell(.predicted(path: destination ?? "-", rows: rows.count, place: rows.place))
  }
}

extension PredictStage {
  private func warn(of unanswered: Int, among rows: Int, _ context: RunContext) {
    guard unanswered > 0 else { return }
    context.warn(RunProblem.unanswered(rows: unanswered, of: rows), at: bound.nameSpan)
  }

  private func writing<Result>(_ body: () throws(DataError) -> Result) throws(Found) -> Result {
    do {
      return try body()
    } catch {
      throw Found(RunProblem.writing(error), at: bound.arguments.span("to") ?? bound.span)
    }
  }
}

extension ChosenRows {
  /// The parts in which the rows are predicted: all of a table at hand, so many of one that streams as may be held.
  fileprivate func parts(features: Int) -> [Range<Int>] {
    guard let streamed else { return [0..<count] }
    let size = max(streamed.memory / (4 * (table.columns.count + 2 * features + 16)), 1)
    let parts = stride(from: 0, to: count, by: size).map { $0..<min($0 + size, count) }
    return parts.isEmpty ? [0..<0] : parts
  }

  fileprivate func table(
    of part: Range<Int>, columns: [String]
  ) throws(Found) -> (table: Table, rows: [Int]?) {
    guard let streamed else { return (table, indices) }
    do {
      return (try streamed.rows.table([part], columns: columns), nil)
    } catch {
      throw Found(error.problem)
    }
  }
}

/// `@unchecked Sendable`: the stream that writes to it has one thread at a time do so.
private struct WrittenFile: @unchecked Sendable {
  let file: AtomicFile?

  func write(_ bytes: [UInt8]) throws(DataError) { try file?.write(bytes) }
}

extension PredictStage {
  /// Answers standard input's rows as they come.
  private func runStream(_ trained: TrainedModel, _ experiment: Experiment, _ context: RunContext) throws {
    let stream = try PredictionStream(trained, probabilities: bound.arguments.boolean("proba"))
    let options = experiment.readingLike()
    let destination = destination.map { expandingTilde($0) }
    let outcome: PredictionStream.Outcome
    let file = try writing { () throws(DataError) -> AtomicFile? in
      guard let destination else { return nil }
      try makeFolders(above: destination)
      return try AtomicFile(path: destination)
    }
    let written = WrittenFile(file: file)
    let observer = context.observer
    outcome = try placed(at: bound.arguments.span("path")) { () throws(Found) in
      try stream.run(options, threads: context.options.threads, stop: context.stop) {
        (bytes) throws(DataError) in
        guard let observer, destination == nil else {
          return try written.write(bytes)
        }
        observer.observe(.predictions(csv: bytes))
      }
    }
    try writing { () throws(DataError) in try file?.commit() }
    if let destination { context.tables.forget(path: destination) }
    context.warn(outcome.warnings, at: bound.nameSpan)
    warn(of: outcome.unanswered, among: outcome.rows, context)
    context.tell(.predicted(path: self.destination ?? "-", rows: outcome.rows, place: "standard input"))
  }
}

/// What a model says of some rows.
struct Answers: Sendable {
  /// To be written: a row without an answer has empty cells, or infinite numbers.
  var columns: [OutputColumn]
  /// How many rows the model gives no finite number for.
  var unanswered: Int
  /// What was handled as trained although training had not shown it.
  var warnings: [PreparationWarning] = []
}

extension TrainedModel {
  /// The predictions for some rows of a table, as columns to write: a regression's targets under their names, or
  /// the class under the target's name and, if asked, `p(class)` for each class, or `margin(class)` where the loss compares margins.
  func predictions(
    for table: Table, rows: [Int]?, probabilities: Bool, threads: Int?
  ) throws(Found) -> Answers {
    let features: (matrix: Matrix, warnings: [PreparationWarning])
    do {
      features = try preprocessor.features(of: table, rows: rows)
    } catch {
      throw Found(error.problem)
    }
    let outputs: Matrix
    do {
      outputs = try givingProbabilities().predict(features.matrix, threads: threads)
    } catch {
      throw Found(RunProblem.engine(error))
    }
    var answers = answers(from: outputs, probabilities: probabilities)
    answers.warnings = features.warnings
    return answers
  }

  /// The network's outputs as columns to write. A row has no class where one of its outputs is no number.
  func answers(from outputs: Matrix, probabilities: Bool) -> Answers {
    guard let classes = preprocessor.classes, target.kind != .numeric, let name = target.roles.targets.first
    else {
      let values = preprocessor.unscaleTargets(outputs)
      let columns = target.roles.targets.indices.map { column in
        OutputColumn.numbers(name: target.roles.targets[column], values.column(column))
      }
      return Answers(columns: columns, unanswered: values.rows(where: { !$0.isFinite }).count)
    }
    let table = classValues(outputs, classes: classes.count)
    var labels = decide(table).map { classes[$0] }
    let unanswered = table.rows(where: \.isNaN)
    for row in unanswered { labels[row] = "" }
    var columns: [OutputColumn] = [.texts(name: name, labels)]
    if probabilities {
      for (index, label) in classes.enumerated() {
        columns.append(.numbers(name: "\(givesMargins ? "margin" : "p")(\(label))", table.column(index)))
      }
    }
    return Answers(columns: columns, unanswered: unanswered.count)
  }

  /// The true and the predicted class of each of some rows, as places among the classes; rows of one target of classes.
  func confusion(
    of table: Table, rows: [Int]?, threads: Int?
  ) throws(Found) -> (matrix: ConfusionMatrix, warnings: [PreparationWarning]) {
    let classes = preprocessor.classes ?? []
    let (dataset, warnings) = try preprocessor.dataset(table, rows: rows, target.with(form: .classIDs))
    let outputs: Matrix
    do {
      outputs = try givingProbabilities().predict(dataset.features, threads: threads)
    } catch {
      throw Found(RunProblem.engine(error))
    }
    var matrix = ConfusionMatrix(classes: classes)
    let said = decide(classValues(outputs, classes: classes.count))
    for (truth, answer) in zip(dataset.targets.values, said) { matrix.add(truth: Int(truth), said: answer) }
    return (matrix, warnings)
  }

  /// The network, with the activation behind it that turns logits into probabilities if it gives logits.
  func givingProbabilities() throws(EngineError) -> Network {
    guard Catalog.makeLoss(target.loss).output == .logits else { return network }
    var activation: any Activation = Softmax()
    if case .binary = target.lossTarget { activation = Sigmoid() }
    var result = try Network(
      inputWidth: network.inputWidth, layers: network.layers + [ActivationLayer(activation)])
    for parameter in network.parameters {
      try result.setParameter(name: parameter.name, shape: parameter.shape, values: parameter.values)
    }
    return result
  }

  /// The network's outputs are margins, above 0 for a class, rather than probabilities.
  var givesMargins: Bool {
    guard Catalog.makeLoss(target.loss).output == .margins else { return false }
    let last = network.layers.last
    let activation = (last as? Dense)?.activation ?? (last as? ActivationLayer)?.activation
    return !(activation is Sigmoid || activation is Softmax)
  }

  /// One probability or margin a class from the network's outputs.
  func classValues(_ outputs: Matrix, classes: Int) -> Matrix {
    let givesMargins = givesMargins
    var result = Matrix(
      rows: outputs.rows, columns: classes, values: [Float](repeating: 0, count: outputs.rows * classes))
    for row in 0..<outputs.rows {
      if outputs.columns == 1 {
        // A binary target's one output is the second class's probability; a tie goes to the first, as in Keras's accuracy.
        let second = outputs.values[row]
        result.values[row * 2] = givesMargins ? -second : 1 - second
        result.values[row * 2 + 1] = second
      } else {
        for column in 0..<classes {
          result.values[row * classes + column] = outputs.values[row * outputs.columns + column]
        }
      }
    }
    return result
  }
}

extension Matrix {
  /// Each row's largest column; of equal ones the first.
  var largestColumns: [Int] {
    guard columns > 0 else { return [] }
    return (0..<rows).map { row in
      var winner = 0
      for column in 1..<columns where values[row * columns + column] > values[row * columns + winner] {
        winner = column
      }
      return winner
    }
  }

  /// The rows with a value of which something holds.
  func rows(where holds: (Float) -> Bool) -> [Int] {
    guard values.contains(where: holds) else { return [] }
    return (0..<rows).filter { values[$0 * columns..<($0 + 1) * columns].contains(where: holds) }
  }

  /// The values of one column, from the top.
  func column(_ index: Int) -> [Float] {
    guard index >= 0, index < columns else { return [] }
    return (0..<rows).map { values[$0 * columns + index] }
  }
}
