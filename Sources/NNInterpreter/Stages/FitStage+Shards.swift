import NNDiagnostics
import NNEngine

extension FitStage {
  /// Shards that the batch cannot fill, or that the ranks which run this script cannot share.
  func checkShards(_ context: CheckContext) {
    let arguments = bound.arguments
    let shards = arguments.integer("shards", or: 1)
    let batch = arguments.integer("batch", or: 32)
    if shards > batch {
      context.report(
        ShardProblem.moreThanRows(shards: shards, batch: batch),
        at: arguments.span("shards") ?? bound.nameSpan)
    } else if let ranks = context.options.ranks?.count, context.run == nil,
      !FitOptions.takes(shards: shards, ranks: ranks)
    {
      // Each run of many is made by one rank.
      context.report(
        ShardProblem.ranks(ranks, shards: shards, batch: batch),
        at: arguments.span("shards") ?? bound.nameSpan)
    }
  }
}
