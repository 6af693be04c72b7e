// A line for each target of this package.
int fuzz_csv_main(int argc, char **argv);
