import CKernels

/// Runs kernels for a plan, split over threads where that pays. Tiles and ranges are independent, so the split never
/// shows in the result.
final class Executor {
  let kernels: UnsafePointer<ck_kernels>
  let threads: Int
  let grain: Grain
  /// Once it is requested, tiles that have not begun are left out: what comes of a product then is worth nothing, and whoever
  /// asked for it has to look at ``isGivenUp`` before using it.
  private let stop: StopSignal?

  init(
    kernels: UnsafePointer<ck_kernels>, threads: Int, grain: Grain = Grain(), stop: StopSignal? = nil
  ) {
    self.grain = grain
    self.kernels = kernels
    self.threads = max(1, min(threads, WorkerPool.mostThreads))
    self.stop = stop
  }

  /// What is being computed is no longer wanted, and may have holes. Never turns back.
  var isGivenUp: Bool { stop?.isRequested == true }

  // MARK: Products

  struct Product {
    var a: UnsafePointer<Float>
    var aRow: Int
    var aColumn: Int
    var b: UnsafePointer<Float>
    var bStride: Int
    var c: UnsafeMutablePointer<Float>
    var cStride: Int
    var rows: Int
    var columns: Int
    var depth: Int
    var bias: UnsafePointer<Float>?
    var relu: Bool

    func run(_ kernels: UnsafePointer<ck_kernels>) {
      kernels.pointee.gemm(
        a, aRow, aColumn, b, bStride, c, cStride, rows, columns, depth, bias, relu ? 1 : 0)
    }

    /// The same for a tile of the result.
    func tile(row: Int, rows: Int, column: Int, columns: Int) -> Product {
      var part = self
      part.a = a + row * aRow
      part.b = b + column
      part.c = c + row * cStride + column
      part.bias = bias.map { $0 + column }
      part.rows = rows
      part.columns = columns
      return part
    }
  }

  private struct TiledProduct {
    var product: Product
    var kernels: UnsafePointer<ck_kernels>
    var tileRows: Int
    var tileColumns: Int
    var across: Int
    /// Its owner, the executor, outlives the product.
    var stop: Unmanaged<StopSignal>?
  }

  // MARK: Products of few rows

  /// Whether so few rows go through so many weights that reading these is what takes the time.
  func readsPanels(rows: Int, weights: Int) -> Bool {
    rows <= Executor.fewRows && weights >= grain.weights
  }

  private static let fewRows = 4
  /// Columns of a panel: what the kernel for one row takes at once.
  private static let panelColumns = 128

  /// Lays the columns of `b` [depth × columns] out as panels, each of which is read from one end to the other.
  static func layPanels(
    _ b: UnsafePointer<Float>, stride: Int, depth: Int, columns: Int, to panels: UnsafeMutablePointer<Float>
  ) {
    var start = 0
    while start < columns {
      let width = panelWidth(start, columns)
      copyRows(b + start, stride, panels + start * depth, width, depth, width)
      start += panelColumns
    }
  }

  /// Floats that panels take.
  static func panelFloats(depth: Int, columns: Int) -> Int { (columns + 15) / 16 * 16 * depth }

  /// A panel's columns with those that pad the last group of sixteen.
  private static func panelWidth(_ start: Int, _ columns: Int) -> Int {
    min(panelColumns, (columns - start + 15) / 16 * 16)
  }

  private struct PanelProduct {
    var product: Product
    var panels: UnsafePointer<Float>
    var kernels: UnsafePointer<ck_kernels>

    func run(_ panel: Int) {
      let start = panel * Executor.panelColumns
      var part = product.tile(
        row: 0, rows: product.rows, column: start,
        columns: min(Executor.panelColumns, product.columns - start))
      part.b = panels + start * product.depth
      part.bStride = Executor.panelWidth(start, product.columns)
      part.run(kernels)
    }
  }

  /// The product with `b` as ``layPanels(_:stride:depth:columns:to:)`` has laid it out. Each thread has the same panels each time, so
  /// that they stay with its core.
  func multiply(_ product: Product, panels: UnsafePointer<Float>) {
    var job = PanelProduct(product: product, panels: panels, kernels: kernels)
    let count = (product.columns + Executor.panelColumns - 1) / Executor.panelColumns
    withUnsafePointer(to: &job) { pointer in
      WorkerPool.shared.run(threads: threads, count: count, context: pointer) { raw, task in
        // SAFETY: as in multiply(_:).
        raw.assumingMemoryBound(to: PanelProduct.self).pointee.run(task)
      }
    }
  }

  // MARK: Products of many rows

  func multiply(_ product: Product) {
    let size = product.rows * product.columns * product.depth
    // One thread splits only what would keep an interruption waiting.
    guard size >= (threads > 1 ? grain.product : grain.interruption) else { return product.run(kernels) }
    // Wide tiles first: a strip of the right-hand side is then read once. Rows are split only where strips are few.
    let tileColumns = 64
    let across = (product.columns + tileColumns - 1) / tileColumns
    let wanted = 4 * threads
    let down = across >= wanted ? 1 : (wanted + across - 1) / across
    let tileRows = max(24, (((product.rows + down - 1) / down) + 23) / 24 * 24)
    let count = across * ((product.rows + tileRows - 1) / tileRows)
    var job = TiledProduct(
      product: product, kernels: kernels, tileRows: tileRows, tileColumns: tileColumns, across: across,
      stop: stop.map { Unmanaged.passUnretained($0) })
    withUnsafePointer(to: &job) { pointer in
      WorkerPool.shared.run(threads: threads, count: count, context: pointer) { raw, task in
        // SAFETY: the context is the job above, which outlives the run.
        let job = raw.assumingMemoryBound(to: TiledProduct.self).pointee
        if let stop = job.stop, stop._withUnsafeGuaranteedRef({ $0.isRequested }) { return }
        let row = task / job.across * job.tileRows
        let column = task % job.across * job.tileColumns
        let tile = job.product.tile(
          row: row, rows: min(job.tileRows, job.product.rows - row), column: column,
          columns: min(job.tileColumns, job.product.columns - column))
        tile.run(job.kernels)
      }
    }
  }

  // MARK: Transposes

  private struct Transpose {
    var from: MatrixView
    var to: MatrixView
    var rows: Int
    var kernels: UnsafePointer<ck_kernels>
  }

  /// to[j, i] = from[i, j].
  func transpose(_ from: MatrixView, rows: Int, _ to: MatrixView) {
    guard threads > 1, rows * from.columns >= grain.update else {
      return kernels.pointee.transpose(from.base, from.stride, rows, from.columns, to.base, to.stride)
    }
    var job = Transpose(from: from, to: to, rows: rows, kernels: kernels)
    withUnsafePointer(to: &job) { pointer in
      WorkerPool.shared.run(threads: threads, count: (from.columns + 63) / 64, context: pointer) {
        raw, task in
        // SAFETY: as in multiply(_:).
        let job = raw.assumingMemoryBound(to: Transpose.self).pointee
        let column = task * 64
        job.kernels.pointee.transpose(
          job.from.base + column, job.from.stride, job.rows, min(64, job.from.columns - column),
          job.to.base + column * job.to.stride, job.to.stride)
      }
    }
  }
}
