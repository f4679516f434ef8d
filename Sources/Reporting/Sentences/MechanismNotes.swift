package import Virtualization

/// What reports say about each mechanism.
extension Mechanism {
  /// Why the mechanism costs what it does, as a sentence without its full stop.
  package var note: String {
    switch self {
    case .userExecution: "the program itself computes, as it would on the bare machine"
    case .kernelWork: "a kernel does what it was asked for, as it would on the bare machine"
    case .kernelSlowdown: "kernel code runs translated or emulated, so each step of it is slower"
    case .userSlowdown: "emulation, or a page walk in two dimensions, slows down every user step"
    case .trap: "each system call enters the kernel and returns"
    case .exception: "each fault enters the kernel and returns"
    case .interrupt: "each device or timer interrupt enters the kernel and returns"
    case .addressSpaceSwitch: "a new address space loses the cached translations of the old one"
    case .cacheRefill: "others displaced the working set, and it must be fetched from memory again"
    case .translationRefill:
      "page tables are walked again for translations lost with the old address space"
    case .pageCopy: "whole pages are copied or cleared"
    case .dataCopy: "data is copied once more, byte by byte"
    case .pageTableEntryCopy: "page-table entries are copied one by one when a process is copied"
    case .wakeup: "a sleeping task must be made ready to run"
    case .remoteWakeup: "a task on another core is woken by an interrupt between cores"
    case .accounting: "the container is charged for every resource that it takes"
    case .overlayLookup: "a path name is looked up in several layers of a stacked file system"
    case .systemCallFilter: "a filter program judges every system call first"
    case .virtualLink: "each packet takes one more hop through a bridge, route or virtual pair"
    case .groupScheduling: "the scheduler chooses among guests before it chooses among tasks"
    case .hypercall: "the guest kernel calls the hypervisor instead of doing the work itself"
    case .exceptionReflection: "a fault reaches the hypervisor first, which passes it on"
    case .pageTableUpdate: "the hypervisor validates each page-table update of the guest"
    case .pageTablePinning:
      "the hypervisor validates all entries of a page table before and after its use"
    case .vcpuSwitch: "the hypervisor switches a core from one virtual processor to another"
    case .eventUpcall: "the guest kernel takes events from the hypervisor"
    case .grant: "each page handed to a device's owner must be granted and mapped or copied"
    case .vmExit: "the processor leaves the virtual machine, saves its state and enters it again"
    case .shadowSync: "the monitor keeps shadow page tables in step with the guest's"
    case .nestedFault: "the host must supply memory when the guest first touches it"
    case .interruptInjection: "an interrupt is delivered into the virtual machine by its monitor"
    case .deviceEmulation: "a monitor imitates a device register by register"
    case .worldSwitch: "a hosted monitor swaps the whole processor state with its host's"
    case .ptraceStop:
      "each entry to the guest kernel stops the process by ptrace and resumes it afterwards"
    case .hostSwitch: "the host switches between a guest's process and the guest's kernel"
    case .hostMapping: "the guest kernel changes an address space by mapping calls on the host"
    case .hostAddressSpace: "each new guest process needs an address space made by the host"
    case .userAccess:
      "the guest kernel reaches into its processes' memory from another address space"
    case .hostSignal: "the host delivers a signal where hardware would raise a fault"
    case .notification: "guest and device server tell each other that there is work"
    case .backendWork: "whoever owns the device does its work again, beside the guest's own part"
    case .processorContention:
      "the request is ready to run, but waits for a processor that its guest may use"
    case .throttling: "the guest is ready to run, but has used up its limit of processor time"
    case .driverContention: "the device's server is ready to run, but gets no core"
    case .workerQueueing: "all workers of the service are busy"
    case .diskQueueing: "the disk is busy with other requests"
    case .diskService: "the disk seeks and transfers"
    case .swapping: "memory is short, and pages driven out come back from the disk"
    case .linkQueueing: "the network link is busy with other packets"
    case .linkService: "the network link transmits"
    }
  }
}
