import DiscreteEvents
import ScenarioFormat
import Statistics
import Testing
import Virtualization

@Suite("Working sets that displace each other")
struct WorkingSetTests {
  /// Two entities that take turns on one core, each with a working set; microseconds of refill per
  /// switch at 1 ns a byte.
  private func refill(_ workingSets: [Double], cache: SetAssociativeCache) -> Double {
    let entities = workingSets.map { bytes in
      var entity = ProcessorConfiguration.Entity.plain()
      entity.workingSetBytes = bytes
      return entity
    }
    var configuration = ProcessorConfiguration.plain(entities)
    configuration.cache = cache
    configuration.refillSecondsPerByte = 1e-9
    var run = ScriptedRun<FirstCome>(
      configuration,
      entities.indices.map {
        .init(entity: Int32($0), work: .microseconds(1), think: SimulationDuration(nanoseconds: 1))
      })
    _ = run.counters(at: 0.5)
    run.simulation.model.processor.resetCounters(at: run.simulation.now)
    let counters = run.counters(at: 1.5)
    return counters.refill[0].seconds * 1e6 / Double(counters.entitySwitches)
  }

  private let xeon = SetAssociativeCache(cacheBytes: 524_288)

  @Test func whatExceedsTheCacheMissesAnywayAndIsNotRefilled() {
    // Each displaces the other wholly: 524,288 bytes at 1 ns.
    #expect(abs(refill([4e6, 4e6], cache: xeon) / 524.288 - 1) < 0.001)
    #expect(abs(refill([4e6, 64e6], cache: xeon) / 524.288 - 1) < 0.001)
    #expect(refill([4e6, 4e6], cache: SetAssociativeCache(cacheBytes: 0)) == 0)
  }

  /// The first of the two touches eight times the cache: the second finds nothing of its own.
  @Test func whatPassesThroughDisplacesOthers() {
    let both = refill([4_194_304, 65_536], cache: xeon)
    #expect(abs(both / ((524.288 * 0.999 + 65.536) / 2) - 1) < 0.35)
    #expect(both > 65.536 / 2 + 100)
  }

  @Test func moreWaysKeepMoreOfWhatFits() {
    let sets = [262_144.0, 196_608.0]
    let few = refill(sets, cache: SetAssociativeCache(cacheBytes: 524_288, ways: 2))
    let eight = refill(sets, cache: SetAssociativeCache(cacheBytes: 524_288, ways: 8))
    let many = refill(sets, cache: SetAssociativeCache(cacheBytes: 524_288, ways: 16))
    #expect(few > eight && eight > many)
  }

  @Test(arguments: [("dell-2650-2003", 8), ("server-2006", 16), ("server-2024", 16)])
  func hostsSayHowAssociativeTheirCachesAre(_ host: String, _ ways: Int) throws {
    let host = try RealProfiles.library.host(host)
    #expect(host.processors.cache.ways == ways)
    let scenario = try RealProfiles.scenario(
      host: host, workload: RealProfiles.library.workload("batch"), guests: 1, seconds: 1)
    let plan = try HostPlan(
      scenario: scenario, approach: scenario.native, guests: 1, replication: 0)
    #expect(plan.processors.cache == host.processors.cache)
  }

  @Test(arguments: ["xen-pv-32", "vmware-workstation", "uml-skas0"])
  func whoServesDevicesNeedsCacheToo(_ approach: String) throws {
    let host = try RealProfiles.library.host("server-2006")
    var approach = try RealProfiles.library.approach(approach)
    // Mail is written to the disk, so that those who serve the disk have work to do.
    var scenario = try RealProfiles.scenario(
      host: host, workload: RealProfiles.library.workload("mail"), guests: 8, rate: 4, seconds: 60)
    let plan = try HostPlan(scenario: scenario, approach: approach, guests: 8, replication: 0)
    let bytes = try #require(approach.topology.backendWorkingSetBytes)
    #expect(bytes.low > 0 && bytes.low < bytes.value && bytes.value < bytes.high)
    #expect(plan.processors.entities.contains { $0.workingSetBytes == bytes.value })
    scenario.host.processors.cacheBytes = HostFixture.exact(262_144, .bytes)
    let with = try HostFixture.run(scenario, approach)
    approach.topology.backendWorkingSetBytes = nil
    let without = try HostFixture.run(scenario, approach)
    // Not only its own refills: those of the guests that it displaces grow as well.
    #expect(
      with.classes[0].processor[.cacheRefill] > 1.01 * without.classes[0].processor[.cacheRefill])
  }
}
