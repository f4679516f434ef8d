package import DiscreteEvents
package import Statistics

/// What one run of a host found in its measured window.
package struct RunResult: Sendable {
  package var approach: String
  /// Guests of each class.
  package var counts: [Int]
  package var replication: Int
  package var classes: [ClassResult]
  /// Core time by use, and time stolen and throttled by entity.
  package var processors: ProcessorCounters
  /// Busy share of all cores, of the disk's spindles or channels, of the transfer that the channels
  /// of a solid-state drive share, and of the link in each direction.
  package var processorUtilization: Double
  package var diskUtilization: Double
  package var diskTransferUtilization: Double
  package var linkInUtilization: Double
  package var linkOutUtilization: Double
  /// Services that the disk and the link in each direction ended within the window.
  package var diskCompletions: Int
  package var linkInCompletions: Int
  package var linkOutCompletions: Int
  /// Busy share of the driver domain's processors; zero without one.
  package var driverUtilization: Double
  /// Mean number of requests waiting for the disk: for a spindle or channel, or for the transfer.
  package var diskQueue: Double
  package var memory: MemoryMap
  /// Refused starts of workers by the resource that refused them, in order of name.
  package var refusals: [ResourceRefusals]
  /// Measured requests that were not done when the run was broken off.
  package var unfinished: Int
  /// Rounds of periodic work that were due in the window and had not begun by then.
  package var overdueRounds: Int
  /// Whether ticks of idle guests fell behind, because the processors had no time for them.
  package var areTicksBehind: Bool
  /// Whether active pages in swap were touched much later than once a minute, because the disk or
  /// the processors had no time for them.
  package var areTouchesBehind: Bool
  /// Whether what was written to files went to the disk much later than it is due, because the disk
  /// or the processors had no time for it.
  package var isWriteBackBehind: Bool
  /// The number in the system at regular times from the beginning.
  package var populationSamples: [Double]
  /// Time integral of the number in the system over the window, in request-seconds.
  package var populationIntegral: Double
  /// The same summed request by request: Little's law says that the two are equal.
  package var timeInSystem: Double
  package var windowSeconds: Double
  package var eventsHandled: Int
  package var peakPending: Int
  package var endedBecause: StopReason

  /// Whether every measured request came to its end, and neither periodic work, nor the ticks of
  /// idle guests, nor what guests keep active or write to files fell behind.
  package var isStable: Bool {
    unfinished == 0 && overdueRounds == 0 && !areTicksBehind && !areTouchesBehind
      && !isWriteBackBehind
  }
}

/// What one run found for one class of guests.
package struct ClassResult: Sendable {
  package var id: String
  package var guests: Int
  /// Requests that arrived in the window.
  package var arrivals: Int
  /// Those of them that were served to the end, and those that were refused.
  package var finished: Int
  package var refused: Int
  /// Requests that ended in the window, whenever they came.
  package var completionsInWindow: Int
  /// Response times of finished requests.
  package var responses: LatencyHistogram
  /// Their sum, in seconds, counted apart from its items.
  package var sojournSeconds: Double
  /// Where that time went, in seconds: work by mechanism, waiting by cause.
  package var response: MechanismVector
  /// Processor seconds of measured requests, wherever they were spent, by mechanism.
  package var processor: MechanismVector
  /// The same work as it was given to the processors, without switching and refill.
  package var workSeconds: Double
  /// Processor seconds of periodic work, of touches of pages in swap beside requests, and of idle
  /// ticks within the window, by mechanism.
  package var background: MechanismVector
  /// Waits and device time, in seconds, of the rounds of periodic work and of the touches that
  /// ended in the window, by mechanism, and the number of rounds.
  package var backgroundWaits: MechanismVector
  package var rounds: Int
  /// Clusters of pages that measured requests read from swap and wrote to it.
  package var swapReads: Int
  package var swapWrites: Int
  /// Those that guests read and wrote within the window for what they keep active beside requests.
  package var touchReads: Int
  package var touchWrites: Int
  /// Visits by which kernels wrote to the disk what was written to files, and their bytes.
  package var flushes: Int
  package var flushedBytes: Double
  /// Guests that had requests, and those whose own judged figure was above the objective
  /// beyond chance.
  package var guestsWithRequests: Int
  package var guestsAboveObjective: Int

  /// The part of the response time that no item explains, relative to it.
  package var residual: Double {
    sojournSeconds > 0 ? abs(response.total - sojournSeconds) / sojournSeconds : 0
  }
}

/// How often a resource refused a guest a worker or a connection, warm-up included.
package struct ResourceRefusals: Sendable, Equatable {
  package var resource: String
  package var count: Int
}
