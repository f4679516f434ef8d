import DiscreteEvents
import Statistics

/// A request on its way through the host; also a round of a guest's periodic work.
struct Request: BitwiseCopyable {
  var guest: Int32
  /// The user who asked, for closed arrivals; -1 otherwise.
  var user: Int32
  /// The stage at which the request is, or to which it goes next.
  var stage: Int32 = -1
  /// The next request in a queue; see `RequestQueue`.
  var next: Int32 = -1
  /// How often a repeated stretch of stages has been taken.
  var repeats: Int32 = 0
  /// Trips to swap that are still to be made before the worker begins.
  var swapping = SwapsToMake()
  /// Whether it is no request: a round of periodic work, or a touch of what is in swap.
  var isBackground: Bool
  var isTouch = false
  var isFlush = false
  /// Whether it arrived in the measured window.
  var isMeasured: Bool
  /// Whether the condition of the stage at hand was drawn and holds.
  var isDecided = false
  /// Whether the host's own cache, below the guest's, has what is read.
  var isInHostCache = false
  /// Whether its next piece of work follows its last one without a pause.
  var isGoingOn = false
  /// Whether the present visit to the disk is for pages that are swapped out or in.
  var isSwapping = false
  /// The request's number among those of its guest or user: the name of its random numbers.
  var number: UInt64 = 0
  var arrival: SimulationTime
  /// When the present visit or wait began, and when its service did.
  var since: SimulationTime
  var serviceBegan = SimulationTime.zero
  /// Positioning time of the next visit to the disk, in seconds.
  var positioning = 0.0
  /// Device time of the present or next visit.
  var service = SimulationDuration.zero
  /// Transfer time of the present visit to a solid-state drive, behind its channels.
  var transfer = SimulationDuration.zero
  var stream: RandomStream
  /// What swapping draws, apart so that it leaves the request's other draws as they are.
  var swapStream = RandomStream(state: (1, 0, 0, 0))
  var userSeconds: Double
  var responseBytes: Double
  var responsePackets: Double
  var thinkSeconds: Double
  var times = RequestTimes<Int64>()
}

/// Clusters of pages to be written to swap and read back; writes come before the reads that need
/// the room.
struct SwapsToMake: BitwiseCopyable {
  var ownWrites: Int32 = 0
  var ownReads: Int32 = 0
  var hostWrites: Int32 = 0
  var hostReads: Int32 = 0

  var isEmpty: Bool { ownWrites | ownReads | hostWrites | hostReads == 0 }
}

/// When a guest touches active pages that no request touches; from the time on when some are in
/// swap.
struct TouchingState: BitwiseCopyable {
  /// The number of the next look, which names its random numbers.
  var number: UInt64 = 0
  /// When the next one is, and whether a page is touched then, or only looked how many are in swap.
  var next = SimulationTime.zero
  var isDue = false
  /// Requests begun so far, those at the last look, and when that was.
  var begun: Int64 = 0
  var begunBefore: Int64 = 0
  var lookedAt = SimulationTime.zero
  /// The mean of requests per minute, recent ones weighing more, and the sum of the weights.
  var requests = 0.0
  var weight = 0.0
}

/// What a guest has written to files and its kernel not yet to the disk.
struct FlusherState: BitwiseCopyable {
  /// Bytes that the flush under way has still to write, and those written to files since it began.
  var flushing = 0.0
  var fresh = 0.0
  /// Visits to the disk under way, and their bytes.
  var visits: Int32 = 0
  var inVisits = 0.0
  /// When the oldest of the latter are due.
  var due = SimulationTime.zero
  /// Whether a flush is under way or about to begin, and the look when it is due, until then.
  var isFlushing = false
  var look = EventHandle.none
  /// The number of the next visit to the disk, which names its random numbers.
  var number: UInt64 = 0
  /// When the kernel looks for what is due: its first look.
  var phase = SimulationDuration.zero
  /// Bytes written to files so far, and those by when they had to be on the disk at the window's
  /// end.
  var written = 0.0
  var writtenBefore = 0.0
  /// Dirty bytes with which the run began, and those in the middle of the window.
  var begun = 0.0
  var bytesBefore = 0.0
  /// Whether it has been flushing without a pause since the middle of the window.
  var isBehind = false

