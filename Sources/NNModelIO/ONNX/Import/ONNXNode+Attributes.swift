extension ONNXNode {
  private func attribute(_ name: String) -> ONNXAttribute? { attribute.first { $0.name == name } }

  func int(_ name: String) -> Int? { attribute(name).flatMap { $0.hasI ? Int($0.i) : nil } }
  func float(_ name: String) -> Float? { attribute(name).flatMap { $0.hasF ? $0.f : nil } }
  func text(_ name: String) -> String? {
    attribute(name).flatMap { $0.hasS ? String(decoding: $0.s, as: UTF8.self) : nil }
  }
  func floats(_ name: String) -> [Float] { attribute(name)?.floats ?? [] }
  func ints(_ name: String) -> [Int64] { attribute(name)?.ints ?? [] }
  func texts(_ name: String) -> [String] {
    (attribute(name)?.strings ?? []).map { String(decoding: $0, as: UTF8.self) }
  }
}
