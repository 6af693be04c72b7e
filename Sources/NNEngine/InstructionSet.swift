import CKernels

/// The variants of the kernels. Every one gives the same bits; they differ in speed.
public enum InstructionSet: String, Sendable, CaseIterable {
  case portable, avx2, avx512, neon

  var code: ck_isa {
    switch self {
    case .portable: CK_ISA_PORTABLE
    case .avx2: CK_ISA_AVX2
    case .avx512: CK_ISA_AVX512
    case .neon: CK_ISA_NEON
    }
  }

  /// The kernels for this set, if the machine has it.
  var kernels: UnsafePointer<ck_kernels>? { ck_variant(code) }

  /// Those that this machine can run.
  public static var available: [InstructionSet] { allCases.filter { $0.kernels != nil } }

  /// The best one here, or the one that the environment variable `NN_ISA` names.
  public static let active: InstructionSet = {
    let code = ck_default_isa()
    return allCases.first { $0.code == code } ?? .portable
  }()

  static func resolve(_ wanted: InstructionSet?) throws(EngineError) -> UnsafePointer<ck_kernels> {
    let set = wanted ?? active
    guard let kernels = set.kernels else { throw .unavailableInstructionSet(set.rawValue) }
    return kernels
  }
}

/// Names of the instruction sets that this machine can run, for `--version` and tests.
public var availableISAs: [String] { InstructionSet.available.map(\.rawValue) }

/// The name of the instruction set in use.
public var activeISA: String { InstructionSet.active.rawValue }
