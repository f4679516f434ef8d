import Statistics
import Testing
import Virtualization

/// A backlog is more than the disk takes where it grows, not where it is seen.
@Suite("Write-back that falls behind")
struct WriteBackBacklogTests: WriteBackFixtures {
  /// 1 GB in 600 s takes the disk 100 s; three guests take half of its time.
  @Test("A backup now and then is not more than the disk takes", arguments: [1, 3])
  func backups(guests: Int) throws {
    for replication in 0..<8 {
      let result = try HostFixture.run(
        rounds(host(), every: 600, writing: 1e9, guests: guests, seconds: 600),
        replication: replication)
      #expect(result.isStable && !result.isWriteBackBehind)
    }
  }

  /// A window of 60 s, within the 100 s that a backup takes or not.
  @Test("Nor is one that is under way all through the window")
  func shortWindow() throws {
    for replication in 0..<16 {
      let result = try HostFixture.run(
        rounds(host(), every: 300, writing: 1e9, seconds: 60, warmup: 300),
        replication: replication)
      #expect(result.isStable && !result.isWriteBackBehind)
    }
  }

  /// 16.7 MB/s in pieces of 1 GB, or 12 MB/s of three guests.
  @Test(
    "Backups more often than the disk takes them are",
    arguments: [(60.0, 1e9, 1), (100, 4e8, 3)])
  func tooMany(period: Double, bytes: Double, guests: Int) throws {
    for replication in 0..<4 {
      let result = try HostFixture.run(
        rounds(host(), every: period, writing: bytes, guests: guests, seconds: 1200),
        replication: replication)
      #expect(!result.isStable && result.isWriteBackBehind)
    }
  }
}
