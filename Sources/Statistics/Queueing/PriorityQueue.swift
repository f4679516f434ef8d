/// One server whose Poisson classes are served in strict order of priority (M/G/1 priority).
///
/// Within a class the order is first come first served. Notation: sigma(k) is the utilization of
/// classes 1...k, the most urgent first. Every class has to be stable; to ask for urgent classes
/// above an overloaded one under preemption, leave the overloaded one out.
public struct PriorityQueue: Hashable, Sendable {
  /// One class of jobs.
  public struct JobClass: Hashable, Sendable {
    /// Arrivals per unit of time.
    public let arrivalRate: Double
    /// The mean service time.
    public let meanService: Double
    /// The squared coefficient of variation of service.
    public let squaredVariation: Double

    /// Describes a class; the numbers are checked by the queue.
    public init(arrivalRate: Double, meanService: Double, squaredVariation: Double = 1) {
      self.arrivalRate = arrivalRate
      self.meanService = meanService
      self.squaredVariation = squaredVariation
    }

    var utilization: Double { arrivalRate * meanService }
    /// lambda E[S^2] / 2, the class's share of the mean residual work an arrival finds in service.
    var residual: Double { utilization * meanService * (1 + squaredVariation) / 2 }
  }

  /// The classes, the most urgent first.
  public let classes: [JobClass]
  /// sigma(0) = 0, sigma(1), ..., one more than there are classes.
  private let cumulative: [Double]

  /// Checks the classes and the stability of the queue.
  /// - Throws: ``QueueingError``, `unstable` when the classes together fill the server.
  public init(classes: [JobClass]) throws(QueueingError) {
    guard !classes.isEmpty else {
      throw QueueingError(
        code: .invalidInput, message: "give at least one class", place: "PriorityQueue.classes")
    }
    var sums = [0.0]
    var sum = 0.0
    for (index, jobs) in classes.enumerated() {
      let place = "PriorityQueue.classes[\(index)]"
      try QueueingError.requireNonNegative(jobs.arrivalRate, place + ".arrivalRate")
      try QueueingError.requirePositive(jobs.meanService, place + ".meanService")
      try QueueingError.requireNonNegative(jobs.squaredVariation, place + ".squaredVariation")
      sum += jobs.utilization
      sums.append(sum)
    }
    try QueueingError.requireStable(sum, "PriorityQueue.classes")
    self.classes = classes
    cumulative = sums
  }

  /// The share of time the server is busy.
  public var utilization: Double { cumulative[classes.count] }

  /// The mean wait of each class when service is never interrupted.
  ///
  /// Wq(k) = W0 / ((1 - sigma(k-1)) (1 - sigma(k))), W0 = sum over all classes of
  /// lambda E[S^2] / 2. Source: A. Cobham, 1954, "Priority Assignment in Waiting Line Problems".
  public var nonPreemptiveWaits: [Double] {
    let residual = classes.reduce(0) { $0 + $1.residual }
    return classes.indices.map { k in
      residual / ((1 - cumulative[k]) * (1 - cumulative[k + 1]))
    }
  }

  /// The mean time in the system of each class when service is never interrupted.
  public var nonPreemptiveSojourns: [Double] {
    zip(nonPreemptiveWaits, classes).map { $0 + $1.meanService }
  }

  /// The mean time in the system of each class when an urgent arrival interrupts and the
  /// interrupted job later resumes where it stopped.
  ///
  /// T(k) = m(k) / (1 - sigma(k-1)) + W0(k) / ((1 - sigma(k-1)) (1 - sigma(k))), W0(k) over
  /// classes 1...k. Sources: H. White and L. S. Christie, 1958, "Queuing with Preemptive
  /// Priorities or with Breakdown"; R. W. Conway, W. L. Maxwell and L. W. Miller, 1967, "Theory of
  /// Scheduling".
  public var preemptiveResumeSojourns: [Double] {
    var residual = 0.0
    var sojourns: [Double] = []
    for (k, jobs) in classes.enumerated() {
      residual += jobs.residual
      let before = 1 - cumulative[k]
      sojourns.append(
        jobs.meanService / before + residual / (before * (1 - cumulative[k + 1])))
    }
    return sojourns
  }
}
