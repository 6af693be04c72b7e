import NNData
import NNDiagnostics
import NNEngine
import Synchronization

/// Answers rows as they come, piece by piece, in memory that does not grow with them: `… | nn predict MODEL - | …`.
final class PredictionStream: Sendable {
  /// `@unchecked Sendable`: a predictor is used by the one thread that has taken it out of the pool.
  private struct Idle: @unchecked Sendable {
    let predictor: Predictor
  }

  private struct Lines: Sendable {
    var bytes: [UInt8] = []
    var columns: [OutputColumn] = []
    var rows = 0
    var unanswered = 0
    var warnings: [PreparationWarning] = []
    var failure: Found?
  }

  /// The rows, those of them without an answer, and what was handled as trained although training had not shown it.
  struct Outcome {
    var rows: Int
    var unanswered: Int
    var warnings: [PreparationWarning]
  }

  fileprivate struct State {
    var hasHeader = false
    var unanswered = 0
    var warnings: [PreparationWarning] = []
    var failure: Found?
  }

  private let trained: TrainedModel
  private let network: Network
  private let probabilities: Bool
  /// Numbers without which there is no answer.
  private let unfilled: [String]
  private let predictors = Mutex<[Idle]>([])
  private let state = Mutex(State())

  init(_ trained: TrainedModel, probabilities: Bool) throws(Found) {
    self.trained = trained
    self.probabilities = probabilities
    unfilled = trained.preprocessor.inputs.compactMap { input in
      if case .number(nil, _) = input.encoding { input.name } else { nil }
    }
    do {
      network = try trained.givingProbabilities()
    } catch {
      throw Found(RunProblem.engine(error))
    }
  }

  /// Reads standard input to its end.
  ///
  /// - Parameter write: takes the lines, the header's first, as soon as they are known.
  func run(
    _ options: ReadOptions, threads: Int?, stop: StopSignal,
    write: @escaping @Sendable ([UInt8]) throws(DataError) -> Void
  ) throws(Found) -> Outcome {
    let kinds = trained.preprocessor.columnTypes
    let features = Set(trained.preprocessor.inputs.map(\.name))
    let rows: Int
    do throws(DataError) {
      rows = try readPieces(
        path: "-", options: options, kinds: kinds.filter { features.contains($0.key) }, threads: threads,
        shouldStop: { stop.isRequested }, answer: { self.answer($0) },
        take: { (lines) throws(DataError) in try self.take(lines, write) })
    } catch {
      if let failure = state.withLock({ $0.failure }) { throw failure }
      throw Found(Self.problem(error))
    }
    return state.withLock { Outcome(rows: rows, unanswered: $0.unanswered, warnings: $0.warnings) }
  }

  /// As where the whole table is read first.
  private static func problem(_ error: DataError) -> any Problem {
    switch error {
    case .missingColumns(let source, let names, let known) where names.count == 1:
      DataProblem.noSuchColumn(names[0], path: source, suggestion: nil, known: known)
    case .missingColumns(let source, let names, let known):
      DataProblem.noSuchColumns(names, path: source, known: known)
    case .badCells(let source, _, let cells, let count):
      RunProblem.badCells(path: source, cells: cells, total: count)
    case .unwritable: RunProblem.writing(error)
    default: error.problem
    }
  }

  private func answer(_ table: Table) -> PieceAnswer<Lines> {
    var lines = Lines(rows: table.rowCount)
    var failure: DataError?
    if let hole = firstHole(in: table) {
      lines.rows = hole.row
      failure = .missingValues(source: table.source, columns: [ColumnCount(column: hole.column, count: 1)])
    }
    do {
      let chosen = failure == nil ? nil : Array(0..<lines.rows)
      let features = try trained.preprocessor.features(of: table, rows: chosen)
      let outputs = try predict(features.matrix)
      let answers = trained.answers(from: outputs, probabilities: probabilities)
      (lines.columns, lines.unanswered) = (answers.columns, answers.unanswered)
      lines.bytes = csvRows(lines.columns)
      lines.warnings = features.warnings
      // Only their names are needed from here on.
      lines.columns = lines.columns.map { $0.emptied }
    } catch let error as DataError {
      lines.rows = 0
      failure = error
    } catch let error as EngineError {
      lines.failure = Found(RunProblem.engine(error))
    } catch {
      lines.failure = Found(RunProblem.callback("\(error)"))
    }
    return PieceAnswer(lines, rows: lines.rows, failure: failure)
  }

  private func firstHole(in table: Table) -> (row: Int, column: String)? {
    var first: (row: Int, column: String)?
    for name in unfilled {
      guard let column = table[name], column.missingCount > 0, case .numeric(let values) = column.values,
        let row = values.firstIndex(where: \.isNaN), row < first?.row ?? .max
      else { continue }
      first = (row, name)
    }
    return first
  }

  private func predict(_ features: Matrix) throws(EngineError) -> Matrix {
    let idle = predictors.withLock { $0.popLast() }
    let predictor =
      if let idle { idle.predictor } else {
        try Predictor(network, threads: 1)
      }
    let used = Idle(predictor: predictor)
    defer { predictors.withLock { $0.append(used) } }
    return try predictor.predict(features)
  }

  private func take(
    _ lines: Lines, _ write: @Sendable ([UInt8]) throws(DataError) -> Void
  ) throws(DataError) {
    if let failure = lines.failure {
      state.withLock { $0.failure = failure }
      throw .stopped(source: "standard input")
    }
    let isFirst = state.withLock { state in
      state.warnings.add(lines.warnings)
      state.unanswered += lines.unanswered
      defer { state.hasHeader = true }
      return !state.hasHeader
    }
    try write((isFirst ? csvHeader(lines.columns) : []) + lines.bytes)
  }
}

extension OutputColumn {
  /// The same without its values.
  fileprivate var emptied: OutputColumn {
    switch self {
    case .numbers(let name, _): .numbers(name: name, [])
    case .texts(let name, _): .texts(name: name, [])
    }
  }
}
