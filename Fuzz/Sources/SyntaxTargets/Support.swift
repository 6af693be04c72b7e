import NNDiagnostics

/// The input as libFuzzer gives it.
func bytes(_ start: UnsafePointer<UInt8>?, _ count: Int) -> [UInt8] {
  // SAFETY: libFuzzer gives `count` bytes at `start`, and nil only for none.
  start.map { Array(UnsafeBufferPointer(start: $0, count: count)) } ?? []
}

/// Ends the program if something does not hold: that is how libFuzzer is told.
func require(_ holds: Bool, _ what: @autoclosure () -> String) {
  if !holds { fatalError(what()) }
}

func isWithin(_ span: Span, _ source: SourceFile) -> Bool {
  0 <= span.start && span.start <= span.end && span.end <= source.bytes.count
}
