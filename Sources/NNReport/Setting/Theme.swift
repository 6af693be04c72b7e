/// The colours of pictures, on light and on dark pages.
///
/// The series' colours are those of Okabe and Ito, which the colour-blind tell apart, darkened or lightened until each has a
/// contrast of at least 3 : 1 with its page (WCAG 2.2, 1.4.11); texts have 4.5 : 1 or more (1.4.3). Yellow, which cannot be seen
/// on white, gives way to amber. Dashes and markers say the same once more.
public enum Theme: String, Sendable, CaseIterable {
  case light, dark
  /// Both, and the reader's system decides; where a format cannot do that, light.
  case auto

  static let seriesCount = 7

  /// `#rrggbb`; ``auto`` has the light ones.
  func color(_ ink: Scene.Ink) -> String {
    let isDark = self == .dark
    switch ink {
    case .page: return isDark ? "#14181d" : "#ffffff"
    case .onShade: return isDark ? "#14181d" : "#1f2328"
    case .text: return isDark ? "#e6eaf0" : "#1f2328"
    case .muted: return isDark ? "#a3adba" : "#59626d"
    case .grid: return isDark ? "#2b323b" : "#e6e9ed"
    case .frame: return isDark ? "#5b6673" : "#9aa3ad"
    case .panel: return isDark ? "#1d232a" : "#f3f5f8"
    case .series(let slot):
      let colors = isDark ? Self.onDark : Self.onLight
      return colors[slot % colors.count]
    }
  }

  private static let onLight = ["#0072b2", "#d55e00", "#00855f", "#b8588c", "#a06a00", "#2f8fc8", "#6b7280"]
  private static let onDark = ["#56b4e9", "#ff8a4c", "#2cc295", "#e7a0c8", "#f0d040", "#9cc7ff", "#9aa4b2"]

  /// Red, green and blue, 0 to 1.
  func components(_ ink: Scene.Ink) -> (red: Double, green: Double, blue: Double) {
    let value = UInt32(color(ink).dropFirst(), radix: 16) ?? 0
    func part(_ shift: UInt32) -> Double { Double(value >> shift & 0xFF) / 255 }
    return (part(16), part(8), part(0))
  }
}
