import ScenarioFormat
import Statistics
import Testing
import Virtualization

@Suite("Timer ticks of guest and host kernels")
struct TickTests {
  private func program(_ approach: String, on host: String = "server-2006") throws
    -> RequestProgram
  {
    let workload = try RealProfiles.library.workload("idle-vps")
    return try RequestProgram(
      workload, under: NativeFloorTests.pricing(.init(host: host, approach: approach)))
  }

  /// Native, 1000 ticks a second, from the host's own prices.
  private func native() throws -> Double {
    let pricing = try NativeFloorTests.pricing(.init(host: "server-2006", approach: "native"))
    return try 1000 * pricing.cost(of: .timerTick, with: Attributes()).total
  }

  @Test(arguments: ["native", "openvz", "linux-vserver"])
  func oneKernelTicksOnceForAll(_ approach: String) throws {
    let program = try program(approach)
    #expect(abs(program.tickItemsPerSecond.total / (try native()) - 1) < 1e-12)
    #expect(program.idleTickRate == 0)
  }

  @Test(arguments: ["xen-pv-32", "xen-pv-64"])
  func xenTicksAtItsOwnRateAndStopsWhenIdle(_ approach: String) throws {
    let pricing = try NativeFloorTests.pricing(.init(host: "server-2006", approach: approach))
    let program = try program(approach)
    let tick = try pricing.cost(of: .timerTick, with: Attributes())
    #expect(tick[.interrupt] > 0)
    #expect(abs(program.tickItemsPerSecond.total - 100 * tick.total) < 1e-12)
    #expect(program.idleTickRate == 0)
  }

  @Test(arguments: ["uml-skas0", "uml-skas3", "uml-tt"])
  func userModeLinuxTicksOnTopOfItsHost(_ approach: String) throws {
    let pricing = try NativeFloorTests.pricing(.init(host: "server-2006", approach: approach))
    let program = try program(approach)
    let tick = try pricing.cost(of: .timerTick, with: Attributes())
    #expect(abs(program.tickItemsPerSecond.total - 100 * tick.total - (try native())) < 1e-12)
    #expect(program.idleTickRate == 100)
    #expect(tick[.ptraceStop] > 0)
    #expect(program.idleTickItems[.ptraceStop] == 0)
    #expect(program.idleTickItems.total > 0 && program.idleTickItems.total < tick.total)
  }

  @Test func vmwareGuestsTickAsTheHostUnlessTold() throws {
    #expect(try program("vmware-workstation").idleTickRate == 1000)
    #expect(try program("vmware-workstation", on: "dell-2650-2003").idleTickRate == 100)
  }

  @Test func ticklessHostsHaveTicklessGuests() throws {
    #expect(try program("kvm", on: "server-2024").idleTickRate == 0)
  }

  @Test func aGuestKernelSaysOtherwise() throws {
    var pricing = try NativeFloorTests.pricing(.init(host: "server-2024", approach: "kvm"))
    var approach = pricing.approach
    approach.guestKernel = GuestKernel(
      tickRate: HostFixture.exact(50, .hertz), ticksWhenIdle: true)
    pricing = PathPricing(host: pricing.host, approach: approach, native: pricing.native)
    let program = try RequestProgram(try RealProfiles.library.workload("batch"), under: pricing)
    #expect(program.idleTickRate == 50)
  }

  /// An approach that changes `timer-tick` only means its idle ticks as well.
  @Test func idleTicksDefaultToTicks() throws {
    let pricing = try NativeFloorTests.pricing(.init(host: "server-2024", approach: "kvm"))
    let idle = try pricing.cost(of: .idleTick, with: Attributes())
    #expect(idle == (try pricing.cost(of: .timerTick, with: Attributes())))
    #expect(idle[.vmExit] > 0)
  }

  /// Idle guests cost the host their rate times the price of an idle tick, and nothing else.
  @Test(arguments: ["xen-pv-32", "uml-skas0", "vmware-workstation"])
  func idleGuestsCostTheirIdleTicks(_ approach: String) throws {
    let host = try RealProfiles.library.host("server-2006")
    var workload = try RealProfiles.library.workload("idle-vps")
    workload.background = nil
    let scenario = try RealProfiles.scenario(
      host: host, workload: workload, guests: 3, rate: 1e-9, seconds: 100)
    let result = try HostFixture.run(scenario, RealProfiles.library.approach(approach))
    let program = try program(approach)
    let expected = 3 * 100 * program.idleTickRate * program.idleTickItems.total
    let paid = result.classes[0].background.total
    #expect(abs(paid - expected) <= 0.01 * expected)
    #expect(result.classes[0].background[.ptraceStop] == 0)
  }
}
