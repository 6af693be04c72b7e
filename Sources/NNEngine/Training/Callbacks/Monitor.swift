/// A value that a callback watches for getting better, by the rules of Keras 3's MonitorCallback: a value is better if
/// `value + |minDelta| < best` (or `value − |minDelta| > best`), the sum in double, compared as float32; the first one is.
public struct Monitor: Sendable {
  public enum Mode: String, Sendable, CaseIterable {
    case auto, min, max
  }

  public var name: String
  public var mode: Mode
  public var minDelta: Double
  private var maximizes = false

  public init(_ name: String, mode: Mode = .auto, minDelta: Double = 0) {
    self.name = name
    self.mode = mode
    self.minDelta = minDelta
  }

  /// Looks the value up among those that a fit gives.
  public mutating func begin(_ start: CallbackStart) throws(EngineError) {
    guard let found = start.values.first(where: { $0.name == name }) else {
      throw .unknownMonitor(name: name, available: start.values.map(\.name))
    }
    switch mode {
    case .auto:
      guard let direction = found.direction else { throw .noDirection(monitor: name) }
      maximizes = direction == .maximize
    case .min: maximizes = false
    case .max: maximizes = true
    }
  }

  /// Whether a value is better than another; it is if there is none.
  public func improves(_ value: Double, over reference: Double?) -> Bool {
    guard let reference else { return true }
    let delta = abs(minDelta)
    return maximizes
      ? Float(value - delta) > Float(reference) : Float(value + delta) < Float(reference)
  }
}
