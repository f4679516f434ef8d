import Statistics
import Testing
import Virtualization

@Suite("How often guests ask a shared file cache")
struct RequestRateTests {
  /// One guest of a site, 0.2 s of computation a second, and two of a batch job whose step computes
  /// for 10 s on the one core; each has a gigabyte of files, and the host one in all.
  private static func plan(thinkTime: Double, service: Double = 10) throws -> HostPlan {
    let files = FileSet(
      count: HostFixture.exact(1000), meanBytes: HostFixture.exact(1e6, .bytes),
      zipfExponent: HostFixture.exact(0.8), commonShare: HostFixture.exact(0, .share))
    var site = try HostFixture.workload(
      arrival: .poisson(rate: HostFixture.exact(2, .hertz)), user: .deterministic(value: 0.1),
      operations: [OperationCount(.fileRead, count: HostFixture.exact(1))])
    site.files = files
    var job = try HostFixture.workload(
      arrival: .closed(
        users: HostFixture.exact(1), thinkTime: .deterministic(value: thinkTime)),
      user: .deterministic(value: service),
      operations: [OperationCount(.fileRead, count: HostFixture.exact(40))])
    job.id = "job"
    job.files = files
    var host = HostFixture.host()
    host.memory.bytes = HostFixture.exact(1e9, .bytes)
    host.disk.positioningTime = HostFixture.exact(1e-6, .seconds)
    var scenario = HostFixture.scenario(
      host: host, native: HostFixture.approach(), workload: site, guests: 1, seconds: 10, warmup: 1)
    var second = scenario.guests[0]
    second.id = "job"
    second.workload = job
    second.count = 2
    scenario.guests.append(second)
    return try HostPlan(
      scenario: scenario, approach: HostFixture.approach(), guests: 3, replication: 0)
  }

  /// The site leaves 0.8 of the core, two steps of 10 s at once take 25 s: 0.04 a second and guest.
  @Test("Users who wait for the processor ask once in think time and response")
  func waiting() throws {
    let rates = try #require(try Self.plan(thinkTime: 0.01).requestRates())
    #expect(rates[0] == 2)
    #expect(abs(rates[1] - 0.04) < 0.0005)
  }

  @Test("Think times that are short beside the response change nothing")
  func shortThinkTimes() throws {
    let short = try Self.plan(thinkTime: 0.01).meanDemands()[0].request.disk
    let longer = try Self.plan(thinkTime: 0.5).meanDemands()[0].request.disk
    #expect(short > 0)
    #expect(abs(short / longer - 1) < 0.03)
    // A job that hardly ever asks leaves the cache to the site.
    let rare = try Self.plan(thinkTime: 100_000).meanDemands()[0].request.disk
    #expect(rare < 0.8 * short)
  }
}
