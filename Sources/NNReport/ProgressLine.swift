import NNDiagnostics

/// What one line says about a running fit:
///
///     fit  37/100 ━━━━━╸────────  ▇▄▂▁  loss 0.2513  val_loss 0.3012  812 epochs/s  1.2 s left
///
/// A narrow terminal loses the bar's length first, then the rate, the values beside `loss` and `val_loss`, the second of
/// these, the time left, and last the bar.
public struct ProgressLine: Sendable {
  /// What runs, in a word.
  public var label: String
  /// Epochs that are done, of `epochs` in all.
  public var epoch: Int
  public var epochs: Int
  /// How much of the current epoch is done, 0 to 1.
  public var epochShare: Double
  /// Names with values, as in `("loss", 0.25)`.
  public var values: [(name: String, value: Double)]
  /// Epochs a second, once known.
  public var epochsPerSecond: Double?
  /// Once known.
  public var secondsLeft: Double?
  public var isColored: Bool
  /// The losses of the epochs so far, drawn as a sparkline where there is room for one.
  public var trend: [Double]

  public init(
    label: String = "fit", epoch: Int, epochs: Int, epochShare: Double = 0,
    values: [(name: String, value: Double)] = [], epochsPerSecond: Double? = nil,
    secondsLeft: Double? = nil, isColored: Bool = false, trend: [Double] = []
  ) {
    self.trend = trend
    self.label = label
    self.epoch = epoch
    self.epochs = epochs
    self.epochShare = epochShare
    self.values = values
    self.epochsPerSecond = epochsPerSecond
    self.secondsLeft = secondsLeft
    self.isColored = isColored
  }

  /// The line, without a line end, of at most `width` terminal columns.
  public func render(width: Int = 80) -> String {
    let width = max(width, 1)
    let all = String(max(epochs, 0))
    let done = String(max(epoch, 0))
    let head =
      escapingControls(label) + " "
      + String(repeating: " ", count: max(0, all.count - done.count)) + done + "/" + all
    let values = values.map { escapingControls($0.name) + " " + formatMetric($0.value) }
    let left = secondsLeft.map { formatDuration($0) + " left" }
    let rate = epochsPerSecond.map { formatMetric($0, significantDigits: 3) + " epochs/s" }

    var tails = [values + [rate, left].compactMap { $0 }, values + [left].compactMap { $0 }]
    let losses = zip(self.values, values).filter { $0.0.name == "loss" || $0.0.name == "val_loss" }.map(\.1)
    if losses.count > 1 {
      tails += [losses + [rate, left].compactMap { $0 }, losses + [left].compactMap { $0 }]
    }
    tails.append(values.prefix(1) + [left].compactMap { $0 })
    tails.append(Array(values.prefix(1)))
    for tail in tails.prefix(2) where trend.count > 1 {
      if let line = withTrend(head, tail, width: width) { return line }
    }
    for (index, tail) in tails.enumerated() {
      let text = tail.map { "  " + $0 }.joined()
      let room = width - displayWidth(of: head) - displayWidth(of: text) - 1
      // On a narrow terminal the course of the loss tells more than a bar does beside the number of the epoch.
      if room >= 5, index == tails.count - 1, trend.count > 1 {
        let line = sparkline(trend, width: min(trend.count, 12, room - 1))
        return head + "  " + TerminalStyle.series(0).paint(line, if: isColored) + text
      }
      if room >= 8 { return head + " " + bar(min(room, 40)) + text }
    }
    for tail in tails.reversed() {
      let line = head + tail.map { "  " + $0 }.joined()
      if displayWidth(of: line) <= width { return line }
    }
    return truncating(head, toWidth: width)
  }

  /// With all that there is to say and the course of the loss; nil where that leaves no bar worth looking at.
  private func withTrend(_ head: String, _ tail: [String], width: Int) -> String? {
    let text = tail.map { "  " + $0 }.joined()
    let room = width - displayWidth(of: head) - displayWidth(of: text) - 1
    guard room >= 8 + 2 + 4 else { return nil }
    let points = min(trend.count, 12, room - 10)
    let line = sparkline(trend, width: points)
    return head + " " + bar(min(room - points - 2, 30)) + "  "
      + TerminalStyle.series(0).paint(line, if: isColored) + text
  }

  private func bar(_ width: Int) -> String {
    let share = epochs > 0 ? (Double(epoch) + min(max(epochShare, 0), 1)) / Double(epochs) : 0
    let halves = Int((min(max(share, 0), 1) * Double(width * 2)).rounded(.down))
    let full = String(repeating: "━", count: halves / 2)
    let half = halves % 2 == 1 ? "╸" : ""
    let rest = String(repeating: "─", count: width - halves / 2 - halves % 2)
    return TerminalStyle.series(0).paint(full + half, if: isColored)
      + TerminalStyle.dim.paint(rest, if: isColored)
  }
}
