import Foundation

/// Where files come from: the disk, or a list in memory.
package struct FileStore: Sendable {
  package enum Outcome: Sendable {
    case text(String)
    case missing
    /// There, but not to be read; the text says why.
    case refused(String)
  }
  /// The text of a file.
  package var read: @Sendable (_ path: String) -> Outcome
  /// The names of the files in a folder, sorted; none where there is no such folder.
  package var names: @Sendable (_ folder: String) -> [String]

  package init(
    read: @escaping @Sendable (_ path: String) -> Outcome,
    names: @escaping @Sendable (_ folder: String) -> [String]
  ) {
    self.read = read
    self.names = names
  }

  /// Files given by path.
  package static func memory(_ files: [String: String]) -> FileStore {
    FileStore(
      read: { path in files[path].map { .text($0) } ?? .missing },
      names: { folder in
        let prefix = folder + "/"
        return files.keys.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
          .filter { !$0.contains("/") }.sorted()
      })
  }

  /// The machine's own files: regular ones within the size limit.
  package static let disk = FileStore(
    read: readFromDisk,
    names: { folder in
      ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    })

  @Sendable private static func readFromDisk(_ path: String) -> Outcome {
    // Non-blocking, because a scenario may name a pipe.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      return errno == ENOENT || errno == ENOTDIR
        ? .missing : .refused("cannot be opened: " + String(cString: strerror(errno)))
    }
    defer { close(descriptor) }
    var information = stat()
    guard fstat(descriptor, &information) == 0 else {
      return .refused("cannot be opened: " + String(cString: strerror(errno)))
    }
    guard information.st_mode & S_IFMT == S_IFREG else { return .refused("is not a regular file") }
    var bytes = [UInt8](repeating: 0, count: FileLimits.bytes + 1)
    var count = 0
    while count < bytes.count {
      let got = bytes.withUnsafeMutableBytes { buffer in
        Foundation.read(descriptor, buffer.baseAddress?.advanced(by: count), buffer.count - count)
      }
      if got < 0 {
        if errno == EINTR { continue }
        return .refused("cannot be read: " + String(cString: strerror(errno)))
      }
      if got == 0 { break }
      count += got
    }
    guard count <= FileLimits.bytes else {
      return .refused("is larger than \(FileLimits.bytes >> 20) MiB; split it")
    }
    guard let text = String(validating: bytes[..<count], as: UTF8.self) else {
      return .refused("is not text in UTF-8; save it so")
    }
    return .text(text)
  }
}

/// A kind of file that a scenario draws in.
package enum FileKind: String, CaseIterable, Sendable, Hashable {
  case host
  case approach
  case workload
  /// Published measurements, to hold the model against.
  case check
  case scenario

  /// The folder of a library that holds such files.
  package var folder: String { self == .approach ? "approaches" : rawValue + "s" }
}

/// Folders of profiles, searched by id.
package struct Library: Sendable {
  package var folders: [String]
  package var store: FileStore

  /// A library of the given folders, each with the folders `hosts`, `approaches`,
  /// `workloads` and `checks`.
  ///
  /// - Parameter folders: The first one that has an id wins; a reader puts the folder of the file
  ///   that names the id before them.
  package init(folders: [String], store: FileStore = .disk) {
    self.folders = folders
    self.store = store
  }

  /// The ids that there are of a kind, sorted.
  package func ids(of kind: FileKind, beside homes: [String] = []) -> [String] {
    var ids: Set<String> = []
    for root in homes + folders {
      for name in store.names(joined(root, kind.folder)) where name.hasSuffix(".yaml") {
        ids.insert(String(name.dropLast(5)))
      }
    }
    return ids.sorted()
  }

  /// The paths of the files with an id, the one that comes first before the others.
  func paths(of id: String, _ kind: FileKind, beside homes: [String]) -> [String] {
    (homes + folders).map { joined($0, kind.folder) }
      .filter { store.names($0).contains(id + ".yaml") }.map { joined($0, id + ".yaml") }
  }
}

/// A path below a folder, or itself where it is absolute.
func joined(_ folder: String, _ path: String) -> String {
  if path.hasPrefix("./") { return joined(folder, String(path.dropFirst(2))) }
  if path.hasPrefix("/") || folder.isEmpty { return path }
  return folder.hasSuffix("/") ? folder + path : folder + "/" + path
}

/// The folder of a file, empty for the current one.
func folder(of path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return "" }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// The id of a file: its name without its ending, which may say the kind (`NAME.workload.yaml`).
func id(of path: String) -> String {
  let name = path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...]
  for ending in [".yaml", ".yml"] where name.hasSuffix(ending) {
    let stem = name.dropLast(ending.count)
    let kind = FileKind.allCases.first { stem.hasSuffix(".\($0.rawValue)") }
    return String(stem.dropLast(kind.map { $0.rawValue.count + 1 } ?? 0))
  }
  return String(name)
}
