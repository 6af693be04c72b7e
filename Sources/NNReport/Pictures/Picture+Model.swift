extension Picture {
  /// The layers of a network.
  public static func network(_ drawing: NetworkDrawing, subtitle: String) -> Picture {
    func text(_ layer: NetworkDrawing.Layer) -> String {
      let width = layer.width.map { " (\(formatCount($0)))" } ?? ""
      let inner = layer.branches.map { $0.map(text).joined(separator: ", ") }
      let block = inner.isEmpty ? "" : " of [" + inner.joined(separator: " | ") + "]"
      return layer.name + (layer.detail.isEmpty ? "" : " " + layer.detail) + width + block
    }
    return Picture(
      title: "network", subtitle: subtitle,
      panels: drawing.layers.isEmpty ? [Panel("", .note("no layers"))] : [Panel("", .network(drawing))],
      description: "The layers in order, with their outputs: "
        + NetworkSetting.abridged(drawing.layers).map(text).joined(separator: ", ") + ".")
  }

  /// How the weights of each layer are spread.
  ///
  /// - Parameter parameters: each with its name and its values.
  public static func weights(_ parameters: [(name: String, values: [Float])], subtitle: String) -> Picture {
    let most = 12
    let panels = parameters.prefix(most).map { parameter -> Panel in
      let values = parameter.values.map(Double.init)
      let bins = Binning(around: values)
      let lost = values.count { !$0.isFinite }
      let note = lost == 0 ? "" : "\(formatCount(lost)) not finite"
      return Panel(
        parameter.name + (note.isEmpty ? "" : ", " + note),
        bins.edges.isEmpty
          ? .note("no finite values")
          : .chart(
            Chart(
              x: ChartAxis("value"), y: ChartAxis("weights", isCount: true),
              marks: [.histogram(Chart.Histogram("", edges: bins.edges, counts: bins.counts(values)))])))
    }
    let rest = parameters.count - panels.count
    let texts = parameters.prefix(most).map { parameter -> String in
      let values = parameter.values.map(Double.init).filter(\.isFinite)
      let mean = values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
      return
        "\(parameter.name): \(formatCount(parameter.values.count)) from \(formatMetric(values.min() ?? .nan)) to \(formatMetric(values.max() ?? .nan)), mean \(formatMetric(mean))"
    }
    return Picture(
      title: "weights", subtitle: subtitle + (rest > 0 ? "; \(formatCount(rest)) more are not drawn" : ""),
      panels: panels.isEmpty ? [Panel("", .note("no weights"))] : Array(panels),
      description: "Histograms of the weights. \(texts.joined(separator: "; ")).")
  }

  /// How much worse the model does without each feature.
  ///
  /// - Parameters:
  ///   - features: from the most to the least important.
  ///   - measure: what changes, as in `loss`.
  public static func importance(_ features: [BarList.Bar], measure: String, subtitle: String) -> Picture {
    let most = 30
    let rest = features.count - most
    let label = "by how much the \(measure) gets worse when the feature's values are shuffled"
    return Picture(
      title: "feature importance",
      subtitle: subtitle + (rest > 0 ? "; \(formatCount(rest)) less important features are not drawn" : ""),
      panels: [
        Panel(
          "",
          features.isEmpty
            ? .note("no features") : .bars(BarList(label: label, bars: Array(features.prefix(most)))))
      ],
      description: "Feature importance, \(label): "
        + features.prefix(most).map { "\($0.name) \(BarSetting.text($0))" }.joined(separator: ", ") + ".")
  }
}
