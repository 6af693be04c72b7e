#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

func referenceLog(_ x: Double) -> Double { log(x) }
func referenceExp(_ x: Double) -> Double { exp(x) }
func referenceErf(_ x: Double) -> Double { erf(x) }
func referenceTanh(_ x: Double) -> Double { tanh(x) }
func referenceExpm1(_ x: Double) -> Double { expm1(x) }
func referencePower(_ x: Double, _ exponent: Double) -> Double { pow(x, exponent) }
func referenceCosh(_ x: Double) -> Double { cosh(x) }
