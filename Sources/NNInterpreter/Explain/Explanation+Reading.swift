extension Explanation {
  /// How the text of a table is understood.
  static let reading: [Explanation] = [
    Explanation(
      "E0412", "one sign for two things",
      "What stands before decimals, between thousands and between cells has to be told apart.",
      wrong: "data prices.csv decimal=\",\" thousands=\",\"",
      right: "data prices.csv decimal=\",\" thousands=\".\"",
      files: ["prices.csv": "area;price\n52;1250\n104;12000\n80;999\n"]),
    Explanation(
      "W0420", "a name that stands in the header more than once",
      "Columns are called by name, so the later one is called `a.1`, as pandas has it.",
      wrong: "data twice.csv target=b", right: "data once.csv target=b",
      files: ["twice.csv": "a,a,b\n0,1,2\n1,3,4\n", "once.csv": "a,c,b\n0,1,2\n1,3,4\n"]),
    Explanation(
      "W0421", "a column without a name",
      "A header with an empty cell is often an index that another program has written: the column is called `column1`, by its place.",
      wrong: "data index.csv target=b", right: "data named.csv target=b",
      files: ["index.csv": ",a,b\n0,1,2\n4,3,4\n", "named.csv": "n,a,b\n0,1,2\n4,3,4\n"]),
    Explanation(
      "W0422", "a column that holds nothing",
      "A separator at the end of each row makes a column with neither a name nor a value. It is left out.",
      wrong: "data trailing.csv target=b", right: "data plain.csv target=b",
      files: ["trailing.csv": "a,b,\n1,2,\n3,4,\n", "plain.csv": "a,b\n1,2\n3,4\n"]),
    Explanation(
      "W0423", "lines above the header",
      "Lines that are no part of the table, such as its title, are left out. `skip=` says how many they are, and so that they are meant.",
      wrong: "data title.csv target=b", right: "data title.csv target=b skip=2",
      files: ["title.csv": "Yields by field\n(tons)\na,b\n1,2\n3,4\n"]),
    Explanation(
      "W0424", "numbers that are read as text",
      "All of a column's cells would be numbers if they were read as they are written in other countries. The advice says how.",
      wrong: "data areas.csv target=sold", right: "data areas.csv target=sold decimal=\",\"",
      files: ["areas.csv": "area;sold\n52,5;yes\n104,25;no\n80,5;yes\n"]),
  ]
}
