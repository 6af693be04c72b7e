import Testing

@testable import NNData

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

@Suite("CSV, written")
struct WriteCSVTests {
  private func text(of path: String) throws -> String {
    let source = try ByteSource(path: path)
    var bytes = [UInt8](repeating: 0, count: 1 << 16)
    let count = try bytes.withUnsafeMutableBytes { try source.read(into: $0) }
    return String(decoding: bytes[..<count], as: UTF8.self)
  }

  @Test("header, numbers, quotes")
  func layout() throws {
    try withTemporaryFolder { folder in
      try writeCSV(
        [
          .numbers(name: "x", [1, -0.5, .nan, 1e-7, 100_000_000, 0.1]),
          .texts(name: "a \"b\"", ["plain", "with,comma", "with \"quote\"", "line\nend", " blank", ""]),
        ], to: .file(path: folder + "/t.csv"))
      #expect(
        try text(of: folder + "/t.csv") == """
          x,"a ""b""\"
          1,plain
          -0.5,"with,comma"
          ,"with ""quote""\"
          1e-07,"line
          end"
          1e+08,\" blank\"
          0.1,

          """)
    }
  }

  @Test("what is written reads back", arguments: 0..<3)
  func roundTrip(_ seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let alphabet = Array("ab,\"\n\r ;\té😀")
    try withTemporaryFolder { folder in
      for _ in 0..<40 {
        let rows = Int.random(in: 1...30, using: &generator)
        let numbers = (0..<rows).map { _ -> Float in
          let value = Float(bitPattern: UInt32.random(in: 0...UInt32.max, using: &generator))
          return value.isFinite ? value : .nan
        }
        let texts = (0..<rows).map { _ in
          String(
            (0..<Int.random(in: 1...6, using: &generator)).compactMap { _ in
              alphabet.randomElement(using: &generator)
            })
        }
        let path = folder + "/t.csv"
        try writeCSV([.numbers(name: "n", numbers), .texts(name: "t", texts)], to: .file(path: path))
        let table = try readTable(
          path: path,
          options: ReadOptions(header: .present, separator: 0x2C, types: ["n": .numeric, "t": .categorical]))
        guard case .numeric(let back) = table["n"]?.values else {
          Issue.record("n is not numeric")
          return
        }
        #expect(back.map(\.bitPattern) == numbers.map { $0.isNaN ? Float.nan.bitPattern : $0.bitPattern })
        // A text of blanks alone is quoted, and not missing.
        #expect((0..<rows).map { table["t"]?.text(row: $0) } == texts.map { Optional($0) })
      }
    }
  }

  @Test("one column of empty cells keeps its rows")
  func loneColumn() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/t.csv"
      try writeCSV([.numbers(name: "n", [.nan, 1, .nan])], to: .file(path: path))
      #expect(summary(try readTable(path: path)) == ["n: - 1 -"])
    }
  }

  @Test("columns of unequal length are refused, and no file is left")
  func unequal() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/t.csv"
      #expect(throws: DataError.unequalColumns(source: path, column: "b", found: 1, expected: 2)) {
        try writeCSV([.numbers(name: "a", [1, 2]), .numbers(name: "b", [1])], to: .file(path: path))
      }
      #expect(access(path, F_OK) != 0)
    }
  }

  @Test("a closed pipe has an error of its own")
  func closedPipe() throws {
    signal(SIGPIPE, SIG_IGN)
    var ends: [Int32] = [0, 0]
    #expect(pipe(&ends) == 0)
    close(ends[0])
    #expect(throws: DataError.closedPipe(path: "standard output")) {
      try writeCSV([.numbers(name: "a", [1])], to: .descriptor(ends[1], name: "standard output"))
    }
    close(ends[1])
  }
}

