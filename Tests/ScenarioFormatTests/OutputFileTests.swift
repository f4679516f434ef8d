import Foundation
import ScenarioFormat
import Testing

@Suite("Files are written whole or not at all") struct OutputFileTests {
  private static func withFolder(_ body: (String) throws -> Void) throws {
    let folder = NSTemporaryDirectory() + "tenancy-test-\(UInt64.random(in: 0 ... .max))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  @Test func aNewFileNeverReplacesAnother() throws {
    try Self.withFolder { folder in
      try OutputFile.writeNew(Data("one".utf8), to: folder + "/a")
      try FileManager.default.createSymbolicLink(
        atPath: folder + "/link", withDestinationPath: "/nowhere/at-all")
      for taken in ["/a", "/link", "", "/a/b", "/none/b"] {
        #expect(throws: FileError.self, "\(taken)") {
          try OutputFile.writeNew(Data("two".utf8), to: folder + taken)
        }
      }
      #expect(try OutputFile.read(folder + "/a", limit: 10) == Array("one".utf8))
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["a", "link"])
    }
    for name in ["-", ""] {
      let error = #expect(throws: FileError.self) { try OutputFile.demandNew(name) }
      #expect(error?.message.contains("standard output") == true)
      #expect(error?.code == .notAName)
    }
  }

  @Test func aFileIsWrittenWholeOrNotAtAll() throws {
    try Self.withFolder { folder in
      try OutputFile.write(Data("one".utf8), to: folder + "/a")
      try OutputFile.write(Data("two".utf8), to: folder + "/a")
      #expect(try OutputFile.read(folder + "/a", limit: 10) == Array("two".utf8))
      #expect(throws: FileError.self) {
        try OutputFile.write(Data("x".utf8), to: folder + "/no/such/folder/a")
      }
      try FileManager.default.createDirectory(
        atPath: folder + "/taken", withIntermediateDirectories: false)
      #expect(throws: FileError.self) {
        try OutputFile.write(Data("x".utf8), to: folder + "/taken")
      }
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted() == ["a", "taken"])
      #expect(throws: FileError.self) { try OutputFile.read(folder + "/a", limit: 2) }
    }
  }

  /// A pipe that nobody writes to must not be waited for.
  @Test func onlyRegularFilesAreRead() throws {
    try Self.withFolder { folder in
      #expect(mkfifo(folder + "/pipe", 0o600) == 0)
      for path in [folder + "/pipe", folder, "/dev/null", "/dev/zero"] {
        let error = #expect(throws: FileError.self) { try OutputFile.read(path, limit: 10) }
        #expect(error?.code == .cannotRead && error?.place == path)
        #expect(error?.message == "cannot be read: it is not a regular file")
      }
    }
  }

  @Test func aLeftoverOfADeadProcessIsNoHindrance() throws {
    try Self.withFolder { folder in
      let leftover = "\(folder)/.tenancy.\(getpid()).part"
      try Data("half".utf8).write(to: URL(filePath: leftover))
      try OutputFile.writeNew(Data("whole".utf8), to: folder + "/a")
      #expect(try OutputFile.read(folder + "/a", limit: 10) == Array("whole".utf8))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["a"])
    }
  }

  @Test func everyFileGetsWhatTheMaskLeaves() throws {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("Umask:") })
    let mask = try #require(
      mode_t(line.dropFirst(6).trimmingCharacters(in: .whitespaces), radix: 8))
    try Self.withFolder { folder in
      try OutputFile.write(Data("one".utf8), to: folder + "/a")
      try OutputFile.writeNew(Data("two".utf8), to: folder + "/b")
      for name in ["/a", "/b"] {
        var information = stat()
        #expect(stat(folder + name, &information) == 0)
        #expect(information.st_mode & 0o777 == 0o666 & ~mask)
      }
    }
  }
}
