/// The kind of work that a hop does: the vocabulary in which costs are priced and overhead is
/// itemised.
///
/// The raw value is the name used in profile files and reports.
public enum Mechanism: String, CaseIterable, Sendable, Hashable {
  // Work of the program and of the kernel that serves it.
  /// The program's own computation.
  case userExecution = "user-execution"
  /// A kernel's own service for an operation, priced per operation.
  case kernelWork = "kernel-work"
  /// Kernel code made slower by translation or emulation: the excess over native.
  case kernelSlowdown = "kernel-slowdown"
  /// User code made slower by emulation or by two-dimensional page walks: the excess over native.
  case userSlowdown = "user-slowdown"

  // Hardware boundaries, shared by all approaches of a machine.
  /// Entry to the kernel by a system call, and return.
  case trap = "trap"
  /// Entry to the kernel by an exception, and return.
  case exception = "exception"
  /// A device or timer interrupt, and return.
  case interrupt = "interrupt"
  /// Loading another address space: base pointer and lost translations.
  case addressSpaceSwitch = "address-space-switch"
  /// Refilling caches with a working set that others displaced.
  case cacheRefill = "cache-refill"
  /// Walking page tables again for the translations that a switch of address spaces lost, per page.
  case translationRefill = "translation-refill"
  /// Copying or clearing one page.
  case pageCopy = "page-copy"
  /// Copying data, per byte.
  case dataCopy = "data-copy"
  /// Copying one page-table entry.
  case pageTableEntryCopy = "page-table-entry-copy"
  /// Waking a task on the same core.
  case wakeup = "wakeup"
  /// Waking a task on another core.
  case remoteWakeup = "remote-wakeup"

  // Operating-system-level virtualization.
  /// Charging a resource to a container.
  case accounting = "accounting"
  /// A look-up through a stacked file system.
  case overlayLookup = "overlay-lookup"
  /// A filter on system calls.
  case systemCallFilter = "system-call-filter"
  /// A hop through a bridge, route or virtual network pair.
  case virtualLink = "virtual-link"
  /// Choosing among guests and switching group state.
  case groupScheduling = "group-scheduling"

  // Paravirtualization.
  /// A call into the hypervisor.
  case hypercall = "hypercall"
  /// An exception that the hypervisor passes on to the guest kernel.
  case exceptionReflection = "exception-reflection"
  /// A page-table update validated by the hypervisor.
  case pageTableUpdate = "page-table-update"
  /// Validating and pinning, or unpinning, a page-table page or its entries.
  case pageTablePinning = "page-table-pinning"
  /// Switching a core between virtual processors.
  case vcpuSwitch = "vcpu-switch"
  /// An event from the hypervisor taken by a guest kernel.
  case eventUpcall = "event-upcall"
  /// Mapping or copying a granted page.
  case grant = "grant"

  // Full virtualization.
  /// Leaving a virtual machine and entering it again.
  case vmExit = "vm-exit"
  /// Bringing shadow page tables in step with a guest's.
  case shadowSync = "shadow-sync"
  /// Populating the host's tables on a first touch of guest memory.
  case nestedFault = "nested-fault"
  /// Delivering an interrupt into a virtual machine.
  case interruptInjection = "interrupt-injection"
  /// Emulating a device in a monitor.
  case deviceEmulation = "device-emulation"
  /// A switch between a hosted monitor's world and its host's.
  case worldSwitch = "world-switch"

  // User Mode Linux.
  /// Stopping a traced process, and resuming it.
  case ptraceStop = "ptrace-stop"
  /// A host's switch between the processes of a guest.
  case hostSwitch = "host-switch"
  /// A call made on the host on behalf of a guest's address space.
  case hostMapping = "host-mapping"
  /// Creating a host address space or process for a guest's process.
  case hostAddressSpace = "host-address-space"
  /// Reaching into a process's memory from a guest kernel that is in another address space.
  case userAccess = "user-access"
  /// A signal that the host delivers to a guest's process.
  case hostSignal = "host-signal"

  // Paths to devices.
  /// A notification between a guest and the entity that serves its device.
  case notification = "notification"
  /// The work of a driver domain or of an input/output thread for one request or packet.
  case backendWork = "backend-work"

  // What is not priced but arises in the simulation.
  /// Ready to run while other guests or tasks hold the cores.
  case processorContention = "processor-contention"
  /// Ready to run but held back by a limit on processor time.
  case throttling = "throttling"
  /// Waiting for a driver domain or an input/output thread to get a core.
  case driverContention = "driver-contention"
  /// Waiting for a free worker of the service.
  case workerQueueing = "worker-queueing"
  /// Waiting for the disk.
  case diskQueueing = "disk-queueing"
  /// The disk's own time.
  case diskService = "disk-service"
  /// Disk time spent on pages that memory pressure had driven out.
  case swapping = "swapping"
  /// Waiting for the network link.
  case linkQueueing = "link-queueing"
  /// The link's own time.
  case linkService = "link-service"

  /// Whether a profile gives this mechanism a price.
  public var isPriced: Bool {
    switch self {
    case .processorContention, .throttling, .driverContention, .workerQueueing, .diskQueueing,
      .diskService, .swapping, .linkQueueing, .linkService, .kernelSlowdown, .userSlowdown:
      false
    default: true
    }
  }
}
