/// What is different where several ranks train one network.
extension FitRun {
  /// Other ranks take the steps with this one.
  var isShared: Bool { (options.ranks?.count ?? 1) > 1 }

  /// What ends the fit on one rank alone, a signal, its clock, a file that it cannot write, travels with the next step's sums, and all end
  /// after that step.
  func sharedPause(_ stop: StopSignal?, _ pace: Pace) -> StopReason? {
    // All ranks' callbacks have asked.
    if isStopping { return failure ?? .earlyStopping }
    if plan.ranksStop {
      return failure ?? (stop?.isRequested == true || !pace.isSpent ? .interrupted : .budget)
    }
    if let limit = options.stepLimit, steps >= limit { return .steps }
    plan.wantsToStop = failure != nil || stop?.isRequested == true || pace.isSpent
    return nil
  }

  /// Takes up a window of rows of which no rank holds all: reads a part of them, and gets those of its own shards.
  func takeShared(
    _ index: Int, _ window: inout Dataset, _ cut: ShardCut, _ ranks: any Ranks
  ) throws(EngineError) {
    window = .none
    positions = windows.positions(of: index)
    let shared = SharedWindow(
      rows: positions.count, batchSize: options.batchSize, cut: cut, ranks: ranks)
    self.shared = shared
    plan.beginWindow(index, rows: positions.count, pass: state.passesDone)
    var read: Dataset?
    var failure: EngineError?
    do throws(EngineError) {
      let ranges = windows.rows(of: index).part(shared.part(ranks.rank))
      read =
        ranges.isEmpty
        ? Dataset(of: training.shape)
        : try training.checkedRows(ranges, network, loss: loss, what: "training")
    } catch {
      failure = error
    }
    // If one cannot read, all end.
    let reasons = ranks.gather(Array((failure?.description ?? "").utf8))
    if let failure { throw failure }
    if let rank = reasons.firstIndex(where: { !$0.isEmpty }) {
      throw .rowsUnreadable(
        "rank \(rank) cannot read its rows: \(String(decoding: reasons[rank], as: UTF8.self))")
    }
    guard let read else { return }
    window = shared.deal(read, order: plan.rowOrder)
    plan.keepOrder(rows: window.features.rows)
  }

  /// What this rank, or else the first that says so, could not do; nil without ranks.
  func failureOfAny() -> StopReason? {
    guard isShared, let ranks = options.ranks else { return nil }
    let all = ranks.gather(failure?.asBytes ?? []).compactMap { StopReason(bytes: $0) }
    return failure ?? all.first
  }

  /// Does what may fail on one rank alone, which then is every rank's failure.
  func together(_ body: () throws(EngineError) -> Void) throws(EngineError) {
    guard isShared, let ranks = options.ranks else { return try body() }
    var failure: EngineError?
    do throws(EngineError) { try body() } catch { failure = error }
    let texts = ranks.gather(Array((failure?.description ?? "").utf8))
    if let failure { throw failure }
    if let text = texts.first(where: { !$0.isEmpty }) {
      throw .callbackFailed(String(decoding: text, as: UTF8.self))
    }
  }
}

extension StopReason {
  /// A failure of one rank, for the others: a callback's place, or a byte that stands for rows, then the reason.
  fileprivate var asBytes: [UInt8] {
    switch self {
    case .callbackFailed(let callback, let reason): [UInt8(clamping: callback)] + Array(reason.utf8)
    case .rowsFailed(let error): [.max] + Array(error.description.utf8)
    default: []
    }
  }

  fileprivate init?(bytes: [UInt8]) {
    guard let first = bytes.first else { return nil }
    let reason = String(decoding: bytes.dropFirst(), as: UTF8.self)
    self =
      first == .max
      ? .rowsFailed(.rowsUnreadable(reason)) : .callbackFailed(callback: Int(first), reason: reason)
  }
}
