import NN

/// A check of any text ends, and each of its problems has a code, a sentence, and a place in the text if it has one.
@_cdecl("fuzz_checker")
public func fuzzChecker(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  // SAFETY: libFuzzer gives `count` bytes at `start`, and nil only for none.
  let bytes = start.map { Array(UnsafeBufferPointer(start: $0, count: count)) } ?? []
  // No file of this machine has a place in a test.
  if bytes.contains(UInt8(ascii: "/")) || bytes.contains(UInt8(ascii: "~")) { return 0 }
  let source = SourceFile(name: "fuzz", bytes: bytes)
  var options = RunOptions()
  options.folder = "/nonexistent"
  options.tables = tables
  for diagnostic in Interpreter().check(source, options: options).diagnostics {
    if diagnostic.code.isEmpty || diagnostic.message.isEmpty { fatalError("a problem says nothing") }
    for span in [diagnostic.span].compactMap({ $0 }) + diagnostic.fixIts.map(\.span) {
      if span.start < 0 || span.end < span.start || span.end > bytes.count { fatalError("\(diagnostic.code) sticks out") }
    }
  }
  // What an editor asks at some place of it.
  let offset = bytes.isEmpty ? 0 : Int(bytes[bytes.count / 2]) % (bytes.count + 1)
  let completions = Completer(source, at: offset, options: options).completions
  if completions.span.end > bytes.count { fatalError("a completion sticks out") }
  _ = Hover(source, at: offset, options: options)
  return 0
}

/// `data table:t` opens it.
private let tables: [String: Table] = {
  let columns = [
    Column(name: "a", numbers: (0..<8).map { Float($0) }), Column(name: "b", numbers: (0..<8).map { Float($0 * $0) }),
    Column(name: "c", texts: (0..<8).map { $0 % 3 == 0 ? "x" : "y" }),
  ]
  return (try? Table(source: "t", columns: columns)).map { ["t": $0] } ?? [:]
}()
