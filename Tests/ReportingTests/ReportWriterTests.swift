import Experiments
import Foundation
import Reporting
import ScenarioFormat
import Testing
import Virtualization

@Suite struct ReportWriterTests {
  static let run = Manifest.Run(
    start: "2026-01-01T00:00:00Z", end: "2026-01-01T00:00:09Z", host: "h", processor: "p",
    operatingSystem: "o", threads: 2, arguments: ["run", "made-up.yaml"])

  /// A renderer that set-up installed, if it did.
  static let renderer: ChartRenderer? = {
    let environment = ProcessInfo.processInfo.environment
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let own = root.appending(path: ".venv/bin/python").path(percentEncoded: false)
    let named = environment[ChartRenderer.variable] ?? own
    return FileManager.default.isExecutableFile(atPath: named) ? ChartRenderer(python: named) : nil
  }()

  static func temporary() throws -> String {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "tenancy-report-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder.path(percentEncoded: false)
  }

  static func write(
    to folder: String, renderer: ChartRenderer? = nil, interactive: Bool = false
  ) async throws -> ReportWriter.Result {
    try await ReportWriter.write(
      Fixture.report(try Fixture.study()), to: folder, renderer: renderer, installation: nil,
      interactive: interactive, run: run)
  }

  @Test func writesAllFilesAndSaysThatChartsAreMissing() async throws {
    let folder = try Self.temporary()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let result = try await Self.write(
      to: folder + "/new/report", renderer: ChartRenderer(python: "no-such-python"))
    #expect(result.files.contains("report.html"))
    #expect(result.files.contains("charts/density-curve.vl.json"))
    #expect(!result.files.contains { $0.hasSuffix(".svg") })
    #expect(result.notices.count == 1)
    #expect(result.notices[0].contains("pip install 'vl-convert-python"))
    let found = try FileManager.default.subpathsOfDirectory(atPath: folder + "/new/report")
    #expect(Set(found) == Set(result.files + ["charts"]), "and no temporary file is left")
    let page = try String(contentsOfFile: folder + "/new/report/report.html", encoding: .utf8)
    #expect(page.contains("Not drawn: charts need vl-convert"))
  }

  @Test func doesNotWaitForARendererThatHangs() async throws {
    let folder = try Self.temporary()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let python = folder + "/python"
    try "#!/bin/sh\nexec sleep 600\n".write(toFile: python, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: python)
    let result = try await Self.write(
      to: folder + "/report",
      renderer: ChartRenderer(python: python, deadline: .milliseconds(200)))
    #expect(result.files.contains("report.html"))
    #expect(result.notices.contains { $0.contains("did not answer") })
  }

  @Test func refusesAFolderThatIsNotItsOwn() async throws {
    let folder = try Self.temporary()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let file = folder + "/precious.txt"
    try "precious".write(toFile: file, atomically: true, encoding: .utf8)
    let error = await #expect(throws: ReportError.self) { try await Self.write(to: folder) }
    #expect(error?.code == .notOurFolder)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["precious.txt"])
    let other = await #expect(throws: ReportError.self) { try await Self.write(to: file) }
    #expect(other?.code == .notOurFolder)
  }

  /// No manifest is that long, whatever its size is said to be.
  @Test func readsNoMoreOfAManifestThanThereCanBe() throws {
    let folder = try Self.temporary()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/manifest.json", withDestinationPath: "/dev/zero")
    let error = #expect(throws: ReportError.self) { try ReportFolder(folder) }
    #expect(error?.code == .notOurFolder)
  }

  @Test func replacesItsOwnReportAndRemovesOnlyItsOwnCharts() async throws {
    let folder = try Self.temporary()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = try await Self.write(to: folder)
    let manifest = folder + "/manifest.json"
    let text = try String(contentsOfFile: manifest, encoding: .utf8)
    try text.replacingOccurrences(
      of: "\"charts/density-curve.csv\"",
      with: "\"charts/stale.csv\", \"../precious.txt\", \"charts/../keep.csv\""
    ).write(toFile: manifest, atomically: true, encoding: .utf8)
    for name in ["charts/stale.csv", "keep.csv"] {
      try "x".write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
    }
    _ = try await Self.write(to: folder)
    #expect(!FileManager.default.fileExists(atPath: folder + "/charts/stale.csv"))
    #expect(FileManager.default.fileExists(atPath: folder + "/keep.csv"))
    #expect(try String(contentsOfFile: manifest, encoding: .utf8).contains("\"isComplete\" : true"))
  }

