import NN
import NNDiagnostics

/// What stands before the line: where the flow stands, `iris[150×5] → 12-3 ▸ `, or that a statement goes on.
public struct Prompt: Sendable, Hashable {
  /// Where the flow stands; `nn` where there is nothing yet.
  public var state: String
  /// The sign that the line begins behind, with its blanks.
  public var sign: String

  public var text: String { state + sign }

  /// A terminal whose characters are not Unicode gets `>`, `->` and `x`.
  public static func usual(_ state: FlowState, columns: Int, isUnicode: Bool = true) -> Prompt {
    // Two fifths are for the prompt, the rest is for what is typed.
    let room = max(columns * 2 / 5 - 3, 4)
    let forms: [String] = [
      state.text,
      [state.table, state.network].compactMap { $0 }.joined(separator: " → "),
      state.network ?? state.table ?? "",
      "nn",
    ].filter { !$0.isEmpty }
    let fitting = forms.first { displayWidth(of: $0) <= room } ?? "nn"
    return Prompt(state: isUnicode ? fitting : plain(fitting), sign: isUnicode ? " ▸ " : " > ")
  }

  /// Under a statement that is not whole yet, as wide as the prompt before it.
  public static func continuation(of prompt: Prompt, isUnicode: Bool = true) -> Prompt {
    let sign = isUnicode ? "… " : ". "
    let width = min(displayWidth(of: prompt.text), 30)
    return Prompt(state: String(repeating: " ", count: max(0, width - displayWidth(of: sign))), sign: sign)
  }

  private static func plain(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "→": result += "->"
      case "×": result += "x"
      case "…": result += ".."
      default: result += character.isASCII ? String(character) : "?"
      }
    }
    return result
  }
}
