/// Says that a loss which stops being finite is an end that was reckoned with. The fit ends there in any case, at the first
/// batch, with the weights of the last whole epoch; whoever runs it asks for this callback to tell an end from an error.
public struct TerminateOnNaN: Callback {
  /// It is an error all the same, and other callbacks know it before they end.
  public var raisesError: Bool

  public init(raisesError: Bool = false) { self.raisesError = raisesError }
}
