/// A page that is whole in itself: nothing is fetched, an icon included.
///
/// - Parameters:
///   - title: as it is; escaped here.
///   - styles: the style sheet's text.
///   - body: what stands in the body, as HTML.
func htmlDocument(title: String, theme: Theme, styles: String, body: String) -> String {
  """
  <!DOCTYPE html>
  <html lang="en">
  <head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="\(theme == .auto ? "light dark" : theme.rawValue)">
  <meta name="generator" content="nn">
  <title>\(SVGWriter.escaped(title))</title>
  <link rel="icon" href="data:,">
  <style>
  \(styles)
  </style>
  </head>
  <body>
  \(body)
  </body>
  </html>

  """
}
