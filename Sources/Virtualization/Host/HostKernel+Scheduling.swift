import DiscreteEvents

extension HostKernel.Scheduler {
  /// The constants that it has.
  package var parameters: [SchedulingPolicy.Parameter] {
    switch self {
    case .o1: [.slice]
    case .completelyFair: [.latency, .minimumGranularity, .wakeupGranularity]
    }
  }

  /// The algorithm among guests that are its tasks or groups.
  fileprivate var algorithm: SchedulingPolicy.Algorithm {
    switch self {
    case .o1: .o1
    case .completelyFair: .completelyFairGroups
    }
  }
}

extension SchedulingPolicy {
  /// The policy with `host` replaced by the scheduler of the host's own kernel, and with that
  /// scheduler's constants where the policy is an extension of it and states none.
  package func resolved(on host: HostProfile) -> SchedulingPolicy {
    var result = self
    let kernel = host.kernel
    if algorithm == .host { result.algorithm = kernel.scheduler.algorithm }
    let extended = result.algorithm == .tokenBucket ? .o1 : result.algorithm
    guard extended == kernel.scheduler.algorithm else { return result }
    // What the kernel calls "scaled logarithmically" with the number of processors.
    let cores = min(max(Int(clamping: host.processors.cores.value), 1), 8)
    let factor = Double(1 + (Int.bitWidth - 1 - cores.leadingZeroBitCount))
    for parameter in kernel.scheduler.parameters where result.parameters[parameter] == nil {
      guard let constant = kernel.parameters[parameter] else { continue }
      result.parameters[parameter] =
        kernel.scheduler == .completelyFair ? constant.scaled(by: factor) : constant
    }
    return result
  }
}

extension ApproachProfile {
  /// The policy that a mix of guests meets.
  ///
  /// Contexts of Linux-VServer that set no flag of its token bucket are processes to the host's own
  /// scheduler, whatever that is.
  func scheduling(of guests: [GuestClass]) -> SchedulingPolicy {
    let usesBuckets =
      scheduling.mode == .soft || guests.contains { $0.limits.processorLimit != nil }
    guard scheduling.algorithm == .tokenBucket, !usesBuckets else { return scheduling }
    return SchedulingPolicy(
      algorithm: .host, parameters: scheduling.parameters.filter { $0.key == .slice })
  }

  /// Whether the scheduler knows a guest as a whole: what shares and limits take.
  ///
  /// Services side by side are nothing but processes to the host's own scheduler. Virtual machines
  /// have a control group each where there are any, as under libvirt.
  private var isScheduledAsGroup: Bool {
    scheduling.algorithm != .host || topology.kernelPerGuest
  }

  /// Whether a guest's limit on processor time has an effect.
  package func honorsLimits(on host: HostProfile) -> Bool {
    isScheduledAsGroup && scheduling.resolved(on: host).honorsLimits
  }

  /// Whether a guest's weight has an effect.
  package func honorsWeights(on host: HostProfile) -> Bool {
    isScheduledAsGroup && scheduling.resolved(on: host).honorsWeights
  }

  /// What a guest is to the host's scheduler: one group, a process per virtual processor, or (nil)
  /// as many processes as it has tasks.
  func hostProcesses(of processors: Int, on host: HostProfile) -> Int? {
    let isGroup = scheduling.resolved(on: host).algorithm == .completelyFairGroups
    if isGroup && isScheduledAsGroup { return 1 }
    return topology.kernelPerGuest ? processors : nil
  }
}

extension ProcessorConfiguration.TaskDiscipline {
  /// The scheduler inside a guest: that of a kernel of the host's date, on one processor.
  ///
  /// - Throws: `ModelError.invalidValue` where the host's kernel lacks a constant of it.
  static func of(_ host: HostProfile) throws(ModelError) -> Self {
    func time(_ parameter: SchedulingPolicy.Parameter) throws(ModelError) -> SimulationDuration {
      guard let constant = host.kernel.parameters[parameter] else {
        throw ModelError(
          .invalidValue,
          "host \(host.id): its scheduler needs `\(parameter.rawValue)`; add it to `parameters` of "
            + "its `kernel`")
      }
      return SimulationDuration(seconds: constant.value)
    }
    switch host.kernel.scheduler {
    case .o1: return .o1(slice: try time(.slice))
    case .completelyFair:
      return .completelyFair(
        latency: try time(.latency), minimumGranularity: try time(.minimumGranularity))
    }
  }
}
