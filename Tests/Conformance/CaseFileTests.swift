import Testing

/// The runner itself.
@Suite struct CaseFileTests {
  @Test func readsAndWrites() throws {
    let text = """
      Prose, `with code`.

      # SOURCE
      ```nn
      fit
      ```

      # TREE
      ````
      ```
      ````

      """
    let file = try CaseFile(markdown: text)
    #expect(file.prose == "Prose, `with code`.")
    #expect(file.sections.map(\.heading) == ["SOURCE", "TREE"])
    #expect(file["TREE"] == "```")
    #expect(file.source == Array("fit".utf8))
    #expect(file.markdown == text)
  }

  @Test func readsBytes() throws {
    let file = CaseFile(
      prose: "",
      sections: [CaseFile.Section(heading: "SOURCE BYTES", language: "", text: "a\\x0D\\x0A\nb\\xff")])
    #expect(file.source == [0x61, 0x0D, 0x0A, 0x62, 0xFF])
  }

  @Test(arguments: ["# SOURCE\nfit", "# SOURCE\n```\nfit", "```\nfit\n```", "# A\n# B\n```\n```"])
  func refusesMalformed(_ text: String) {
    #expect(throws: CaseFile.Malformed.self) { try CaseFile(markdown: text) }
  }

  @Test func showsDifferences() {
    #expect(lineDifference(expected: "a\nb\nc", actual: "a\nx\nc") == "  a\n- b\n+ x\n  c")
  }
}
