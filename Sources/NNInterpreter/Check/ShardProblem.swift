/// Shards and ranks that do not go together.
enum ShardProblem: Problem {
  case ranks(Int, shards: Int, batch: Int)
  case moreThanRows(shards: Int, batch: Int)
  /// `-` is read where several ranks run.
  case standardInput

  var code: String {
    switch self {
    case .ranks: "E0378"
    case .moreThanRows: "E0379"
    case .standardInput: "E0380"
    }
  }

  var message: String {
    switch self {
    case .ranks(let ranks, 1, _): "\(ranks) ranks cannot share a fit of one shard"
    case .ranks(let ranks, let shards, _): "\(ranks) ranks cannot share \(shards) shards evenly"
    case .moreThanRows(let shards, let batch): "\(shards) shards of a batch of \(batch) rows leave some empty"
    case .standardInput: "standard input reaches the first of several ranks only"
    }
  }

  var help: String? {
    switch self {
    case .ranks(let ranks, let shards, let batch):
      if ranks & (ranks - 1) != 0 {
        "start a power of two of ranks\(Self.ranksFor(shards).map { ", such as \($0)" } ?? "")"
      } else if ranks > batch {
        "write `batch=\(ranks * 32) shards=\(ranks)`, or start fewer ranks"
      } else {
        "write `shards=\(ranks)`; the weights depend on the number of shards, and not on that of ranks"
      }
    case .moreThanRows(_, let batch): "write at most `shards=\(batch)`, or a larger `batch=`"
    case .standardInput: "save it to a file, and name that"
    }
  }

  /// The most ranks that can share so many shards; nil for a single one.
  private static func ranksFor(_ shards: Int) -> Int? {
    let power = shards & -shards
    return power > 1 ? power : nil
  }
}
