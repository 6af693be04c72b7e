/// Kinds of files that are met under the names of tables, told by their first bytes.
struct OtherFormat: Sendable {
  let prefix: [UInt8]
  let what: String
  let advice: String
  /// Whether the first bytes could be a header's, so that only a file with NUL bytes is one.
  var couldBeText = false

  static let saveAsCSV = "save it as CSV in UTF-8"

  static let all: [OtherFormat] = [
    OtherFormat([0xFF, 0xFE], "UTF-16 text"),
    OtherFormat([0xFE, 0xFF], "UTF-16 text"),
    OtherFormat([0x50, 0x4B, 0x03, 0x04], "a zip archive or an Excel workbook"),
    OtherFormat([0xD0, 0xCF, 0x11, 0xE0], "an old Excel workbook"),
    OtherFormat("PAR1", "a Parquet file", couldBeText: true),
    OtherFormat("ARROW1", "an Arrow file", couldBeText: true),
    OtherFormat([0x89, 0x48, 0x44, 0x46], "an HDF5 file"),
    OtherFormat("SQLite format 3", "an SQLite database"),
    OtherFormat("%PDF-", "a PDF"),
    OtherFormat([0x28, 0xB5, 0x2F, 0xFD], "a zstd file", "unpack it first, as with `zstd -d`"),
    OtherFormat("BZh91AY&SY", "a bzip2 file", "unpack it first, as with `bunzip2`"),
    OtherFormat([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "an xz file", "unpack it first, as with `unxz`"),
    OtherFormat("<!DOCTYPE", "a web page", "it was perhaps saved from a link to a page about the file"),
    OtherFormat("<!doctype", "a web page", "it was perhaps saved from a link to a page about the file"),
    OtherFormat("<html", "a web page", "it was perhaps saved from a link to a page about the file"),
    OtherFormat(
      "version https://git-lfs", "a pointer of Git LFS, not the file itself", "fetch it with `git lfs pull`"),
  ]

  private init(_ prefix: [UInt8], _ what: String, _ advice: String = OtherFormat.saveAsCSV) {
    self.prefix = prefix
    self.what = what
    self.advice = advice
  }

  private init(
    _ prefix: String, _ what: String, _ advice: String = OtherFormat.saveAsCSV, couldBeText: Bool = false
  ) {
    self.init(Array(prefix.utf8), what, advice)
    self.couldBeText = couldBeText
  }
}
