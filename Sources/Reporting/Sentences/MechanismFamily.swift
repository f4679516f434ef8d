package import Virtualization

/// The mechanisms in nine groups that a chart can show; tables keep every mechanism apart.
package enum MechanismFamily: String, CaseIterable, Sendable, Hashable {
  case program = "program"
  case kernelWork = "kernel work"
  case crossings = "boundary crossings"
  case memory = "memory management"
  case switching = "switching and cache refill"
  case devicePath = "device path"
  case contention = "contention"
  case queueing = "queueing"
  case deviceTime = "device time"

  /// What belongs to the group, for a legend's explanation.
  package var explanation: String {
    switch self {
    case .program: "the program's own computation, and its slowdown"
    case .kernelWork: "the kernel's own service, its slowdown, accounting, filters and copies"
    case .crossings: "entering and leaving a kernel, a hypervisor, a monitor or a traced process"
    case .memory: "page tables, page copies, shadow and nested tables, host mappings"
    case .switching: "address spaces, virtual processors, wake-ups, lost caches"
    case .devicePath: "notifications, grants, virtual links, emulation, driver work"
    case .contention:
      "ready to run, but waiting for a core, for the guest's own virtual processor, or for a limit"
    case .queueing: "waiting for a worker, the disk or the link"
    case .deviceTime: "the disk and the link at work"
    }
  }

  /// The group of a mechanism.
  package init(_ mechanism: Mechanism) {
    switch mechanism {
    case .userExecution, .userSlowdown: self = .program
    case .kernelWork, .kernelSlowdown, .dataCopy, .accounting, .overlayLookup, .systemCallFilter:
      self = .kernelWork
    case .trap, .exception, .interrupt, .hypercall, .exceptionReflection, .eventUpcall, .vmExit,
      .interruptInjection, .worldSwitch, .ptraceStop, .hostSignal:
      self = .crossings
    case .pageCopy, .pageTableEntryCopy, .pageTableUpdate, .pageTablePinning, .shadowSync,
      .nestedFault, .hostMapping, .hostAddressSpace, .userAccess:
      self = .memory
    case .addressSpaceSwitch, .cacheRefill, .translationRefill, .wakeup, .remoteWakeup,
      .groupScheduling, .vcpuSwitch, .hostSwitch:
      self = .switching
    case .virtualLink, .grant, .deviceEmulation, .notification, .backendWork: self = .devicePath
    case .processorContention, .throttling, .driverContention: self = .contention
    case .workerQueueing, .diskQueueing, .linkQueueing: self = .queueing
    case .diskService, .swapping, .linkService: self = .deviceTime
    }
  }
}
