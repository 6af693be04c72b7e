// The sentence's work in FANN, as a whole process: 100 epochs of 4-6-6-2 on a CSV (squared error, incremental SGD, sigmoid
// where FANN has no relu). What it leaves out of the sentence's work is in its favour.
//
//     cc -O2 fann_sentence.c -lfann -lm -o fann_sentence && ./fann_sentence data.csv

#include <fann.h>
#include <stdio.h>
#include <stdlib.h>

static float table[100000][6];

int main(int argc, char **argv) {
  FILE *file = argc > 1 ? fopen(argv[1], "r") : NULL;
  char line[1024];
  unsigned rows = 0;
  if (!file || !fgets(line, sizeof line, file)) return 1;
  while (rows < 100000 && fgets(line, sizeof line, file)) {
    char *at = line;
    for (int column = 0; column < 6; column++, at++) table[rows][column] = strtof(at, &at);
    rows++;
  }
  struct fann *net = fann_create_standard(4, 4, 6, 6, 2);
  struct fann_train_data *data = fann_create_train(rows, 4, 2);
  for (unsigned row = 0; row < rows; row++) {
    for (int column = 0; column < 4; column++) data->input[row][column] = table[row][column];
    for (int column = 0; column < 2; column++) data->output[row][column] = table[row][4 + column];
  }
  fann_set_activation_function_hidden(net, FANN_SIGMOID);
  fann_set_activation_function_output(net, FANN_LINEAR);
  fann_set_training_algorithm(net, FANN_TRAIN_INCREMENTAL);
  fann_set_learning_rate(net, 0.01f);
  for (int epoch = 0; epoch < 100; epoch++) fann_train_epoch(net, data);
  printf("%f\n", fann_get_MSE(net));
  return 0;
}
