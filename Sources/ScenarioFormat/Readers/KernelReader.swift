import Virtualization

/// Reads the kernel of a host.
struct KernelReader {
  let map: MappingReader
  let findings: Findings

  /// - Parameters:
  ///   - base: The kernel of the host that this one is scaled from.
  ///   - isScaled: Whether there is one, readable or not.
  func read(base: HostKernel?, isScaled: Bool) -> HostKernel {
    let scheduler = map.choice("scheduler", default: HostKernel.Scheduler.o1)
    let inherited = base?.scheduler == scheduler ? base?.parameters : nil
    return HostKernel(
      scheduler: scheduler, tickRate: map.quantity("tick-rate"), isTickless: map.flag("tickless"),
      wordBits: map.choice("word-bits").flatMap { Int($0) } ?? 64,
      processCeiling: map.optionalQuantity("process-ceiling"),
      parameters: parameters(
        of: scheduler, inherited: inherited, isLenient: isScaled && base == nil),
      memory: memory(inherited: base?.memory, isLenient: isScaled && base == nil))
  }

  /// The constants of the scheduler.
  ///
  /// - Parameter isLenient: Whether others could not be read that may have what is missing here.
  private func parameters(
    of scheduler: HostKernel.Scheduler, inherited: [SchedulingPolicy.Parameter: Quantity]?,
    isLenient: Bool
  ) -> [SchedulingPolicy.Parameter: Quantity] {
    guard let tree = map.value("parameters") else {
      if inherited == nil, !isLenient {
        map.missing(
          "parameters",
          "Constants of the scheduler `\(scheduler.rawValue)`: "
            + scheduler.parameters.map { "`\($0.rawValue)`" }.joined(separator: ", "))
      }
      return inherited ?? [:]
    }
    let values = MappingReader(tree, .kernelParameters, findings, label: "parameters")
    var result: [SchedulingPolicy.Parameter: Quantity] = [:]
    for parameter in SchedulingPolicy.Parameter.allCases {
      guard let place = tree[parameter.rawValue]?.place else { continue }
      guard scheduler.parameters.contains(parameter) else {
        findings.error(
          .value,
          "`\(parameter.rawValue)` is not a constant of the scheduler `\(scheduler.rawValue)`; "
            + "leave it out", at: place)
        continue
      }
      result[parameter] = values.optionalQuantity(parameter.rawValue)
    }
    for parameter in scheduler.parameters where tree[parameter.rawValue] == nil {
      values.missing(parameter.rawValue, parameter.meaning)
    }
    return result
  }

  private func memory(inherited: MemoryAssumptions?, isLenient: Bool) -> MemoryAssumptions {
    if !map.has("memory") {
      if let inherited { return inherited }
      if !isLenient { map.missing("memory", "Numbers of memory management, or `scaled-from`.") }
    }
    let values = map.mapping("memory", .kernelMemory)
    return MemoryAssumptions(
      cacheFloor: values.quantity("cache-floor"), swapCluster: values.quantity("swap-cluster"),
      rewrittenShare: values.quantity("rewritten-share"),
      guestSwap: values.quantity("guest-swap"),
      dirtyExpiry: values.quantity("dirty-expiry"),
      flusherPeriod: values.quantity("flusher-period"),
      dirtyBackground: values.quantity("dirty-background"),
      dirtyLimit: values.quantity("dirty-limit"), flushedPages: values.quantity("flushed-pages"),
      guestKernelBytes: values.optionalQuantity("guest-kernel"),
      allocatedPerTouched: values.quantity("allocated-per-touched"),
      socketBytes: values.quantity("socket"), socketBufferBytes: values.quantity("socket-buffer"),
      filesPerProcess: values.quantity("files-per-process"),
      directoryCacheBytesPerFile: values.quantity("directory-cache-per-file"))
  }
}
