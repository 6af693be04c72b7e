import NNDiagnostics
import NNSyntax

/// Tokens lie in order, within the text, and end with its end; so do comments and problems.
@_cdecl("fuzz_lexer")
public func fuzzLexer(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let source = SourceFile(name: "fuzz", bytes: bytes(start, count))
  let lexed = tokenize(source)
  var end = 0
  for token in lexed.tokens {
    require(token.span.start >= end && token.span.end >= token.span.start, "tokens overlap")
    end = token.span.end
  }
  require(end <= source.bytes.count && lexed.tokens.last?.kind == .end, "the last token is not the end")
  for comment in lexed.comments { require(isWithin(comment.span, source), "a comment sticks out") }
  for problem in lexed.problems { require(isWithin(problem.span, source), "a problem sticks out") }
  return 0
}
