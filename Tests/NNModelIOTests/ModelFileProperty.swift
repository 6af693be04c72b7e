import NNData
import NNModelIO

/// What has to hold of any bytes as an ONNX file: a network whose weights are those of its layers, or an error.
/// - Returns: what does not; nil if all does.
func brokenPromise(ofONNX bytes: [UInt8]) -> String? {
  let model: ImportedModel
  do {
    model = try ImportedModel(bytes: bytes, name: "any.onnx")
  } catch {
    return error.description.isEmpty ? "an error without a word" : nil
  }
  guard case .foreign(let network) = model else { return nil }
  if network.layers.isEmpty { return "no layers" }
  if network.columns.isEmpty { return "no columns" }
  for tensor in network.parameters where tensor.values.count != tensor.shape.reduce(1, *) {
    return "\(tensor.name) has \(tensor.values.count) values for \(tensor.shape)"
  }
  if Set(network.parameters.map(\.name)).count != network.parameters.count { return "a tensor twice" }
  return nil
}

/// The same of a safetensors file: what is read and written again is the same.
/// - Parameter scratch: a file that may be written over.
func brokenPromise(ofSafeTensors bytes: [UInt8], scratch: String) -> String? {
  do {
    let file = try AtomicFile(path: scratch)
    try file.write(bytes)
    try file.commit()
  } catch {
    return "no scratch file: \(error)"
  }
  let first: SafeTensorsFile
  do {
    first = try SafeTensorsFile(path: scratch)
  } catch {
    return error.description.isEmpty ? "an error without a word" : nil
  }
  do {
    try first.write(path: scratch)
    let second = try SafeTensorsFile(path: scratch)
    let isSame =
      first.metadata == second.metadata && first.tensors.map(\.name) == second.tensors.map(\.name)
      && first.tensors.map { $0.values.map(\.bitPattern) }
        == second.tensors.map { $0.values.map(\.bitPattern) }
    if !isSame { return "written and read it is another" }
  } catch {
    return "what was read cannot be written and read: \(error)"
  }
  // A model that it may hold is one, or an error.
  _ = try? SavedModel(path: scratch)
  return nil
}
