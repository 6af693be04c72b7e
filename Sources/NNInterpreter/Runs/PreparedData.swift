import NNData
import NNEngine
import Synchronization

/// What fits on the same rows have in common, so that many of them take the memory and the preparing of one: what `scale` and
/// the like have learned, and the matrices made with it.
final class PreparedData: Sendable {
  /// What a preparation depends on.
  struct Request: Sendable, Equatable {
    var table: Table
    /// nil for all of them.
    var rows: [Int]?
    var steps: [PreparationStep]
    var roles: Roles
    var kind: TargetKind
  }

  private struct State {
    var preprocessors: [(request: Request, preprocessor: Preprocessor)] = []
    /// Those in use by a fit, whoever keeps them.
    var inUse: [WeakPlace] = []
    /// Small ones, kept for the fits to come, the one used last behind the others.
    var kept: [PreparedPlace] = []
  }

  private struct WeakPlace {
    weak var place: PreparedPlace?
  }

  private static let mostPreprocessors = 256
  /// Rows in the lists of those that are remembered, at most, as if no two had the same list.
  private static let mostRows = 1 << 23
  /// Bytes of matrices that nobody uses any more, at most.
  private static let keptBytes = 64 << 20

  private let state = Mutex(State())

  /// What the steps learn from the rows.
  func preprocessor(_ request: Request) throws(DataError) -> Preprocessor {
    if let known = state.withLock({ $0.preprocessors.first { $0.request == request } }) {
      return known.preprocessor
    }
    let preprocessor = try Preprocessor.fit(
      steps: request.steps, table: request.table, rows: request.rows, roles: request.roles,
      targetKind: request.kind)
    state.withLock { state in
      state.preprocessors.append((request, preprocessor))
      while state.preprocessors.count > Self.mostPreprocessors
        || state.preprocessors.reduce(0, { $0 + ($1.request.rows?.count ?? 0) }) > Self.mostRows
      {
        state.preprocessors.removeFirst()
      }
    }
    return preprocessor
  }

  /// The rows as a fit takes them. Fits that ask for the same at one time share them; those that are small are kept for others.
  /// - Returns: the place where they are, which keeps them for as long as the fit keeps it.
  func place(_ request: PreparedRows.Request) throws(Found) -> PreparedPlace {
    let place = state.withLock { state in
      state.inUse.removeAll { $0.place == nil }
      if let known = state.inUse.lazy.compactMap(\.place).first(where: { $0.request == request }) {
        return known
      }
      let place = PreparedPlace(request)
      state.inUse.append(WeakPlace(place: place))
      return place
    }
    _ = try place.rows()
    state.withLock { state in
      state.kept.removeAll { $0 === place }
      state.kept.append(place)
      var bytes = 0
      let first = state.kept.lastIndex { place in
        bytes += place.byteCount
        return bytes > Self.keptBytes
      }
      if let first { state.kept.removeFirst(first + 1) }
    }
    return place
  }
}

/// Rows that are made at most once, by whoever comes first; others wait for them.
final class PreparedPlace: Sendable {
  let request: PreparedRows.Request
  private let made = Mutex<PreparedRows?>(nil)
  private let failure = Mutex<Found?>(nil)

  init(_ request: PreparedRows.Request) { self.request = request }

  func rows() throws(Found) -> PreparedRows {
    let rows = made.withLock { made -> PreparedRows? in
      if let made { return made }
      do throws(Found) { made = try request.make() } catch { failure.withLock { $0 = error } }
      return made
    }
    if let rows { return rows }
    if let failure = failure.withLock({ $0 }) { throw failure }
    return try request.make()
  }

  var byteCount: Int { request.byteCount }
}

/// Rows of a table as a fit takes them.
struct PreparedRows: Sendable {
  struct Request: Sendable, Equatable {
    var table: Table
    /// nil for all of them.
    var rows: [Int]?
    var preparation: Preprocessor
    var form: TargetForm
    var target: TargetPlan

    init(table: Table, rows: [Int]?, preparation: Preprocessor, target: TargetPlan) {
      self.table = table
      self.rows = rows
      self.preparation = preparation
      form = target.form
      self.target = target
    }

    static func == (one: Request, other: Request) -> Bool {
      one.form == other.form && one.rows == other.rows && one.preparation == other.preparation
        && one.table == other.table
    }

    func make() throws(Found) -> PreparedRows {
      let (dataset, warnings) = try preparation.dataset(table, rows: rows, target)
      return PreparedRows(dataset: dataset, warnings: warnings)
    }

    var byteCount: Int { (rows?.count ?? table.rowCount) * (preparation.featureWidth + 1) * 4 }
  }

  var dataset: Dataset
  var warnings: [PreparationWarning]
}
