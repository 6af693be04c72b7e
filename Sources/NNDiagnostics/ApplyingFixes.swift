extension SourceFile {
  /// The text with the first fix of every diagnostic applied; of fixes that overlap the later one wins.
  public func applyingFixes(of diagnostics: [Diagnostic]) -> String {
    var result = bytes
    var limit = end
    let fixes = diagnostics.compactMap(\.fixIts.first)
      .sorted { ($0.span.end, $0.span.start) > ($1.span.end, $1.span.start) }
    for fix in fixes where fix.span.start >= base && fix.span.start <= fix.span.end && fix.span.end <= limit {
      result.replaceSubrange(fix.span.start - base..<fix.span.end - base, with: Array(fix.replacement.utf8))
      limit = fix.span.start
    }
    return String(decoding: result, as: UTF8.self)
  }
}
