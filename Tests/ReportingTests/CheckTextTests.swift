import Experiments
import Foundation
import Reporting
import ScenarioFormat
import Testing

@Suite struct CheckTextTests {
  @Test func showsEveryRowOnceAndTheErrors() throws {
    let profiles = URL(filePath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Sources/Virtualization/Profiles").path(percentEncoded: false)
    let table = try CheckTable.load("barham2003-lmbench", from: Library(folders: [profiles]))
    let lines = CheckText.render(table).split(separator: "\n", omittingEmptySubsequences: false)
    for row in ["null call", "16p/64K", "page fault"] {
      #expect(lines.count { $0.hasPrefix(row) } == 1)
    }
    let fault = try #require(lines.first { $0.hasPrefix("page fault") })
    #expect(fault.contains("2.73 /   2.73   -0.0 %p") || fault.contains("2.73 /   2.73   +0.0 %p"))
    let shell = try #require(lines.first { $0.hasPrefix("sh proc") })
    #expect(shell.contains("948 /   4000  -76.3 %v") && !shell.contains("%n"))
    #expect(!shell.contains("%*"), "the faults of the shell were set with the row in view")
    for row in ["null I/O", "stat", "mmap latency"] {
      let line = try #require(lines.first { $0.hasPrefix(row) })
      #expect(line.split(separator: "%").count { $0.hasPrefix("v") } == 4 && !line.contains("%*"))
    }
    let switching = try #require(lines.first { $0.hasPrefix("8p/64K") })
    #expect(switching.contains("%v ") && switching.split(separator: "%*").count == 3)
    #expect(lines.contains { $0.hasPrefix("Not blind (v): ") })
    #expect(lines.contains { $0.hasPrefix("blind rows, all but native") && $0.contains(" 24 val") })
    #expect(lines.contains { $0.hasPrefix("blind rows, L-UP") && $0.contains(" 3 values") })
    #expect(lines.contains { $0.hasPrefix("slct TCP") && $0.contains("%n") })
    #expect(lines.contains { $0.hasPrefix("predicted rows, L-UP") && $0.contains(" 12 values") })
    #expect(lines.contains { $0.hasPrefix("sh proc = 2 x exec proc - fork proc: one fork") })
    #expect(
      lines.contains { $0.hasPrefix("Native work. In sig inst, sh proc, 10K create, 10K del") })
    #expect(lines.contains { $0.hasPrefix("predicted rows, all but native") && $0.contains("36") })
    #expect(lines.contains { $0.hasPrefix("UML         12       4") && $0.hasSuffix("than half") })
    #expect(lines.contains { $0.hasPrefix("L-UP         6       6") && $0.hasSuffix("up table") })
    #expect(lines.contains { $0.hasPrefix("L-UP, rows looked up") && $0.contains("slct TCP") })
    #expect(lines.allSatisfy { $0.count <= 140 && $0.last != " " })
  }
}
