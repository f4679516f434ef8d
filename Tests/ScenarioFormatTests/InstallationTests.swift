import FoundationEssentials
import ScenarioFormat
import Testing

/// A tree of empty folders and files in the temporary folder, removed with the value.
private final class Tree {
  let root: String

  init(_ entries: [String]) throws {
    // A blank, an umlaut and a percent sign: paths must come back as they were given.
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "tenancy träume %41 \(UUID().uuidString)")
    root = folder.path(percentEncoded: false)
    for entry in entries {
      let url = folder.appending(path: entry)
      if entry.hasSuffix("/") {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
      } else {
        try FileManager.default.createDirectory(
          at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data().write(to: url)
      }
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  func path(_ entry: String) -> String { root + "/" + entry }
}

@Suite struct InstallationTests {
  private static let checkout = [
    "src/Package.swift", "src/Sources/Virtualization/Profiles/", "src/Scenarios/",
    "src/.build/x86_64/release/",
  ]
  private static let installed = [
    "usr/bin/", "usr/share/tenancy/Profiles/", "usr/share/tenancy/Scenarios/",
  ]

  @Test func findsWhatMakeInstallLeft() throws {
    let tree = try Tree(Self.installed)
    let found = try Installation.locate(environment: [:], executable: tree.path("usr/bin/tenancy"))
    #expect(found.root == tree.path("usr/share/tenancy"))
    #expect(found.profiles == tree.path("usr/share/tenancy/Profiles"))
    #expect(found.scenarios == tree.path("usr/share/tenancy/Scenarios"))
  }

  @Test(arguments: ["src/.build/x86_64/release/tenancy", "src/tenancy"])
  func findsTheCheckoutAbove(executable: String) throws {
    let tree = try Tree(Self.checkout)
    let found = try Installation.locate(environment: [:], executable: tree.path(executable))
    #expect(found.root == tree.path("src"))
    #expect(found.profiles == tree.path("src/Sources/Virtualization/Profiles"))
    #expect(found.scenarios == tree.path("src/Scenarios"))
  }

  @Test func prefersWhatIsInstalledToTheCheckoutAroundIt() throws {
    let inside = Self.installed.map { "src/" + $0 }
    let tree = try Tree(Self.checkout + inside)
    let found = try Installation.locate(
      environment: [:], executable: tree.path("src/usr/bin/tenancy"))
    #expect(found.root == tree.path("src/usr/share/tenancy"))
  }

  @Test func prefersTheNearestCheckout() throws {
    let tree = try Tree(Self.checkout + Self.checkout.map { "src/inner/" + $0 })
    let found = try Installation.locate(
      environment: [:], executable: tree.path("src/inner/src/.build/x86_64/release/tenancy"))
    #expect(found.root == tree.path("src/inner/src"))
  }

  @Test(arguments: [
    ("src", "src/Sources/Virtualization/Profiles"),
    ("usr/share/tenancy", "usr/share/tenancy/Profiles"),
    ("usr/share/tenancy/", "usr/share/tenancy/Profiles"),
  ])
  func homeComesFirst(home: String, profiles: String) throws {
    let other = Self.installed.map { "other/" + $0 }
    let tree = try Tree(Self.checkout + Self.installed + other)
    let found = try Installation.locate(
      environment: ["TENANCY_HOME": tree.path(home)],
      executable: tree.path("other/usr/bin/tenancy"))
    #expect(found.profiles == tree.path(profiles))
  }

  @Test func emptyHomeCountsAsUnset() throws {
    let tree = try Tree(Self.installed)
    let found = try Installation.locate(
      environment: ["TENANCY_HOME": ""], executable: tree.path("usr/bin/tenancy"))
    #expect(found.root == tree.path("usr/share/tenancy"))
  }

  @Test(arguments: ["usr", "nowhere", "file"])
  func wrongHomeIsAnErrorThoughAnInstallationIsThere(home: String) throws {
    let tree = try Tree(Self.installed + ["file"])
    let error = #expect(throws: InstallationError.self) {
      try Installation.locate(
        environment: ["TENANCY_HOME": tree.path(home)], executable: tree.path("usr/bin/tenancy"))
    }
    #expect(error?.code == .homeInvalid)
    #expect(error?.place == tree.path(home))
    #expect(error?.message.contains("TENANCY_HOME") == true)
  }

  /// Each lacks one part: an installation needs both folders, a checkout its manifest and profiles,
  /// and a file is no folder.
  @Test(arguments: [
    ["usr/bin/"],
    ["usr/bin/", "usr/share/tenancy/Profiles/"],
    ["usr/bin/", "usr/share/tenancy/Scenarios/"],
    ["usr/bin/", "usr/share/tenancy/Profiles", "usr/share/tenancy/Scenarios/"],
    ["usr/bin/", "usr/Package.swift"],
    ["usr/bin/", "usr/Sources/Virtualization/Profiles/"],
    ["usr/bin/", "usr/Package.swift", "usr/Sources/Virtualization/Profiles"],
  ])
  func saysWhatToDoWhenNothingIsFound(entries: [String]) throws {
    let tree = try Tree(entries)
    let error = #expect(throws: InstallationError.self) {
      try Installation.locate(environment: [:], executable: tree.path("usr/bin/tenancy"))
    }
    #expect(error?.code == .notFound)
    #expect(error?.place == tree.path("usr/bin/tenancy"))
    #expect(error?.message.contains(tree.path("usr/share/tenancy")) == true)
    #expect(error?.message.contains("make install") == true)
  }

  @Test func endsAtTheTopOfTheFileSystem() {
    let error = #expect(throws: InstallationError.self) {
      try Installation.locate(environment: [:], executable: "/tenancy")
    }
    #expect(error?.code == .notFound)
  }

  @Test func knowsTheRunningExecutable() throws {
    let path = try Installation.runningExecutable()
    #expect(path.hasPrefix("/"))
    #expect(FileManager.default.isExecutableFile(atPath: path))
  }
}
