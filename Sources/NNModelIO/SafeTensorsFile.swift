/// The contents of a safetensors file: named float32 tensors, row-major, and a map of texts.
///
/// The format: eight bytes with the header's length N, little-endian; N bytes of JSON, padded with spaces; then
/// the tensors' bytes. (github.com/huggingface/safetensors, README.)
public struct SafeTensorsFile: Sendable, Equatable {
  public struct Tensor: Sendable, Equatable {
    public var name: String
    public var shape: [Int]
    /// Row-major; as many as the product of the shape.
    public var values: [Float]

    public init(name: String, shape: [Int], values: [Float]) {
      self.name = name
      self.shape = shape
      self.values = values
    }
  }

  /// In the order of the file.
  public var tensors: [Tensor]
  public var metadata: [String: String]

  public init(tensors: [Tensor] = [], metadata: [String: String] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  /// The tensor of that name, if there is one.
  public subscript(name: String) -> Tensor? { tensors.first { $0.name == name } }
}
