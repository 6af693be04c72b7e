import CKernels

/// Muon's iteration towards an orthogonal matrix: X ← a·X + (b·A + c·A²)·X with A = X·Xᵀ, from X of norm 1.
struct NewtonSchulz {
  let a: Float
  let b: Float
  let c: Float
  let steps: Int

  /// The short and the long side, each padded.
  private static func sides(_ rows: Int, _ columns: Int) -> (short: Int, long: Int, width: Int, square: Int) {
    let short = min(rows, columns)
    let long = max(rows, columns)
    return (short, long, paddedWidth(long), paddedWidth(short))
  }

  /// Floats of scratch for a matrix: X and its next value, Xᵀ, and three squares.
  static func floats(rows: Int, columns: Int) -> Int {
    let side = sides(rows, columns)
    return 2 * side.short * side.width + side.long * side.square + 3 * side.short * side.square
  }

  /// Puts the result of the iteration in the place of a tensor's gradients.
  func orthogonalize(_ tensor: UpdateTensor) {
    let side = NewtonSchulz.sides(tensor.rows, tensor.columns)
    let executor = tensor.executor
    let kernels = executor.kernels
    let wide = side.short * side.width
    let square = side.short * side.square
    var x = MatrixView(base: tensor.scratch, columns: side.long, stride: side.width)
    var next = MatrixView(base: x.base + wide, columns: side.long, stride: side.width)
    let transposed = MatrixView(base: next.base + wide, columns: side.short, stride: side.square)
    let gram = MatrixView(
      base: transposed.base + side.long * side.square, columns: side.short, stride: side.square)
    let scaled = MatrixView(base: gram.base + square, columns: side.short, stride: side.square)
    let polynomial = MatrixView(base: scaled.base + square, columns: side.short, stride: side.square)

    let given = MatrixView(base: tensor.region.gradients, columns: tensor.columns, stride: tensor.stride)
    let norm = tensor.norm(given.base) + 1e-7
    kernels.pointee.divide(given.base, given.base, tensor.count, norm)
    let isTall = tensor.rows > tensor.columns
    if isTall {
      executor.transpose(given, rows: tensor.rows, x)
    } else {
      x.base.update(from: given.base, count: tensor.count)
    }
    for _ in 0..<steps {
      executor.transpose(x, rows: side.short, transposed)
      multiply(executor, x, transposed, gram, rows: side.short)
      kernels.pointee.scale(gram.base, scaled.base, square, c)
      multiply(executor, scaled, gram, polynomial, rows: side.short)
      kernels.pointee.add_scaled(gram.base, polynomial.base, square, b)
      multiply(executor, polynomial, x, next, rows: side.short)
      kernels.pointee.add_scaled(x.base, next.base, wide, a)
      swap(&x, &next)
    }
    if isTall {
      executor.transpose(x, rows: side.short, given)
    } else {
      given.base.update(from: x.base, count: tensor.count)
    }
  }

  private func multiply(
    _ executor: Executor, _ left: MatrixView, _ right: MatrixView, _ result: MatrixView, rows: Int
  ) {
    executor.multiply(
      Executor.Product(
        a: left.base, aRow: left.stride, aColumn: 1, b: right.base, bStride: right.stride, c: result.base,
        cStride: result.stride, rows: rows, columns: result.stride, depth: left.columns,
        bias: nil, relu: false))
  }
}
