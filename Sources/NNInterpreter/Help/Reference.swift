/// The pages of docs/reference: a page a kind, made from the catalog and the explanations.
public enum Reference {
  /// A file's name and its text.
  public struct Page: Sendable {
    public var name: String
    public var text: String
  }

  public static var pages: [Page] {
    [index] + HelpGroup.all.map(page) + [diagnostics]
  }

  private static let note =
    "Made from the catalog by `NN_UPDATE_DOCS=1 swift test --filter ReferenceTests`; `nn help` shows the same."

  private static var index: Page {
    let rows = HelpGroup.all.map {
      "| [\($0.name)](\($0.name).md) | \($0.introduction.replacing("|", with: "\\|")) |"
    }
    let last =
      "| [diagnostics](diagnostics.md) | Every error and warning, with a wrong and a right example. |"
    return Page(
      name: "README.md",
      text: (["# Reference", "", note, "", "| | |", "|---|---|"] + rows + [last]).joined(separator: "\n")
        + "\n")
  }

  private static func page(of group: HelpGroup) -> Page {
    var list = group.page
    list.seeAlso = []
    list.parts = list.parts.map { part in
      guard case .rows(let rows) = part else { return part }
      return .rows(
        rows.map {
          HelpPage.Row($0.name, $0.text, link: "#\(anchor(HelpPage.title(of: $0.name, in: group)))")
        })
    }
    var blocks = [list.markdown(level: 1), note]
    blocks += group.entries.map { entry in
      var page = HelpPage(entry, in: group)
      let links = page.seeAlso.filter { $0 != group.name }
      page.seeAlso = []
      let seeAlso =
        links.isEmpty
        ? "" : "\n\nSee also: " + links.map { "[\($0)](\($0).md)" }.joined(separator: ", ") + "."
      return page.markdown(level: 2) + seeAlso
    }
    return Page(name: group.name + ".md", text: blocks.joined(separator: "\n\n") + "\n")
  }

  private static var diagnostics: Page {
    var list = Help.diagnostics
    list.parts = list.parts.map { part in
      guard case .rows(let rows) = part else { return part }
      return .rows(
        rows.map { row in HelpPage.Row(row.name, row.text, link: "#\(anchor("\(row.name): \(row.text)"))") })
    }
    // Examples are wrong on purpose, or have files beside them: the tests of the explanations run them.
    let pages = Explanation.all.map { $0.page.markdown(level: 2).replacing("```nn\n", with: "```text\n") }
    return Page(
      name: "diagnostics.md",
      text: ([list.markdown(level: 1), note] + pages).joined(separator: "\n\n") + "\n")
  }

  /// The anchor that a Markdown heading gets.
  private static func anchor(_ heading: String) -> String {
    String(
      heading.lowercased().compactMap { character in
        if character == " " { return "-" }
        return character.isLetter || character.isNumber || character == "_" || character == "-"
          ? character : nil
      })
  }
}
