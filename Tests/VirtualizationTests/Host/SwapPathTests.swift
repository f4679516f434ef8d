import ScenarioFormat
import Testing
import Virtualization

@Suite("A trip to swap takes the path of whoever swaps")
struct SwapPathTests {
  private static func program(_ approach: String, on host: String) throws -> RequestProgram {
    let library = RealProfiles.library
    return try RequestProgram(
      try library.workload("batch"),
      under: PathPricing(
        host: try library.host(host), approach: try library.approach(approach),
        native: try library.approach("native")), swapping: .cluster(8))
  }

  /// Seconds in microseconds of the stages of one trip: of the guest and of who serves its devices.
  private static func cost(
    _ program: RequestProgram, from start: Int32
  ) -> (own: Double, backend: Double) {
    var cost = (own: 0.0, backend: 0.0)
    var position = Int(start)
    while program.stages[position].kind != .swapEnd {
      let stage = program.stages[position]
      let seconds = 1e6 * (stage.fixed + stage.shared + stage.sent)
      switch stage.kind {
      case .guest: cost.own += seconds
      case .backend: cost.backend += seconds
      default: #expect(stage.fixed == 32768, "8 pages of 4 KiB")
      }
      position += 1
    }
    return cost
  }

  // Prices of dell-2650-2003 in us; there is no system call.
  @Test("Native and Xen read their own swap as they read files")
  func own() throws {
    let native = try Self.program("native", on: "dell-2650-2003").requestSwapping
    let plain = Self.cost(
      try Self.program("native", on: "dell-2650-2003"), from: native.ownRead)
    // Kernel work, interrupt, wake-up; exception and kernel work of eight faults.
    #expect(abs(plain.own - (12 + 2.5 + 1 + 8 * (1.06 + 0.36))) < 1e-9)
    #expect(plain.backend == 0)
    let program = try Self.program("xen-pv-32", on: "dell-2650-2003")
    let xen = Self.cost(program, from: program.requestSwapping.ownRead)
    // With a hypercall, and the upcall that a guest pays only where it is not woken by it; every
    // fault is reflected and its page-table update validated.
    #expect(abs(xen.own - (12 + 0.6 + 1 + 8 * (1.06 + 0.36 + 0.34 + 0.97))) < 1e-9)
    // Upcall, grant, work, interrupt, notification.
    #expect(abs(xen.backend - (1 + 1.5 + 5 + 2.5 + 0.6)) < 1e-9)
    let write = Self.cost(program, from: program.requestSwapping.ownWrite)
    #expect(abs(write.own - (12 + 0.6)) < 1e-9)
    #expect(abs(write.backend - xen.backend) < 1e-9)
  }

  @Test("What the host has in swap under KVM comes by the host's own path")
  func host() throws {
    let program = try Self.program("kvm", on: "server-2024")
    let read = Self.cost(program, from: program.requestSwapping.hostRead)
    // Eight nested faults, kernel work, interrupt, wake-up: no thread of the guest's devices.
    #expect(abs(read.own - (8 * 2.5 + 3 + 1 + 1)) < 1e-9)
    #expect(read.backend == 0)
    let write = Self.cost(program, from: program.requestSwapping.hostWrite)
    #expect(abs(write.own - (4 + 1)) < 1e-9)
  }

  @Test("A price that swapping needs is demanded where memory can run short")
  func missingPrice() throws {
    func plan(memory: Double) throws -> HostPlan {
      var scenario = try TouchingTests.scenario(rate: 1, memory: memory)
      scenario.host.primitives.removeAll { $0.service == .fileFault }
      return try HostPlan(
        scenario: scenario, approach: scenario.native, guests: 1, replication: 0)
    }
    let error = #expect(throws: ModelError.self) { try plan(memory: 100) }
    #expect(error?.message.contains("file-fault") == true)
    _ = try plan(memory: 130)
  }
}
