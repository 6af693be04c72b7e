// NNShell
