import Statistics
import Testing
import Virtualization

@Suite("Image files that are opened for direct input and output")
struct DirectInputOutputTests {
  /// One guest whose cache holds a part of its files, and a host with room for all of them.
  private static func scenario() throws -> Scenario {
    let exact = HostFixture.exact
    var workload = try HostFixture.workload(
      arrival: .poisson(rate: exact(4, .hertz)), user: .exponential(mean: 0.001),
      operations: [OperationCount(.fileRead, count: exact(1, .count), attributes: Attributes())])
    workload.files = FileSet(
      count: exact(2000, .count), meanBytes: exact(16384, .bytes), zipfExponent: exact(0.8, .count),
      commonShare: exact(0, .share))
    var scenario = HostFixture.scenario(
      host: HostFixture.host(cores: 2, price: 2e-5), native: HostFixture.approach(),
      workload: workload, guests: 1, seconds: 2000, warmup: 20)
    scenario.guests[0].limits.memoryBytes = 8 * mebibyte
    return scenario
  }

  private static func machine(_ cache: MemoryPolicy.PageCache, direct: Bool) -> ApproachProfile {
    var approach = HostFixture.approach("vm")
    approach.topology.kernelPerGuest = true
    approach.memory.kind = .touchOnDemand
    approach.memory.pageCache = cache
    approach.storage = StoragePolicy(
      image: .copyOnWrite, privateShare: HostFixture.exact(0.1, .share), directIO: direct)
    return approach
  }

  @Test("The disk reads what the guest's own cache misses, and no less")
  func disk() throws {
    let scenario = try Self.scenario()
    let cached = try HostFixture.run(scenario, Self.machine(.double, direct: false))
    let direct = try HostFixture.run(scenario, Self.machine(.double, direct: true))
    let without = try HostFixture.run(scenario, Self.machine(.perGuest, direct: false))
    let memory = try MemorySimulation(
      host: scenario.host, approach: Self.machine(.double, direct: true),
      classes: scenario.guests, assignment: [0])
    let miss = 1 - memory.hitRatio(guest: 0)
    #expect(miss > 0.3 && miss < 0.9)
    let requests = Double(direct.classes[0].finished)
    let expected = requests * miss
    // Four standard deviations of a binomial number.
    let tolerance = 4 * (expected * (1 - miss)).squareRoot()
    #expect(abs(Double(direct.diskCompletions) - expected) < tolerance)
    #expect(direct.diskCompletions == without.diskCompletions)
    #expect(direct.classes[0].sojournSeconds == without.classes[0].sojournSeconds)
    #expect(cached.diskCompletions < direct.diskCompletions / 20)
    #expect(direct.memory[.hostFileCache] == 0 && cached.memory[.hostFileCache] > 0)
    #expect(direct.classes[0].residual < 0.01 && cached.classes[0].residual < 0.01)
  }

  /// Hops of a thread that reads the image through the host's cache, one copy a byte.
  private static func serving(_ cache: MemoryPolicy.PageCache, direct: Bool) -> ApproachProfile {
    var approach = HostFixture.approach(
      "vm",
      paths: [
        Path(
          .diskRead,
          hops: [
            Hop(.kernelWork, at: .guestKernel, status: .assumed, source: "test"),
            Hop(
              .dataCopy, at: .guestKernel, count: LinearCount(0, Attributes([.bytes: 1])),
              status: .assumed,
              source: "test"),
            Hop(
              .dataCopy, at: .ioThread, in: .backend,
              count: LinearCount(0, Attributes([.bytes: 1])),
              status: .assumed, source: "test"),
          ])
      ], service: .threadPerGuest)
    let machine = Self.machine(cache, direct: direct)
    approach.topology.kernelPerGuest = true
    (approach.memory, approach.storage) = (machine.memory, machine.storage)
    return approach
  }

  @Test(
    "The copy between the host's cache and the guest falls away with the cache",
    arguments: [
      (MemoryPolicy.PageCache.double, true, nil, 1), (.double, false, nil, 2),
      (.double, false, true, 1), (.double, true, false, 2), (.perGuest, true, nil, 2),
    ] as [(MemoryPolicy.PageCache, Bool, Bool?, Int)])
  func copies(cache: MemoryPolicy.PageCache, direct: Bool, guest: Bool?, expected: Int) throws {
    var scenario = try Self.scenario()
    scenario.host.primitives.append(
      Primitive(.dataCopy, price: HostFixture.exact(1e-9, .secondsPerByte)))
    scenario.guests[0].workload.files = nil
    scenario.guests[0].workload.operations = [
      OperationCount(
        .diskRead, count: HostFixture.exact(1, .count), attributes: Attributes([.bytes: 4096]))
    ]
    scenario.guests[0].limits.directIO = guest
    let found = try HostFixture.run(scenario, Self.serving(cache, direct: direct)).classes[0]
    let copied = found.processor[.dataCopy] / Double(found.finished)
    #expect(abs(copied - Double(expected) * 4096e-9) < 1e-12)
    #expect(found.residual < 0.01)
  }
}
