/// Sets a page as HTML.
struct ReportSetting {
  let page: ReportPage
  let theme: Theme

  /// How wide pictures are set: for a desk and for a telephone. A page holds both, and a media query shows one; a
  /// single drawing would be unreadable on one of them.
  private static let wide = 720.0
  private static let narrow = 340.0

  func html() -> String {
    var pictures = 0
    let sections = page.sections.enumerated().map { index, section in
      """
      <section id="s\(index + 1)" aria-labelledby="h\(index + 1)">
      <h2 id="h\(index + 1)">\(escaped(section.title))</h2>
      \(section.blocks.map { block($0, &pictures) }.joined(separator: "\n"))
      </section>
      """
    }
    let contents = page.sections.enumerated().map { index, section in
      "<li><a href=\"#s\(index + 1)\">\(escaped(section.title))</a></li>"
    }
    let headlines = page.headlines.map {
      "<div><dt>\(escaped($0.name))</dt><dd>\(escaped($0.value))</dd></div>"
    }
    return htmlDocument(
      title: escapingControls(page.title), theme: theme, styles: styles,
      body: """
        <header>
        <h1>\(escaped(page.title))</h1>
        <p class="lead">\(prose(page.lead))</p>
        \(headlines.isEmpty ? "" : "<dl class=\"headlines\">\n\(headlines.joined(separator: "\n"))\n</dl>")
        </header>
        <nav aria-label="Contents"><ul>
        \(contents.joined(separator: "\n"))
        </ul></nav>
        <main>
        \(sections.joined(separator: "\n"))
        </main>
        <footer>\(escaped(page.footer))</footer>
        """)
  }

  private func escaped(_ text: String) -> String { SVGWriter.escaped(escapingControls(text)) }

  /// A sentence in which names stand between backticks.
  private func prose(_ text: String) -> String {
    let parts = text.split(separator: "`", omittingEmptySubsequences: false)
    // A backtick without a partner is one.
    guard parts.count % 2 == 1 else { return escaped(text) }
    return parts.enumerated().map { index, part in
      index % 2 == 1 ? "<code>\(escaped(String(part)))</code>" : escaped(String(part))
    }.joined()
  }

  private func block(_ block: ReportPage.Block, _ pictures: inout Int) -> String {
    switch block {
    case .text(let text): return "<p>\(prose(text))</p>"
    case .facts(let facts):
      let rows = facts.map { "<div><dt>\(escaped($0.name))</dt><dd>\(prose($0.value))</dd></div>" }
      return "<dl class=\"facts\">\n\(rows.joined(separator: "\n"))\n</dl>"
    case .table(let table): return set(table)
    case .picture(let picture):
      pictures += 1
      return set(picture, number: pictures)
    case .code(let text):
      // Line ends are its own; other controls are shown.
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { escaped(String($0)) }
      return "<pre tabindex=\"0\"><code>\(lines.joined(separator: "\n"))</code></pre>"
    case .details(let title, let blocks):
      return "<details><summary>\(escaped(title))</summary>\n"
        + blocks.map { self.block($0, &pictures) }.joined(separator: "\n") + "\n</details>"
    }
  }

