public import Statistics

/// What the guests of one class do.
public struct Workload: Sendable, Hashable {
  /// The name used in scenario files.
  public var id: String
  /// A one-line description for people.
  public var title: String
  /// How requests come to one guest.
  public var arrival: Arrival
  /// The operation mix of one request (or job), in expectation.
  public var operations: [OperationCount]
  /// User computation of one request, in seconds at the reference speed.
  public var userComputation: Distribution
  /// Size of one request's response, in bytes; operations may count in it.
  public var responseBytes: Distribution
  /// The file set that reads go to; nil where all reads hit.
  public var files: FileSet?
  /// The processes of a guest and the memory that they take.
  public var processes: ProcessDemand
  /// Bytes that a guest touches again and again: what a core's cache loses when others take turns.
  public var workingSetBytes: Quantity
  /// Periodic work that goes on whether requests come or not.
  public var background: BackgroundWork?
  /// The number of simultaneous requests beyond which more wait for a worker.
  public var workers: Quantity
  /// Requests that may wait for a worker; more are refused.
  public var backlog: Quantity
  /// Where the figures come from.
  public var source: String
  /// How far the means of its distributions can be trusted.
  public var scales: DistributionScales

  /// A workload from all its parts; units as each part says.
  public init(
    id: String, title: String, arrival: Arrival, operations: [OperationCount],
    userComputation: Distribution, responseBytes: Distribution, files: FileSet?,
    processes: ProcessDemand, workingSetBytes: Quantity, background: BackgroundWork?,
    workers: Quantity, backlog: Quantity, source: String,
    scales: DistributionScales = DistributionScales()
  ) {
    self.id = id
    self.title = title
    self.arrival = arrival
    self.operations = operations
    self.userComputation = userComputation
    self.responseBytes = responseBytes
    self.files = files
    self.processes = processes
    self.workingSetBytes = workingSetBytes
    self.background = background
    self.workers = workers
    self.backlog = backlog
    self.source = source
    self.scales = scales
  }
}

/// How far the means of a workload's distributions can be trusted, each as a factor of 1 with its
/// range, status and source.
///
/// A draw of uncertain numbers multiplies every value of the distribution by one factor from the
/// range, so that the mean moves and the law keeps its shape.
public struct DistributionScales: Sendable, Hashable {
  /// Of the user computation of a request.
  public var userComputation: Quantity
  /// Of the size of a response.
  public var response: Quantity
  /// Of the time from an answer to the next request, under closed arrivals.
  public var thinkTime: Quantity

  /// A factor that is not uncertain.
  public static let exact = Quantity(
    1, .count, status: .assumed, source: "stated without a source")

  /// Scales from all their parts; those that are left out are exact.
  public init(
    userComputation: Quantity = Self.exact, response: Quantity = Self.exact,
    thinkTime: Quantity = Self.exact
  ) {
    self.userComputation = userComputation
    self.response = response
    self.thinkTime = thinkTime
  }
}

/// How requests come to one guest.
public enum Arrival: Sendable, Hashable {
  /// Independent arrivals at a mean rate per second and guest.
  case poisson(rate: Quantity)
  /// Bursts: a Markov-modulated Poisson process of two states.
  ///
  /// In a burst the rate is `peakToMean` times the mean one, and `shareInBursts` of all requests
  /// come in bursts; so bursts take up `shareInBursts / peakToMean` of the time.
  case bursty(
    rate: Quantity, peakToMean: Quantity, burstSeconds: Quantity,
    shareInBursts: Quantity = Arrival.usualShareInBursts)
  /// A fixed number of users, each of whom thinks before asking again.
  case closed(users: Quantity, thinkTime: Distribution)

  /// The share of requests that come in bursts unless a workload gives its own.
  public static let usualShareInBursts = Quantity(
    0.5, .share, status: .assumed,
    source: "convention: a burst is where the busier half of all requests comes")
}

/// How often an operation happens in one request, and with which attributes.
public struct OperationCount: Sendable, Hashable {
  /// What is asked of the kernel.
  public var operation: Operation
  /// Mean occurrences per request.
  public var count: Quantity
  /// Attributes of one occurrence.
  public var attributes: Attributes
  /// Whether one occurrence moves the request's response: its bytes are then drawn per request, and
  /// its packets follow from them.
  public var movesResponse: Bool

  /// An operation count from all its parts; units as each part says.
  public init(
    _ operation: Operation, count: Quantity, attributes: Attributes = Attributes(),
    movesResponse: Bool = false
  ) {
    self.operation = operation
    self.count = count
    self.attributes = attributes
    self.movesResponse = movesResponse
  }
}