  var bytes: Double { flushing + fresh }
  /// Bytes of the flush for which no visit is under way; what is less than a byte is nothing.
  var unvisited: Double { flushing - inVisits < 0.5 ? 0 : flushing - inVisits }
}

/// Dirty bytes that count together against the limits of a kernel, and who waits to write more.
struct DirtyDomain: BitwiseCopyable {
  var bytes = 0.0
  var waiting = RequestQueue()
  /// Whether all that was dirty when the background share was passed is on its way to the disk.
  var isAbove = false
  /// Dirty bytes in the middle of the window, and whether they have been above that share since.
  var bytesBefore = 0.0
  var isBehind = false
}

/// When a kernel writes to the disk what was written to files.
struct FlusherParameters: BitwiseCopyable {
  var expiry: SimulationDuration
  var period: SimulationDuration
  /// Shares of the memory that is free or caches files.
  var background: Double
  var limit: Double
  /// Bytes of one visit to the disk, at most.
  var visitBytes: Double

  init(_ assumptions: MemoryAssumptions) {
    expiry = SimulationDuration(seconds: assumptions.dirtyExpiry.value)
    period = SimulationDuration(seconds: max(0.001, assumptions.flusherPeriod.value))
    background = assumptions.dirtyBackground.value
    limit = assumptions.dirtyLimit.value
    visitBytes = max(1, assumptions.flushedPages.value) * Double(MemoryLedger.pageBytes)
  }
}

/// Where the time of a request went, beside the priced work; in nanoseconds.
///
/// The sums of many requests are wider than the times of one.
struct RequestTimes<Nanoseconds: SignedInteger & BitwiseCopyable>: BitwiseCopyable {
  var contention: Nanoseconds = 0
  var throttled: Nanoseconds = 0
  var switching: Nanoseconds = 0
  var refill: Nanoseconds = 0
  var driverContention: Nanoseconds = 0
  var workerQueueing: Nanoseconds = 0
  var diskQueueing: Nanoseconds = 0
  var diskService: Nanoseconds = 0
  var swapping: Nanoseconds = 0
  var linkQueueing: Nanoseconds = 0
  var linkService: Nanoseconds = 0
}

/// A guest in a run.
struct GuestInRun: BitwiseCopyable {
  var classIndex: Int32
  /// The entity that serves its devices; -1 when the guest does itself.
  var backend: Int32 = -1
  /// The disk that holds its data.
  var spindle: Int32 = 0
  /// Requests that have a worker.
  var active: Int32 = 0
  /// Requests that wait for a worker.
  var queue = RequestQueue()
  var queued: Int32 = 0
  /// Workers that could not be started for want of memory, and whether requests may wait for some.
  var outOfMemory: Int32 = 0
  var lacksMemory = false
  /// Pieces of work that the processors hold for it.
  var piecesOfWork: Int32 = 0
  /// Since when the guest has had no work, and how long it had none before, since ticks of its idle
  /// kernel were charged last.
  var idleSince = SimulationTime.zero
  var idle = SimulationDuration.zero
  /// Whether the processors hold such ticks of it.
  var isTicking = false
  /// Whether a round of periodic work is under way, and how many are due after it.
  var isInRound = false
  var roundsDue: Int64 = 0
  /// Rounds that have not begun, of those that were due before the window and within it.
  var earlierRounds: Int64 = 0
  var windowRounds: Int64 = 0
  var roundNumber: UInt64 = 0
  var firstUser: Int32 = 0
  var touching = TouchingState()
  var flusher = FlusherState()
  var arrivals: RandomStream
  /// The state of bursty arrivals.
  var bursts: MarkovModulatedArrivals?
  var requestIndex: UInt64 = 0
  var measured: Int64 = 0
  var aboveObjective: Int64 = 0
  var excess = MeanExcess()
}

