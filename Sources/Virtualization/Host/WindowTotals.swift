import DiscreteEvents

/// What the stations and processors had counted when the window closed; times in seconds.
struct WindowTotals {
  var processors: ProcessorCounters
  var diskBusy: Double
  var diskQueue: Double
  var diskCompletions: Int
  var diskTransferBusy: Double
  var linkInBusy: Double
  var linkInCompletions: Int
  var linkOutBusy: Double
  var linkOutCompletions: Int
}

extension RequestTimes {
  mutating func add(_ other: RequestTimes<Int64>) {
    contention += Nanoseconds(other.contention)
    throttled += Nanoseconds(other.throttled)
    switching += Nanoseconds(other.switching)
    refill += Nanoseconds(other.refill)
    driverContention += Nanoseconds(other.driverContention)
    workerQueueing += Nanoseconds(other.workerQueueing)
    diskQueueing += Nanoseconds(other.diskQueueing)
    diskService += Nanoseconds(other.diskService)
    swapping += Nanoseconds(other.swapping)
    linkQueueing += Nanoseconds(other.linkQueueing)
    linkService += Nanoseconds(other.linkService)
  }
}