extension OperationCount {
  /// The attributes of one occurrence where the response has so many bytes and packets.
  ///
  /// Stated bytes that a packet operation moves fill as few packets as they can, unless it says how
  /// many; the response goes in packets of its own.
  package func attributes(
    on network: NetworkProfile, responseBytes: Double, responsePackets: Double
  ) -> Attributes {
    var result = attributes
    if result[.packets] == 0, operation == .packetSend || operation == .packetReceive {
      result[.packets] = network.packets(result[.bytes])
    }
    if movesResponse {
      result[.bytes] += responseBytes
      result[.packets] += responsePackets
    }
    return result
  }

  /// The attributes of one occurrence in the mean over requests.
  package func meanAttributes(of workload: Workload, on network: NetworkProfile) -> Attributes {
    guard movesResponse else {
      return attributes(on: network, responseBytes: 0, responsePackets: 0)
    }
    return attributes(
      on: network, responseBytes: workload.responseBytes.mean,
      responsePackets: workload.meanResponsePackets(on: network))
  }
}

extension Workload {
  /// The mean number of packets of a response.
  package func meanResponsePackets(on network: NetworkProfile) -> Double {
    responseBytes.meanCeiling(step: network.segmentBytes.value)
  }
}

/// A set of files with skewed popularity.
public struct FileSet: Sendable, Hashable {
  /// Files.
  public var count: Quantity
  /// Mean size, in bytes.
  public var meanBytes: Quantity
  /// Exponent of the Zipf law by which files are asked for.
  public var zipfExponent: Quantity
  /// The share of the set that is alike in all guests.
  public var commonShare: Quantity

  /// A file set from all its parts; units as each part says.
  public init(
    count: Quantity, meanBytes: Quantity, zipfExponent: Quantity, commonShare: Quantity
  ) {
    self.count = count
    self.meanBytes = meanBytes
    self.zipfExponent = zipfExponent
    self.commonShare = commonShare
  }
}

/// The processes of a guest and the memory that they take.
public struct ProcessDemand: Sendable, Hashable {
  /// Processes that exist without load.
  public var baseProcesses: Quantity
  /// Anonymous bytes of those, in all.
  public var baseAnonymousBytes: Quantity
  /// Anonymous bytes of one worker.
  public var workerAnonymousBytes: Quantity
  /// Workers kept ready without load.
  public var spareWorkers: Quantity
  /// The share of anonymous bytes touched in any minute.
  public var activeShare: Quantity
  /// Program text and libraries, in bytes, alike in all guests.
  public var textBytes: Quantity
  /// Kernel memory per process, in bytes.
  public var kernelBytesPerProcess: Quantity
  /// Sockets per worker.
  public var socketsPerWorker: Quantity
  /// System image on disk, in bytes.
  public var imageBytes: Quantity
  /// Private data on disk, in bytes.
  public var dataBytes: Quantity

  /// A process demand from all its parts; units as each part says.
  public init(
    baseProcesses: Quantity, baseAnonymousBytes: Quantity, workerAnonymousBytes: Quantity,
    spareWorkers: Quantity, activeShare: Quantity, textBytes: Quantity,
    kernelBytesPerProcess: Quantity, socketsPerWorker: Quantity, imageBytes: Quantity,
    dataBytes: Quantity
  ) {
    self.baseProcesses = baseProcesses
    self.baseAnonymousBytes = baseAnonymousBytes
    self.workerAnonymousBytes = workerAnonymousBytes
    self.spareWorkers = spareWorkers
    self.activeShare = activeShare
    self.textBytes = textBytes
    self.kernelBytesPerProcess = kernelBytesPerProcess
    self.socketsPerWorker = socketsPerWorker
    self.imageBytes = imageBytes
    self.dataBytes = dataBytes
  }
}

/// Periodic work of a guest: cron, log writers, daemons.
public struct BackgroundWork: Sendable, Hashable {
  /// Seconds between two rounds.
  public var period: Quantity
  /// User computation of a round, in seconds at the reference speed.
  public var userSeconds: Quantity
  /// Operations of a round.
  public var operations: [OperationCount]

  /// A background work from all its parts; units as each part says.
  public init(period: Quantity, userSeconds: Quantity, operations: [OperationCount]) {
    self.period = period
    self.userSeconds = userSeconds
    self.operations = operations
  }
}
