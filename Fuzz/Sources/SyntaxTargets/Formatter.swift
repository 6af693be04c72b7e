import NNDiagnostics
import NNSyntax

/// What parses is laid out as the same tree with the same number of comments, and a second time comes out as it went in.
@_cdecl("fuzz_formatter")
public func fuzzFormatter(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let source = SourceFile(name: "fuzz", bytes: bytes(start, count))
  guard let text = try? Formatter.text(of: source) else { return 0 }
  let laidOut = SourceFile(name: "formatted", text: text)
  guard let twice = try? Formatter.text(of: laidOut) else { fatalError("what is laid out does not parse: \(text)") }
  require(twice == text, "laid out twice it differs: \(text)\n---\n\(twice)")
  let before = parse(source)
  let after = parse(laidOut)
  require(TreePrinter.text(of: before.script) == TreePrinter.text(of: after.script), "another tree: \(text)")
  require(before.comments.count == after.comments.count, "comments are lost: \(text)")
  return 0
}
