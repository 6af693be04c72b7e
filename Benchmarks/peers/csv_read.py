"""Seconds to read a CSV of numbers into one float32 array, as a whole process of its own (see run.py).

    python csv_read.py pandas|polars|duckdb FILE
"""

import sys

reader, path = sys.argv[1:3]
if reader == "pandas":
    import pandas

    table = pandas.read_csv(path, dtype="float32").to_numpy()
elif reader == "polars":
    import polars

    table = polars.read_csv(path).to_numpy().astype("float32")
else:
    import duckdb

    columns = duckdb.sql(f"select * from read_csv('{path}')").fetchnumpy()
    import numpy

    table = numpy.stack([columns[name].astype("float32") for name in columns], axis=1)
print(table.shape, table.dtype)