/// What the event loop needs to know of a class of guests.
struct ClassParameters: BitwiseCopyable {
  var firstStage: Int32
  var endStage: Int32
  /// The end of the stages of a round of periodic work, which begin where a request's end.
  var endOfRound: Int32
  /// The stage before which a request makes its trips to swap, and those trips.
  var swapStage: Int32
  var requestSwapping: SwapTrips
  /// Trips to swap for what is touched beside requests.
  var touching: SwapTrips
  /// The stages of one visit of the flusher; none for guests that write nothing.
  var flushBegin: Int32
  var flushEnd: Int32
  var workers: Int32
  var backlog: Int32
  /// Seconds between arrivals; infinite for closed arrivals.
  var meanInterarrival: Double
  var userScale: Double
  var wakeupSeconds: Double
  /// Seconds of ticks in one second of work.
  var tickShare: Double
  var idleTickSeconds: Double
  /// Ticks per second of an idle guest's kernel.
  var idleTickRate: Double
  /// How often ticks of an idle guest are charged.
  var idleTickSlice: SimulationDuration
  var hasRounds: Bool
  var backgroundPeriod: SimulationDuration
  var backgroundUserSeconds: Double
}

/// The random demands of a class.
struct ClassDemands {
  var userComputation: Distribution
  var responseBytes: Distribution
  var thinkTime: Distribution
}

/// Counters of a class of guests over the measured window; times in nanoseconds.
struct ClassCounters: BitwiseCopyable {
  var arrivals: Int64 = 0
  var completions: Int64 = 0
  var refused: Int64 = 0
  var finished: Int64 = 0
  var sojourn: Int128 = 0
  /// Work of guests and backends for measured requests, as it was given to the processors.
  var work: Int128 = 0
  var userSeconds = 0.0
  var responseBytes = 0.0
  var wakeups: Int64 = 0
  /// Seconds of guest work that ticks were charged for.
  var tickedSeconds = 0.0
  var idleTicks = 0.0
  var background = BackgroundCounters()
  var swapReads: Int64 = 0
  var swapWrites: Int64 = 0
  var touchReads: Int64 = 0
  var touchWrites: Int64 = 0
  /// Visits of the flusher that ended within the window, and the bytes that they wrote.
  var flushes: Int64 = 0
  var flushedBytes = 0.0
  var times = RequestTimes<Int128>()
}

/// Counters of periodic work within the measured window.
struct BackgroundCounters: BitwiseCopyable {
  /// Rounds that ended.
  var rounds: Int64 = 0
  /// User computation at the reference speed.
  var userSeconds = 0.0
  var wakeups: Int64 = 0
  /// Seconds of work that ticks were charged for.
  var tickedSeconds = 0.0
  /// Where the time of the rounds that ended went, beside the priced work.
  var times = RequestTimes<Int128>()
}

/// Executions of one stage for measured requests, or for rounds within the window.
struct StageCounters: BitwiseCopyable {
  var executions: Int64 = 0
  var responseBytes = 0.0
  var responsePackets = 0.0
  /// Executions that found the entity idle, and those that found idle whom they notify.
  var received: Int64 = 0
  var sent: Int64 = 0
}

/// What can happen in a host.
package enum HostEvent: ProcessorEventCarrier {
  case processorEvent(ProcessorEvent)
  case arrival(guest: Int32)
  case askAgain(guest: Int32, user: Int32)
  case backgroundRound(guest: Int32)
  case overdueRound(guest: Int32)
  case idleTicks(guest: Int32)
  case touch(guest: Int32)
  case flushIsDue(guest: Int32)
  case flush(guest: Int32)
  case noteWritten
  case noteBacklog
  case goOn(request: Int32)
  case diskDone(request: Int32)
  case diskTransferDone(request: Int32)
  case linkInDone(request: Int32)
  case linkOutDone(request: Int32)
  case sample
  case windowOpens
  case windowCloses

  package static func processor(_ event: ProcessorEvent) -> HostEvent { .processorEvent(event) }
}