  @Test func keepsAWholeReportFromAnInterruptedRun() async throws {
    let folder = try Self.temporary()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let whole = folder + "/report"
    func writeInterrupted() async throws -> ReportWriter.Result {
      var study = try Fixture.study()
      study.density?.approaches[1].outcome = .interrupted
      return try await ReportWriter.write(
        Fixture.report(study), to: whole, renderer: nil, installation: nil, interactive: false,
        run: Self.run)
    }
    #expect(try await writeInterrupted().folder == whole, "nothing is lost by that")
    #expect(try await writeInterrupted().folder == whole, "nor by replacing an interrupted one")
    _ = try await Self.write(to: whole)
    let before = try String(contentsOfFile: whole + "/results.json", encoding: .utf8)
    for _ in 1...2 {
      let result = try await writeInterrupted()
      #expect(result.folder == whole + ".partial")
      #expect(result.notices.first?.contains("the earlier report stays") == true)
    }
    #expect(try String(contentsOfFile: whole + "/results.json", encoding: .utf8) == before)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        == ["report", "report.partial"])
  }

  @Test func keepsWhatWasAnsweredWhereTheFolderBesideIsTaken() async throws {
    let folder = try Self.temporary()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = try await Self.write(to: folder + "/report")
    try FileManager.default.createDirectory(
      atPath: folder + "/report.partial", withIntermediateDirectories: false)
    try "precious".write(
      toFile: folder + "/report.partial/notes", atomically: true, encoding: .utf8)
    var study = try Fixture.study()
    study.density?.approaches[1].outcome = .interrupted
    for _ in 1...2 {
      let result = try await ReportWriter.write(
        Fixture.report(study), to: folder + "/report", renderer: nil, installation: nil,
        interactive: false, run: Self.run)
      #expect(result.folder == folder + "/report.partial-2")
      #expect(
        result.notices.first?.hasPrefix("\(folder)/report.partial: this folder holds files") == true
      )
    }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder + "/report.partial") == ["notes"])
  }

  @Test func oneRunAtATimeHoldsAFolder() async throws {
    let folder = try Self.temporary()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let out = folder + "/a/b"
    do {
      let held = try ReportFolder(out + "/")
      try withExtendedLifetime(held) { () throws in
        #expect(held.path == out)
        let error = #expect(throws: ReportError.self) { try ReportFolder(out) }
        #expect(error?.code == .inUse)
        let entries = try FileManager.default.contentsOfDirectory(atPath: out)
        #expect(entries.isEmpty)
      }
    }
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty,
      "what was made for nothing is gone")
    _ = try await Self.write(to: out)
    #expect(throws: Never.self) { try ReportFolder(out) }
    #expect(FileManager.default.fileExists(atPath: out + "/report.html"))
  }

  @Test(arguments: ["file/x", "file", "dangling", "dangling/x", "/proc/tenancy-x"])
  func findsOutBeforeTheRunThatAFolderCannotBe(name: String) throws {
    let folder = try Self.temporary()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try "precious".write(toFile: folder + "/file", atomically: true, encoding: .utf8)
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/dangling", withDestinationPath: "/nowhere/at-all")
    let path = name.hasPrefix("/") ? name : folder + "/" + name
    let error = #expect(throws: ReportError.self) { try ReportFolder(path) }
    #expect(error?.message.contains("name") == true)
    #expect(error.map { path.hasPrefix($0.place) } == true)
    #expect(error?.description.contains("NSCocoa") == false)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["dangling", "file"])
  }

  @Test(arguments: [true, false])
  func findsOutBeforeTheRunThatChartsCannotBe(isLink: Bool) async throws {
    let folder = try Self.temporary()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (out, elsewhere) = (folder + "/report", folder + "/elsewhere")
    _ = try await Self.write(to: out)
    try FileManager.default.moveItem(atPath: out + "/charts", toPath: elsewhere)
    if isLink {
      try FileManager.default.createSymbolicLink(
        atPath: out + "/charts", withDestinationPath: elsewhere)
    } else {
      try "x".write(toFile: out + "/charts", atomically: true, encoding: .utf8)
    }
    let error = #expect(throws: ReportError.self) { try ReportFolder(out) }
    #expect(error?.code == .notOurFolder && error?.place == out + "/charts")
    let manifest = try String(contentsOfFile: out + "/manifest.json", encoding: .utf8)
    #expect(manifest.contains("\"isComplete\" : true"))
  }

  @Test(
    "A folder where a file of the report belongs is found before anything is written",
    arguments: ["report.html", "results.json", "charts/density-curve.csv"])
  func findsOutBeforeTheRunThatAFileCannotBe(name: String) async throws {
    let out = try Self.temporary()
    defer { try? FileManager.default.removeItem(atPath: out) }
    _ = try await Self.write(to: out)
    let place = out + "/" + name
    try FileManager.default.removeItem(atPath: place)
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
    try "mine".write(toFile: place + "/precious.txt", atomically: true, encoding: .utf8)
    let before = try FileManager.default.attributesOfItem(atPath: out + "/results.csv")
    let early = #expect(throws: ReportError.self) { try ReportFolder(out) }
    let late = await #expect(throws: ReportError.self) { try await Self.write(to: out) }
    for error in [early, late] {
      #expect(error?.code == .notOurFolder && error?.place == place, "\(String(describing: error))")
      #expect(error?.message.contains("move it away") == true)
    }
    let after = try FileManager.default.attributesOfItem(atPath: out + "/results.csv")
    #expect(before[.systemFileNumber] as? UInt64 == after[.systemFileNumber] as? UInt64)
    #expect(before[.systemFileNumber] as? UInt64 != nil)
    let manifest = try String(contentsOfFile: out + "/manifest.json", encoding: .utf8)
    #expect(manifest.contains("\"isComplete\" : true"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: place) == ["precious.txt"])
  }

  @Test func theRendererIsInstalledWhereItIsLookedFor() throws {
    let root = try Self.temporary()
    defer { try? FileManager.default.removeItem(atPath: root) }
    for name in ["Profiles", "Scenarios"] {
      try FileManager.default.createDirectory(
        atPath: root + "/" + name, withIntermediateDirectories: false)
    }
    let installation = try Installation.locate(
      environment: [Installation.homeVariable: root], executable: "/nowhere/tenancy")
    let advice = ChartRenderer.advice(installation: installation)
    let python = try #require(
      advice.split(separator: " ").first { $0.hasSuffix("/bin/python") }.map(String.init))
    #expect(advice.contains("python3 -m venv \(installation.root)/.venv && "))
    try FileManager.default.createDirectory(
      atPath: (python as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
    try "#!/bin/sh\n".write(toFile: python, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: python)
    #expect(
      ChartRenderer.locate(environment: [:], installation: installation).python == python)
    #expect(!ChartRenderer.publicAdvice(installation: installation).contains(root))
  }

  @Test func onlyTheManifestHoldsTimes() async throws {
    let folder = try Self.temporary()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for name in try await Self.write(to: folder).files where name != "manifest.json" {
      let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
      #expect(!text.contains("2026-01-01T"), "\(name)")
    }
  }

  @Test(.enabled(if: renderer != nil, "vl-convert is not installed; Scripts/setup report does"))
  func drawsTheSameBytesTwiceAndIsolatesIds() async throws {
    let renderer = try #require(Self.renderer)
    let study = try Fixture.study(guestClass: "<script>alert(1)</script>")
    let charts = ChartSet(study)
    let first = try await renderer.draw(charts.all, withBundle: false)
    let second = try await renderer.draw(charts.all, withBundle: false)
    #expect(first.pictures.map(\.svg) == second.pictures.map(\.svg))
    #expect(first.pictures.allSatisfy { !$0.svg.contains("<script") && $0.png.count > 1000 })
    let page = try PageReport.render(
      Fixture.report(study), charts: charts, drawing: first, advice: "")
    var ids: [Substring] = []
    for match in page.matches(of: /\ id="([^"]*)"/) { ids.append(match.1) }
    #expect(Set(ids).count == ids.count, "ids are unique in the page")
    #expect(!page.contains("<script"))
  }

  @Test(.enabled(if: renderer != nil, "vl-convert is not installed; Scripts/setup report does"))
  func embedsTheScriptsOnlyWhenAsked() async throws {
    let folder = try Self.temporary()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = try await Self.write(to: folder, renderer: Self.renderer, interactive: true)
    let page = try String(contentsOfFile: folder + "/report.html", encoding: .utf8)
    #expect(page.contains("vegaEmbed(live"))
    #expect(page.contains("script-src 'unsafe-inline' 'unsafe-eval'"))
  }
}
