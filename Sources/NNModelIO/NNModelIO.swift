// NNModelIO
