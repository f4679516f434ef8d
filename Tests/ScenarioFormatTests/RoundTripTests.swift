import Foundation
import ScenarioFormat
import Testing
import Virtualization

@Suite("What is written reads back")
struct RoundTripTests {
  @Test(arguments: 0..<60)
  func resolvedScenario(seed: Int) throws {
    var source = RandomScenario(seed: UInt64(seed))
    let scenario = try source.scenario()
    let text = FormatWriter.text(of: scenario)
    let library = Library(folders: [], store: .memory(["made.yaml": text]))
    let loaded = try library.scenario(at: "made.yaml")
    #expect(loaded.scenario == scenario)
    #expect(loaded.resolvedText == text)
  }

  @Test func defaultsAndCopiesAreWrittenOut() throws {
    let loaded = try Fixtures.library().scenario(at: "work/ask.yaml")
    let alone = Library(folders: [], store: .memory(["far/off.yaml": loaded.resolvedText]))
    let again = try alone.scenario(at: "far/off.yaml")
    #expect(again.scenario == loaded.scenario)
    #expect(again.contentHash == loaded.contentHash)
    for key in ["like:", "native: true", "range: 30 %"] {
      #expect(!loaded.resolvedText.contains(key))
    }
    for line in ["warm-up: 30 s", "weight: 1", "parameter-draws: 20", "maximum-guests: 10000"] {
      #expect(loaded.resolvedText.contains(line))
    }
  }

  @Test func singleProfiles() throws {
    let library = Fixtures.library()
    let host = try library.host("small")
    let native = try library.approach("native")
    let split = try library.approach("split")
    let workload = try library.workload("pages")
    let again = Fixtures.library([
      "profiles/hosts/small.yaml": FormatWriter.text(of: host),
      "profiles/approaches/native.yaml": FormatWriter.text(of: native),
      "profiles/approaches/split.yaml": FormatWriter.text(of: split),
      "profiles/workloads/pages.yaml": FormatWriter.text(of: workload),
    ])
    #expect(try again.host("small") == host)
    #expect(try again.approach("native") == native)
    #expect(try again.approach("split") == split)
    #expect(try again.workload("pages") == workload)
  }

  /// The hash of known texts, from the reference code of the algorithm's authors.
  @Test(arguments: [
    ("", "cbf29ce484222325"), ("a", "af63dc4c8601ec8c"), ("foobar", "85944171f73967e8"),
  ])
  func hash(text: String, digits: String) {
    #expect(ContentHash.digits(of: text) == digits)
  }
}

/// The repository's own files.
enum Repository {
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path
  static let library = Library(folders: [root + "/Sources/Virtualization/Profiles"])
  static let reference = root + "/Docs/formats.md"

  static func text(_ path: String) throws -> String {
    try String(contentsOfFile: path, encoding: .utf8)
  }
}

@Suite("The files that come with the program")
struct OwnFilesTests {
  @Test(arguments: Repository.library.ids(of: .host))
  func hosts(id: String) throws { #expect(try Repository.library.host(id).id == id) }

  @Test(arguments: Repository.library.ids(of: .approach))
  func approaches(id: String) throws { #expect(try Repository.library.approach(id).id == id) }

  @Test(arguments: Repository.library.ids(of: .workload))
  func workloads(id: String) throws { #expect(try Repository.library.workload(id).id == id) }

  @Test func starterScenarioIsSound() throws {
    var library = Repository.library
    let disk = library.store
    let starter = FileStore.memory(["starter.yaml": starterScenario()])
    library.store = FileStore(
      read: { $0 == "starter.yaml" ? starter.read($0) : disk.read($0) }, names: disk.names)
    let loaded = try library.scenario(at: "starter.yaml")
    #expect(loaded.warnings.isEmpty)
    #expect(loaded.scenario.approaches.map(\.id) == ["native", "openvz", "xen-pv-32"])
  }

  /// Where it fails: `TENANCY_WRITE_REFERENCE=1 swift test --filter referenceIsCurrent` writes it.
  @Test func referenceIsCurrent() throws {
    let text = try Repository.text(Repository.reference)
    let start = try #require(text.range(of: FormatReference.begin))
    let end = try #require(text.range(of: FormatReference.end))
    if ProcessInfo.processInfo.environment["TENANCY_WRITE_REFERENCE"] != nil {
      let whole =
        text[..<start.lowerBound] + FormatReference.markdown + text[end.upperBound...]
      try String(whole).write(toFile: Repository.reference, atomically: true, encoding: .utf8)
      return
    }
    #expect(text[start.lowerBound..<end.upperBound] == FormatReference.markdown)
  }

  @Test func examplesOfTheReferenceAreSound() throws {
    let text = try Repository.text(Repository.reference)
    var files: [String: String] = [:]
    for block in text.components(separatedBy: "```yaml\n").dropFirst() {
      let yaml = block.components(separatedBy: "```")[0]
      for (mark, path) in [
        ("kind: host", "hosts/server-2006"), ("kind: approach", "approaches/xen-pv"),
        ("kind: workload", "workloads/web-static"), ("question:", "ask"),
      ] where yaml.hasPrefix("tenancy: 1\n" + mark) {
        files["docs/" + path + ".yaml"] = yaml
      }
    }
    #expect(files.count == 4)
    let disk = Repository.library
    let memory = FileStore.memory(files)
    let library = Library(
      folders: disk.folders,
      store: FileStore(
        read: { $0.hasPrefix("docs/") ? memory.read($0) : disk.store.read($0) },
        names: { $0.hasPrefix("docs/") ? memory.names($0) : disk.store.names($0) }))
    // The example of a host prices a part of the mechanisms only, so that nothing but prices is
    // missing from the whole.
    do throws(ScenarioFormatError) {
      _ = try library.scenario(at: "docs/ask.yaml")
      Issue.record("the example host prices everything now: expect no finding")
    } catch {
      let others = error.findings.filter { $0.code != .missingPrice && $0.severity == .error }
      #expect(others.map(\.description) == [])
    }
  }
}