@Suite("Files that appear whole")
struct AtomicFileTests {
  private func names(in folder: String) -> [String] {
    var names: [String] = []
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  @Test("until it is committed the old file stands, and what is not committed is removed")
  func abandon() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/f"
      try AtomicFileText.write("old", to: path)
      do {
        let file = try AtomicFile(path: path)
        try file.write(Array("new".utf8))
        #expect(names(in: folder).count == 2)
        #expect(try ByteSource(path: path).size == 3)
      }
      #expect(names(in: folder) == ["f"])
      try AtomicFileText.write("newer", to: path)
      #expect(names(in: folder) == ["f"])
      #expect(try ByteSource(path: path).size == 5)
    }
  }

  @Test("a link stays a link, and permissions stay")
  func link() throws {
    try withTemporaryFolder { folder in
      try AtomicFileText.write("old", to: folder + "/real")
      chmod(folder + "/real", 0o640)
      symlink("real", folder + "/link")
      try AtomicFileText.write("new text", to: folder + "/link")
      var status = stat()
      #expect(lstat(folder + "/link", &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
      #expect(stat(folder + "/real", &status) == 0 && status.st_size == 8 && status.st_mode & 0o777 == 0o640)
      #expect(names(in: folder) == ["link", "real"])
    }
  }

  @Test("what a killed process has left goes with the next writing, and nothing else does")
  func unfinished() throws {
    try withTemporaryFolder { folder in
      func leave(_ name: String, age: Int) throws {
        try AtomicFileText.write("half", to: folder + "/there")
        #expect(rename(folder + "/there", folder + "/" + name) == 0)
        let time = timeval(tv_sec: time(nil) - age, tv_usec: 0)
        #expect(utimes(folder + "/" + name, [time, time]) == 0)
      }
      // Each folder is looked through once by a process, and this test writes into it before.
      let dead = ".nn-dead.tmp"
      let fresh = ".nn-fresh.tmp"
      let foreign = ".nn-dead.csv"
      try leave(dead, age: 2 * UnfinishedFiles.leastAge)
      try leave(fresh, age: 0)
      try leave(foreign, age: 2 * UnfinishedFiles.leastAge)
      #expect(symlink("real", folder + "/.nn-link.tmp") == 0 && mkfifo(folder + "/.nn-pipe.tmp", 0o600) == 0)
      let writer = try AtomicFile(path: folder + "/f")
      try writer.write(Array("half".utf8))
      let others = [".nn-link.tmp", ".nn-pipe.tmp", dead, fresh]
      let live = try #require(names(in: folder).first { $0.hasSuffix(".tmp") && !others.contains($0) })
      let old = timeval(tv_sec: time(nil) - 2 * UnfinishedFiles.leastAge, tv_usec: 0)
      #expect(utimes(folder + "/" + live, [old, old]) == 0)

      UnfinishedFiles.sweep(folder + "/", leastAge: UnfinishedFiles.leastAge)
      #expect(names(in: folder) == [foreign, fresh, ".nn-link.tmp", ".nn-pipe.tmp", live].sorted())
      // Whoever owns the folder need not wait; who still writes into it is left alone.
      removeUnfinishedFiles(in: folder)
      #expect(names(in: folder) == [foreign, ".nn-link.tmp", ".nn-pipe.tmp", live].sorted())
      try writer.commit()
      #expect(names(in: folder).contains("f") && !names(in: folder).contains(live))
    }
  }

  @Test("the first writing into a folder looks for what the dead have left")
  func sweepsOnce() throws {
    try withTemporaryFolder { folder in
      let left = folder + "/.nn-left.tmp"
      close(creat(left, 0o600))
      let old = timeval(tv_sec: time(nil) - 2 * UnfinishedFiles.leastAge, tv_usec: 0)
      #expect(utimes(left, [old, old]) == 0)
      try AtomicFileText.write("text", to: folder + "/f")
      #expect(names(in: folder) == ["f"])
    }
  }

  @Test("folders that are not there, and paths that are folders")
  func refused() throws {
    #expect(throws: DataError.unwritable(path: "/nowhere/f", reason: systemMessage(ENOENT))) {
      _ = try AtomicFile(path: "/nowhere/f")
    }
    #expect(throws: DataError.isDirectory(path: "/tmp")) { _ = try AtomicFile(path: "/tmp") }
    #expect(throws: DataError.unwritable(path: "", reason: systemMessage(ENOENT))) {
      _ = try AtomicFile(path: "")
    }
  }

  @Test("a device is written to as it is")
  func device() throws {
    try AtomicFileText.write("away", to: "/dev/null")
    var status = stat()
    #expect(stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
  }
}
