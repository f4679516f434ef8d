extension ProgramCompiler {
  /// What timers cost a guest that works, and one that is idle.
  ///
  /// A guest on the host's own kernel is interrupted at that kernel's rate. A guest with a kernel
  /// of its own is interrupted at that kernel's rate, and where it is a task of a host's kernel,
  /// that one ticks below it too; under a driver domain no kernel of the host runs below the
  /// guests, and the hypervisor's interrupt is part of the path `timer-tick`.
  func compileTicks(into program: inout RequestProgram) throws(ModelError) {
    let approach = pricing.approach
    let kernel = pricing.host.kernel
    let tick = try pricing.cost(of: .timerTick, with: Attributes())
    guard approach.topology.kernelPerGuest else {
      program.tickItemsPerSecond = tick.scaled(by: kernel.tickRate.value)
      return
    }
    let rate = approach.guestKernel.tickRate?.value ?? kernel.tickRate.value
    program.tickItemsPerSecond = tick.scaled(by: rate)
    if pricing.hasTicksBelow {
      let below = PathPricing(host: pricing.host, approach: pricing.native, native: pricing.native)
      program.tickItemsPerSecond.add(
        try below.cost(of: .timerTick, with: Attributes()), times: kernel.tickRate.value)
    }
    if pricing.guestsTickWhenIdle {
      program.idleTickItems = try pricing.cost(of: .idleTick, with: Attributes())
      program.idleTickRate = rate
    }
  }
}
