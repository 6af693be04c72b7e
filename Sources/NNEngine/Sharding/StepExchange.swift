/// Adds up a step's gradients over ranks, and its other sums (``ParameterStore/sums``). The backward pass runs from the last layer to the
/// first, so what is complete is always the end of the run of gradients.
protocol StepExchange: AnyObject {
  /// All gradients from a place on are those of the shards here.
  func ready(from place: Int)
  /// The rest is, too: returns when all are those of the whole batch.
  func finish()
  /// Seconds in which steps have waited for other ranks.
  var waited: Double { get }
  /// Nothing more will be added up.
  func close()
}
