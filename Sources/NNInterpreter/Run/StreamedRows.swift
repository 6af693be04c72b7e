import NNData
import NNDiagnostics
import NNEngine
import Synchronization

/// Rows of a stored table as the engine takes them: read, prepared and given their classes' weights a window at a time.
final class StreamedRows: RowSource {
  let rows: StoredRows
  let shape: RowShape
  let windowRows: Int
  private let preparation: Preprocessor
  private let target: TargetPlan
  private let columns: [String]
  /// What a row of each class counts.
  private let classWeights: [Float]?
  private let noticed = Mutex(Noticed())

  /// What was unusual about the rows, until all have been read once.
  private struct Noticed {
    var rows = 0
    var warnings: [PreparationWarning] = []
  }

  /// - Parameter memory: how many bytes of rows may be held.
  init(
    _ rows: StoredRows, _ preparation: Preprocessor, _ target: TargetPlan, memory: Int,
    classWeights: [Float]? = nil
  ) throws(Found) {
    self.rows = rows
    self.preparation = preparation
    self.target = target
    self.classWeights = classWeights
    let roles = preparation.roles
    columns = roles.features + roles.targets + [roles.weight].compactMap { $0 }
    // Of no rows, everything but the values is known.
    let empty = try preparation.dataset(try Self.table(rows, [], columns), rows: nil, target).dataset
    shape = RowShape(
      features: empty.features.columns, targets: empty.targets.columns,
      hasWeights: empty.weights != nil || classWeights != nil, units: empty.units)
    // A row is held as it was read and as it was prepared; its place in the order is one more.
    let bytes = 4 * (columns.count + shape.features + 2 * shape.targets + 3)
    windowRows = max(memory / bytes, 1)
  }

  var rowCount: Int { rows.count }
  var blockRows: Int { 4096 }

  /// Tells these rows from others.
  var fingerprint: String {
    "\(rows.fingerprint) \(preparation.json.text())"
  }

  /// What the rows that were read have shown, each row counted once.
  var warnings: [PreparationWarning] { noticed.withLock { $0.warnings } }

  func rows(_ ranges: [Range<Int>]) throws(EngineError) -> Dataset {
    do throws(Found) {
      let table = try Self.table(rows, ranges, columns)
      var (dataset, warnings) = try preparation.dataset(table, rows: nil, target)
      note(warnings, of: table.rowCount)
      if let classWeights { dataset = dataset.weighing(classWeights) }
      return dataset
    } catch {
      throw .rowsUnreadable(error.problem.message)
    }
  }

  private static func table(
    _ rows: StoredRows, _ ranges: [Range<Int>], _ columns: [String]
  ) throws(Found) -> Table {
    do {
      return try rows.table(ranges, columns: columns)
    } catch {
      throw Found(error.problem)
    }
  }

  private func note(_ warnings: [PreparationWarning], of count: Int) {
    noticed.withLock { noticed in
      guard noticed.rows < rows.count else { return }
      noticed.rows += count
      noticed.warnings.add(warnings)
    }
  }
}
