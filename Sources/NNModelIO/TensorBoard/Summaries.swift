import NNData
import NNEngine
import SwiftProtobuf

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A setting of a run, as TensorBoard's table of hyper-parameters shows it.
public enum HyperParameter: Sendable {
  case number(Double)
  case text(String)
}

extension EventFile {
  /// Numbers of one step, by name.
  public func scalars(_ values: [(name: String, value: Double)], step: Int) throws(DataError) {
    guard !values.isEmpty else { return }
    try summary(
      step: step,
      values.map { name, number in
        var value = TBSummary.Value()
        value.tag = name
        value.simpleValue = Float(number)
        return value
      })
  }

  /// How each weight tensor's numbers are spread.
  public func histograms(of network: Network, step: Int) throws(DataError) {
    try summary(
      step: step,
      network.parameters.filter { !$0.values.isEmpty }.map { parameter in
        var value = TBSummary.Value()
        value.tag = parameter.name.replacing(".", with: "/") + "/histogram"
        value.histo = Self.histogram(of: parameter.values)
        return value
      })
  }

  /// The settings of one of many runs, at its beginning.
  public func runBegins(_ settings: [(name: String, value: HyperParameter)], group: String) throws(DataError)
  {
    var info = TBSessionStartInfo()
    for (name, setting) in settings {
      var value = TBHParamValue()
      switch setting {
      case .number(let number): value.numberValue = number
      case .text(let text): value.stringValue = text
      }
      info.hparams[name] = value
    }
    info.groupName = group
    info.startTimeSecs = Self.now
    var data = TBHParamsPluginData()
    data.sessionStartInfo = info
    try hyperParameters("_hparams_/session_start_info", data)
  }

  /// That the run has come to its end.
  public func runEnds() throws(DataError) {
    var info = TBSessionEndInfo()
    info.status = 1
    info.endTimeSecs = Self.now
    var data = TBHParamsPluginData()
    data.sessionEndInfo = info
    try hyperParameters("_hparams_/session_end_info", data)
  }

  private func hyperParameters(_ tag: String, _ data: TBHParamsPluginData) throws(DataError) {
    var value = TBSummary.Value()
    value.tag = tag
    value.metadata.pluginData.pluginName = "hparams"
    value.metadata.pluginData.content = (try? data.serializedData()) ?? Data()
    try summary(step: 0, [value])
  }

  private func summary(step: Int, _ values: [TBSummary.Value]) throws(DataError) {
    var event = TBEvent()
    event.step = Int64(step)
    event.summary.value = values
    try write(event)
  }

  /// Thirty buckets of one width, as Keras has them; numbers that are not finite are left out.
  static func histogram(of values: [Float]) -> TBHistogram {
    let numbers = values.lazy.filter(\.isFinite).map { Double($0) }
    var histogram = TBHistogram()
    guard let low = numbers.min(), let high = numbers.max() else { return histogram }
    let buckets = 30
    let width = high > low ? (high - low) / Double(buckets) : 1
    var counts = [Double](repeating: 0, count: buckets)
    for number in numbers {
      counts[min(max(Int((number - low) / width), 0), buckets - 1)] += 1
      histogram.sum += number
      histogram.sumSquares += number * number
    }
    histogram.min = low
    histogram.max = high
    histogram.num = counts.reduce(0, +)
    histogram.bucket = counts
    histogram.bucketLimit = (1...buckets).map {
      $0 == buckets && high > low ? high : low + width * Double($0)
    }
    return histogram
  }
}
