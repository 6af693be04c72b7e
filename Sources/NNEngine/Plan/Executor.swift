import CKernels

/// Runs kernels for a plan.
final class Executor {
  let kernels: UnsafePointer<ck_kernels>
  let threads: Int

  init(kernels: UnsafePointer<ck_kernels>, threads: Int) {
    self.kernels = kernels
    self.threads = max(threads, 1)
  }
}