  private func set(_ table: ReportPage.Table) -> String {
    func cell(_ text: String, _ column: Int, _ tag: String, scope: String = "") -> String {
      "<\(tag)\(scope)\(table.numeric.contains(column) ? " class=\"n\"" : "")>\(escaped(text))</\(tag)>"
    }
    let head = table.headers.enumerated().map { cell($0.element, $0.offset, "th", scope: " scope=\"col\"") }
    let rows = table.rows.map { row in
      "<tr>"
        + row.enumerated().map { column, text in
          column == 0 ? cell(text, column, "th", scope: " scope=\"row\"") : cell(text, column, "td")
        }.joined() + "</tr>"
    }
    return """
      <div class="scroll" role="region" tabindex="0" aria-label="\(escaped(table.caption))"><table>
      <caption>\(escaped(table.caption))</caption>
      <thead><tr>\(head.joined())</tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody></table></div>
      """
  }

  private func set(_ picture: Picture, number: Int) -> String {
    let title = escaped(picture.title.prefix(1).uppercased() + picture.title.dropFirst())
    let subtitle = picture.subtitle.isEmpty ? "" : "<span>\(escaped(picture.subtitle))</span>"
    return """
      <figure>
      <figcaption><b>\(title)</b> \(subtitle)</figcaption>
      <div class="wide">\(picture.inlineSVG(width: Self.wide, prefix: "p\(number)w", isTitled: false))</div>
      <div class="narrow">\(picture.inlineSVG(width: Self.narrow, prefix: "p\(number)n", isTitled: false))</div>
      <details><summary>In words</summary><p>\(escaped(picture.description))</p></details>
      </figure>
      """
  }

  // MARK: The look

  private var styles: String {
    let base = """
      *{box-sizing:border-box}
      body{margin:0 auto;padding:1.5rem 1rem 3rem;max-width:50rem;font:16px/1.55 \(SVGWriter.fonts);overflow-wrap:break-word}
      h1{font-size:1.7rem;line-height:1.2;margin:0 0 .4rem}
      h2{font-size:1.25rem;margin:2.4rem 0 .6rem;padding-top:.8rem;border-top:1px solid}
      .lead{font-size:1.05rem;margin:.2rem 0 1rem}
      p{margin:.6rem 0}
      nav ul{list-style:none;display:flex;flex-wrap:wrap;gap:.3rem 1rem;margin:1rem 0 0;padding:0}
      a:focus-visible,summary:focus-visible,[tabindex]:focus-visible{outline:2px solid;outline-offset:2px}
      dl{margin:.6rem 0}
      dt,dd{margin:0}
      .headlines{display:flex;flex-wrap:wrap;gap:.6rem}
      .headlines div{flex:1 1 9rem;border-radius:8px;padding:.6rem .8rem}
      .headlines dd{font-size:1.35rem;font-weight:600;line-height:1.3}
      .headlines dt,.facts dt,figcaption span,footer,caption{font-size:.875rem}
      .facts div{display:flex;flex-wrap:wrap;gap:0 1rem;padding:.25rem 0;border-bottom:1px solid}
      .facts dt{flex:0 0 9rem;padding-top:.1rem}
      .facts dd{flex:1 1 14rem;min-width:0}
      .scroll{overflow-x:auto;margin:1rem 0}
      table{border-collapse:collapse;font-size:.875rem;font-variant-numeric:tabular-nums}
      caption{text-align:left;padding-bottom:.3rem}
      th,td{white-space:nowrap;text-align:left;padding:.3rem .9rem .3rem 0;border-bottom:1px solid;vertical-align:top}
      tbody th{font-weight:500}
      .n{text-align:right}
      figure{margin:1.2rem 0}
      figcaption{margin-bottom:.2rem}
      .nn-picture{max-width:100%;height:auto;display:block}
      .narrow{display:none}
      details{margin:.4rem 0;font-size:.9rem}
      summary{cursor:pointer}
      code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;font-size:.92em}
      pre code{font-size:1em}
      pre{overflow-x:auto;padding:.8rem;border-radius:8px;font:13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace}
      footer{margin-top:3rem}
      @media (max-width:600px){.wide{display:none}.narrow{display:block}body{padding-top:1rem}h1{font-size:1.4rem}}
      @media print{nav{display:none}body{max-width:none}figure,tr{break-inside:avoid}}
      """
    let colors =
      theme == .auto
      ? Self.colors(.light) + "\n@media (prefers-color-scheme:dark){\n" + Self.colors(.dark) + "}"
      : Self.colors(theme)
    return base + "\n" + colors + "\n" + SVGWriter.styleSheet(theme)
  }

  private static func colors(_ theme: Theme) -> String {
    let (page, text, muted) = (theme.color(.page), theme.color(.text), theme.color(.muted))
    let (grid, panel, link) = (theme.color(.grid), theme.color(.panel), theme.color(.series(0)))
    return """
      body{background:\(page);color:\(text)}
      a,summary{color:\(link)}
      h2,.facts div,th,td{border-color:\(grid)}
      .headlines dt,.facts dt,figcaption span,footer,caption,thead th{color:\(muted)}
      .headlines div,pre{background:\(panel)}

      """
  }
}
