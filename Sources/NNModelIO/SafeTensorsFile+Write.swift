import NNData

extension SafeTensorsFile {
  /// Writes the file whole or not at all (see ``AtomicFile``). The same contents give the same bytes.
  ///
  /// - Throws: ``ModelFileError/badTensor(name:problem:)`` where shape and values disagree or a name comes twice, and
  ///   what is wrong with the file.
  public func write(path: String) throws(ModelFileError) {
    let header = try headerBytes()
    do throws(DataError) {
      let file = try AtomicFile(path: path)
      try file.write((0..<8).map { UInt8(truncatingIfNeeded: header.count >> ($0 * 8)) } + header)
      for tensor in tensors {
        try file.write(tensor.values)
      }
      try file.commit()
    } catch {
      throw ModelFileError(error, path: path)
    }
  }

  /// The JSON, padded with spaces so that the tensors start at a multiple of eight bytes.
  private func headerBytes() throws(ModelFileError) -> [UInt8] {
    var members: [JSONValue.Member] = []
    if !metadata.isEmpty {
      let texts = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      members.append(
        JSONValue.Member("__metadata__", .object(texts.map { JSONValue.Member($0.key, .string($0.value)) })))
    }
    var names: Set<String> = ["__metadata__"]
    var offset = 0
    for tensor in tensors {
      guard names.insert(tensor.name).inserted else {
        throw .badTensor(name: tensor.name, problem: "its name comes twice, or is reserved")
      }
      guard tensor.shape.allSatisfy({ $0 >= 0 }),
        SafeTensorsHeader.byteCount(of: tensor.shape) == tensor.values.count * 4
      else {
        throw .badTensor(
          name: tensor.name,
          problem: "the shape \(tensor.shape) does not hold its \(tensor.values.count) values")
      }
      let end = offset + tensor.values.count * 4
      members.append(
        JSONValue.Member(
          tensor.name,
          .object([
            "dtype": .string("F32"), "shape": .array(tensor.shape.map { .integer($0) }),
            "data_offsets": .array([.integer(offset), .integer(end)]),
          ])))
      offset = end
    }
    var bytes = Array(JSONValue.object(members).text().utf8)
    while bytes.count % 8 != 0 { bytes.append(UInt8(ascii: " ")) }
    return bytes
  }
}
