// NNInterpreter
