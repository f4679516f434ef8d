import FoundationEssentials

/// Where the program's own files lie: the profiles it prices with and the ready scenarios.
///
/// Looked for in this order, the first that is there:
/// 1. the folder that `TENANCY_HOME` names, either laid out as `share/tenancy` or a checkout;
/// 2. `../share/tenancy` beside the folder of the executable, as `make install` leaves it;
/// 3. the checkout the executable was built in: the nearest folder above it that holds
///    `Package.swift` and `Sources/Virtualization/Profiles`.
///
/// A `TENANCY_HOME` that names something else is an error, not a reason to look further: whoever
/// set it would otherwise get answers priced from other profiles than meant.
package struct Installation: Equatable, Sendable {
  /// The folder both others belong to: `share/tenancy`, a checkout, or what `TENANCY_HOME` names.
  package let root: String
  /// The folder of profiles, `*.yaml`.
  package let profiles: String
  /// The folder of ready scenarios, `*.yaml`.
  package let scenarios: String

  /// The variable that overrides the search.
  package static let homeVariable = "TENANCY_HOME"

  /// Finds the program's files for an executable at an absolute path.
  ///
  /// Throws `InstallationError` with the code `homeInvalid` or `notFound`.
  package static func locate(
    environment: [String: String], executable: String
  ) throws(InstallationError) -> Installation {
    if let home = environment[homeVariable], !home.isEmpty {
      guard let installation = Installation(shared: home) ?? Installation(checkout: home) else {
        throw .homeInvalid(home)
      }
      return installation
    }
    let start = URL(filePath: executable).deletingLastPathComponent().standardized
    let shared = start.deletingLastPathComponent().appending(path: "share/tenancy")
    if let installation = Installation(shared: shared.plainPath) { return installation }
    var folder = start
    while true {
      if let installation = Installation(checkout: folder.plainPath) { return installation }
      let parent = folder.deletingLastPathComponent().standardized
      guard parent.plainPath.utf8.count < folder.plainPath.utf8.count else { break }
      folder = parent
    }
    throw .notFound(executable: executable, shared: shared.plainPath)
  }

  /// The absolute path of the running executable, with symbolic links followed.
  ///
  /// Throws `InstallationError` with the code `executableUnknown` where /proc is not mounted.
  package static func runningExecutable() throws(InstallationError) -> String {
    let link = "/proc/self/exe"
    do {
      return try FileManager.default.destinationOfSymbolicLink(atPath: link)
    } catch {
      throw .executableUnknown(link)
    }
  }

  /// The layout of `make install`; nil unless both folders are there.
  private init?(shared root: String) {
    self.init(root: root, profiles: "Profiles", scenarios: "Scenarios")
    guard isFolder(profiles), isFolder(scenarios) else { return nil }
  }

  /// The layout of a checkout; nil unless it is one of this project, with or without scenarios.
  private init?(checkout root: String) {
    self.init(
      root: root, profiles: "Sources/Virtualization/Profiles", scenarios: "Scenarios")
    guard isFolder(profiles),
      FileManager.default.fileExists(
        atPath: URL(filePath: root).appending(path: "Package.swift").plainPath)
    else { return nil }
  }

  private init(root: String, profiles: String, scenarios: String) {
    let folder = URL(filePath: root)
    self.root = folder.plainPath
    self.profiles = folder.appending(path: profiles).plainPath
    self.scenarios = folder.appending(path: scenarios).plainPath
  }
}

/// Why the program's own files could not be found.
package struct InstallationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// What went wrong; open, so that a new cause breaks nobody's switch.
  package struct Code: RawRepresentable, Hashable, Sendable {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    package static let homeInvalid = Code(rawValue: "homeInvalid")
    package static let notFound = Code(rawValue: "notFound")
    package static let executableUnknown = Code(rawValue: "executableUnknown")
  }

  package let code: Code
  /// What to do about it, in a sentence or two.
  package let message: String
  /// The path that was looked at.
  package let place: String

  package var description: String { "\(place): \(message)" }

  static func homeInvalid(_ home: String) -> Self {
    Self(
      code: .homeInvalid,
      message:
        "\(Installation.homeVariable) names this, but it holds neither Profiles and Scenarios "
        + "nor a checkout of tenancy; set it to PREFIX/share/tenancy or to a checkout, or unset it",
      place: home)
  }

  static func notFound(executable: String, shared: String) -> Self {
    Self(
      code: .notFound,
      message:
        "no profiles found for this program, neither in \(shared) nor in a checkout above it; "
        + "install with `make install PREFIX=...`, or set \(Installation.homeVariable) to a "
        + "folder that holds Profiles and Scenarios",
      place: executable)
  }

  static func executableUnknown(_ link: String) -> Self {
    Self(
      code: .executableUnknown,
      message: "cannot read where the running program lies; mount /proc, or set "
        + "\(Installation.homeVariable) to a folder that holds Profiles and Scenarios",
      place: link)
  }
}

private func isFolder(_ path: String) -> Bool {
  var folder = false
  return FileManager.default.fileExists(atPath: path, isDirectory: &folder) && folder
}

extension URL {
  /// The path without percent escapes and without a slash at its end.
  fileprivate var plainPath: String {
    let path = path(percentEncoded: false)
    return path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
  }
}
