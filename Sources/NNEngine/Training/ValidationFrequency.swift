/// After which epochs a fit looks at its validation rows. Epochs count from 1, on over continued fits.
public enum ValidationFrequency: Sendable, Hashable {
  /// After those that the number divides.
  case every(Int)
  /// After these.
  case epochs(Set<Int>)

  func includes(_ epoch: Int) -> Bool {
    switch self {
    case .every(let period): period > 0 && epoch % period == 0
    case .epochs(let epochs): epochs.contains(epoch)
    }
  }

  /// Whether one of the epochs from the first to the last is among them; none is if the last comes before the first.
  public func includesAny(from first: Int, through last: Int) -> Bool {
    switch self {
    case .every(let period): return period > 0 && last / period * period >= first
    case .epochs(let epochs): return epochs.contains { first <= $0 && $0 <= last }
    }
  }
}
