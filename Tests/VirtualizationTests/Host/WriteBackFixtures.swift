import Statistics
import Virtualization

/// What tests of write-back share: a disk of 10 MB/s, and guests that write to files.
protocol WriteBackFixtures {}

extension WriteBackFixtures {
  /// Bytes per second of the disk.
  var rate: Double { 1e7 }
  /// Bytes of one visit of the flusher.
  var visit: Double { 1024 * 4096 }

  func host(memory: Double = 64e9, positioning: Double = 0, price: Double = 0)
    -> HostProfile
  {
    var host = HostFixture.host(price: price)
    host.memory.bytes = HostFixture.exact(memory, .bytes)
    host.disk.transferRate = HostFixture.exact(rate, .bytesPerSecond)
    host.disk.positioningTime = HostFixture.exact(positioning, .seconds)
    host.disk.positioningVariation = HostFixture.exact(0)
    return host
  }

  func native(_ paths: [Path] = [], _ service: Topology.DeviceService = .inKernel)
    -> ApproachProfile
  {
    HostFixture.approach(paths: paths + [Path(.fileWrite, hops: [])], service: service)
  }

  func writes(_ bytes: Double, _ operation: Virtualization.Operation = .fileWrite)
    -> OperationCount
  {
    OperationCount(
      operation, count: HostFixture.exact(1), attributes: Attributes([.bytes: bytes]))
  }

  func scenario(
    _ host: HostProfile, _ native: ApproachProfile, perSecond: Double,
    _ operations: [OperationCount], guests: Int = 1, seconds: Double = 2000,
    warmup: Double = 100
  ) throws -> Scenario {
    HostFixture.scenario(
      host: host, native: native,
      workload: try HostFixture.workload(
        arrival: .poisson(rate: HostFixture.exact(perSecond, .hertz)),
        user: .deterministic(value: 1e-6), operations: operations),
      guests: guests, seconds: seconds, warmup: warmup)
  }

  /// Periodic work that writes, and requests that do nothing.
  func rounds(
    _ host: HostProfile, every period: Double, writing bytes: Double, guests: Int = 1,
    seconds: Double, warmup: Double = 100
  ) throws -> Scenario {
    var workload = try HostFixture.workload(
      arrival: .poisson(rate: HostFixture.exact(1, .hertz)), user: .deterministic(value: 1e-6))
    workload.background = BackgroundWork(
      period: HostFixture.exact(period, .seconds),
      userSeconds: HostFixture.exact(0, .seconds), operations: [writes(bytes)])
    return HostFixture.scenario(
      host: host, native: native(), workload: workload, guests: guests, seconds: seconds,
      warmup: warmup)
  }
}
