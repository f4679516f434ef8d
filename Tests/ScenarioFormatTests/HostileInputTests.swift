import Foundation
import ScenarioFormat
import Testing

@Suite("Hostile files")
struct HostileInputTests {
  /// Reads what may be anything and checks that the outcome is orderly; tells whether it was
  /// refused.
  @discardableResult
  private func survive(_ library: Library, overrides: [String] = []) -> Bool {
    do {
      let loaded = try library.scenario(at: "work/ask.yaml", overrides: overrides)
      #expect(!loaded.resolvedText.isEmpty)
      return false
    } catch {
      #expect(error.findings.contains { $0.severity == .error })
      for finding in error.findings {
        #expect(finding.place.line >= 1 && finding.place.column >= 1)
        let isClean = finding.description.unicodeScalars.allSatisfy { $0.value >= 0x20 }
        #expect(isClean, "\(finding)")
      }
      return true
    }
  }

  @Test(arguments: Fixtures.files.keys.sorted())
  func mutatedFilesAreReadOrRefused(file: String) {
    var refused = 0
    var random = Mixer(seed: UInt64(file.utf8.count))
    let original = Array((Fixtures.files[file] ?? "").utf8)
    let pieces = [
      "&a ", "*a", "[", "]", "{", "}", ": ", "- ", "\n", "? ", "\"", "'", "|\n", "!!str ", "<<: ",
      "\u{1B}[31m", "\u{0}", "\u{FEFF}", "%YAML 1.1\n", "---\n", "like: ", "1e308", "-", "#", "~",
    ].map { Array($0.utf8) }
    for _ in 0..<250 {
      var bytes = original
      for _ in 0...random.below(4) {
        let at = random.below(bytes.count)
        switch random.below(5) {
        case 0: bytes.insert(contentsOf: random.pick(pieces), at: at)
        case 1: bytes.removeSubrange(at..<min(bytes.count, at + 1 + random.below(20)))
        case 2: bytes[at] = UInt8(random.below(256))
        case 3:
          let from = random.below(original.count)
          let to = min(original.count, from + 1 + random.below(60))
          bytes.insert(contentsOf: original[from..<to], at: at)
        default: bytes.swapAt(at, random.below(bytes.count))
        }
        if bytes.isEmpty { bytes = [0x20] }
      }
      if survive(Fixtures.library([file: String(decoding: bytes, as: UTF8.self)])) { refused += 1 }
    }
    #expect(refused > 50)
  }

  @Test(arguments: [
    ("[", 300_000), ("{a: ", 300_000), ("- ", 300_000), ("? ", 300_000), ("a:\n ", 2_000),
    ("\"", 1), ("!", 10_000), ("&", 10_000), ("\u{1B}", 100), ("a: &a [*a, ", 1_000),
  ])
  func deepOrBrokenTextIsRefused(piece: String, count: Int) {
    let text = String(repeating: piece, count: count)
    #expect(survive(Fixtures.library(["work/ask.yaml": text])))
    let host = "tenancy: 1\nkind: host\nyear: " + text
    #expect(survive(Fixtures.library(["profiles/hosts/small.yaml": host])))
  }

  @Test func limitsAreSaid() {
    let many = "[" + Array(repeating: "native", count: 10_001).joined(separator: ",") + "]"
    let deep = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
    let long = String(repeating: "x", count: 4_001)
    let cases: [(String, String, String)] = [
      (
        "[native, shared, split]", many,
        "work/ask.yaml:5:13: a list of more than 10000 entries"
      ),
      ("year: 2006", "year: " + deep, "work/ask.yaml:3:39: more than 32 levels deep"),
      (
        "year: 2006", "year: " + long,
        "work/ask.yaml:3:7: text of more than 4000 characters; shorten it"
      ),
    ]
    for (old, new, found) in cases {
      let all = Fixtures.findings(Fixtures.library(replacing: old, by: new))
      #expect(all.contains { $0.hasPrefix(found) }, "\(all)")
    }
    let big = String(repeating: "# filler\n", count: 500_000) + Fixtures.scenario
    #expect(
      Fixtures.findings(Fixtures.library(["work/ask.yaml": big])) == [
        "work/ask.yaml:1:1: the file is larger than 4 MiB; split it"
      ])
  }

  @Test func profilesThatLeadInACircleAreRefused() {
    let first = Fixtures.host + "\nscaled-from: {host: second, time-factor: 1}"
    let second = Fixtures.host + "\nscaled-from: {host: small, time-factor: 1}"
    let found = Fixtures.findings(
      Fixtures.library([
        "profiles/hosts/small.yaml": first, "profiles/hosts/second.yaml": second,
      ]))
    #expect(found.contains { $0.contains("leads in a circle") })
  }

  @Test func onlyRegularTextFilesAreRead() throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "scenario-format-\(UInt64.random(in: 0 ... .max))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let pipe = folder.appending(path: "pipe.yaml").path
    #expect(mkfifo(pipe, 0o600) == 0)
    try Data([0xFF, 0xFE, 0x00]).write(to: folder.appending(path: "binary.yaml"))
    let library = Library(folders: [])
    for (name, why) in [
      ("pipe.yaml", "the file is not a regular file"),
      ("binary.yaml", "the file is not text in UTF-8; save it so"),
      ("none.yaml", "there is no such file"), ("", "the file is not a regular file"),
    ] {
      let path = folder.path + (name.isEmpty ? "" : "/" + name)
      do {
        _ = try library.scenario(at: path)
        Issue.record("\(name) was read")
      } catch {
        #expect(error.findings.map(\.message) == [why])
      }
    }
  }

  @Test func hostileChangesAreReadOrRefused() {
    var refused = 0
    var random = Mixer(seed: 5)
    let original = Array("approaches.shared.scheduling.parameters.slice=4ms".utf8)
    for _ in 0..<300 {
      var bytes = original
      for _ in 0...random.below(3) {
        bytes[random.below(bytes.count)] = random.pick(Array(".=[]{}&*: \u{1B}\n-x1".utf8))
      }
      let change = String(decoding: bytes, as: UTF8.self)
      if survive(Fixtures.library(), overrides: [change]) { refused += 1 }
    }
    #expect(refused > 200)
  }
}
