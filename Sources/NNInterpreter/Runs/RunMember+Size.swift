extension RunMember {
  /// About how many multiplications the forward pass of a step takes, by the layers that say how wide they are.
  var largestStep: Int {
    if isNested {
      let inner = plan.tasks.flatMap(\.steps).compactMap { $0.stage as? any ManyRunsStage }
      return inner.compactMap { $0.members.members.first?.largestStep }.max() ?? 0
    }
    let batch = plan.fitStages.map { $0.bound.arguments.integer("batch", or: 32) }.max() ?? 0
    let multiplications = Double(batch) * (end.model?.plan.layers.products ?? 0)
    return multiplications < 1e15 ? Int(multiplications) : Int.max
  }
}

extension [ModelPlan.PlannedLayer] {
  /// Products of the widths of layers that follow one another.
  fileprivate var products: Double {
    var sum = 0.0
    var before = 0.0
    for layer in self {
      for block in layer.blocks { sum += block.products * Double(layer.arguments.integer("count") ?? 1) }
      if let units = layer.arguments.integer("units") {
        sum += before * Double(units)
        before = Double(units)
      }
    }
    return sum
  }
}
