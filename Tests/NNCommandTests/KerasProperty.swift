import NN

// This file is in the tests and, by a link, in Fuzz/: what libFuzzer found once the tests try again.

/// What is promised of a file that Keras wrote, or that says it did (a `.keras` archive, HDF5, a configuration, a log): nn reads none of
/// them as a model, whatever they are called, and says so; as a table it reads what is one.
///
/// - Parameter write: puts the bytes into a file with an ending, and gives its path.
/// - Returns: what does not hold; nil if all does.
func brokenPromise(ofKerasFile bytes: [UInt8], write: ([UInt8], String) -> String) -> String? {
  for ending in ["keras", "h5", "safetensors", "onnx", "csv", "json"] {
    let path = write(bytes, ending)
    for stage in ["model", "data"] {
      let source = SourceFile(name: "s.nn", text: "\(stage) \"\(path)\"")
      let result = Interpreter().check(source)
      if let broken = brokenPromise(of: result.diagnostics) { return broken }
      if stage == "model", result.status == .done, ending == "keras" || ending == "h5" {
        return "a model out of a .\(ending)"
      }
    }
  }
  return nil
}
