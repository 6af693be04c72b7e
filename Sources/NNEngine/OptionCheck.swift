/// Checks the options of one thing, whose name its errors tell. Numbers must be what is asked as float32 too, which is what
/// the kernels see.
struct OptionCheck {
  private let owner: String

  init(_ owner: String) { self.owner = owner }

  func refuse(_ option: String, _ value: Any, _ requirement: String) -> EngineError {
    .invalidOption(owner: owner, option: option, value: "\(value)", requirement: requirement)
  }

  /// Throws for the first option that is not as required.
  private func all<Value: BinaryFloatingPoint>(
    _ options: KeyValuePairs<String, Value>, _ requirement: String, _ holds: (Float) -> Bool
  ) throws(EngineError) {
    for (option, value) in options where !holds(Float(value)) { throw refuse(option, value, requirement) }
  }

  func finite(_ options: KeyValuePairs<String, some BinaryFloatingPoint>) throws(EngineError) {
    try all(options, "a number") { $0.isFinite }
  }

  func notNegative(_ options: KeyValuePairs<String, some BinaryFloatingPoint>) throws(EngineError) {
    try all(options, "a number from 0 up") { $0 >= 0 && $0.isFinite }
  }

  /// An epsilon has to be: with 0 a unit that does not vary, or a weight without a gradient so far, would become 0 / 0.
  func positive(_ options: KeyValuePairs<String, some BinaryFloatingPoint>) throws(EngineError) {
    try all(options, "a number above 0") { $0 > 0 && $0.isFinite }
  }

  /// 0 and 1 included.
  func share(_ options: KeyValuePairs<String, some BinaryFloatingPoint>) throws(EngineError) {
    try all(options, "a number from 0 to 1") { $0 >= 0 && $0 <= 1 }
  }

  /// 0 included, 1 not.
  func fraction(_ options: KeyValuePairs<String, some BinaryFloatingPoint>) throws(EngineError) {
    try all(options, "a number from 0 up, below 1") { $0 >= 0 && $0 < 1 }
  }

  /// 1 included, 0 not.
  func positiveShare(_ options: KeyValuePairs<String, some BinaryFloatingPoint>) throws(EngineError) {
    try all(options, "a number above 0, up to 1") { $0 > 0 && $0 <= 1 }
  }

  func upToZero(_ options: KeyValuePairs<String, some BinaryFloatingPoint>) throws(EngineError) {
    try all(options, "a number up to 0") { $0 <= 0 && $0.isFinite }
  }

  /// For what is only for a kernel.
  func kernel(_ shape: [Int]) throws(EngineError) {
    guard shape.count == 2 else { throw refuse("shape", shape, "a kernel's, [in, out]") }
  }

  /// For the index of an output; nil is none in particular.
  func output(_ option: String, _ index: Int?, of count: Int) throws(EngineError) {
    guard let index, index < 0 || index >= count else { return }
    throw refuse(option, index, "below the number of outputs, \(count)")
  }

  func whole(_ option: String, _ value: Int, from least: Int, to most: Int? = nil) throws(EngineError) {
    guard value < least || value > most ?? .max else { return }
    throw refuse(
      option, value, "a whole number from \(least) " + (most.map { "to \($0)" } ?? "up"))
  }
}
