/// A question about one host and one mix of guests: everything that a run depends on, resolved.
public struct Scenario: Sendable, Hashable {
  /// The name: the file's name without its ending.
  public var id: String
  /// The question in one sentence.
  public var title: String
  /// The year in which the scenario plays; approaches are judged by it.
  public var year: Int
  /// The machine that is divided.
  public var host: HostProfile
  /// The approaches to compare, native first where it takes part.
  public var approaches: [ApproachProfile]
  /// The native approach, of which every other one's paths are changes.
  public var native: ApproachProfile
  /// The classes of guests; a density search multiplies their counts in proportion.
  public var guests: [GuestClass]
  /// What a density answer must hold.
  public var objective: Objective
  /// How it is run.
  public var controls: RunControls

  /// A scenario from all its parts; units as each part says.
  public init(
    id: String, title: String, year: Int, host: HostProfile, approaches: [ApproachProfile],
    native: ApproachProfile, guests: [GuestClass], objective: Objective, controls: RunControls
  ) {
    self.id = id
    self.title = title
    self.year = year
    self.host = host
    self.approaches = approaches
    self.native = native
    self.guests = guests
    self.objective = objective
    self.controls = controls
  }
}

/// Guests that are alike.
public struct GuestClass: Sendable, Hashable {
  /// The name used in reports.
  public var id: String
  /// What each of the guests does.
  public var workload: Workload
  /// Guests of this class for the overhead question, and its share in the mix for density.
  public var count: Int
  /// What each of the guests is given.
  public var limits: GuestLimits

  /// Guest class from all their parts; units as each part says.
  public init(id: String, workload: Workload, count: Int, limits: GuestLimits) {
    self.id = id
    self.workload = workload
    self.count = count
    self.limits = limits
  }
}

/// What a guest is given, under whichever approach can give it.
public struct GuestLimits: Sendable, Hashable {
  /// Share of the processors relative to other guests; 1 is the default share.
  public var weight: Double
  /// Processor time per elapsed time that the guest may use at most; nil for no limit.
  public var processorLimit: Double?
  /// Memory size of a virtual machine, or limit of a control group, in bytes.
  public var memoryBytes: Double
  /// Virtual processors of a virtual machine.
  public var processors: Int
  /// The beancounter preset.
  public var beancounters: BeancounterPreset
  /// Whether the host opens the guest's image file for direct input and output; nil for as the
  /// approach does.
  public var directIO: Bool?

  /// Guest limits from all their parts; units as each part says.
  public init(
    weight: Double, processorLimit: Double?, memoryBytes: Double, processors: Int,
    beancounters: BeancounterPreset, directIO: Bool? = nil
  ) {
    self.weight = weight
    self.processorLimit = processorLimit
    self.memoryBytes = memoryBytes
    self.processors = processors
    self.beancounters = beancounters
    self.directIO = directIO
  }
}

/// Sample configurations of user beancounters.
public enum BeancounterPreset: String, CaseIterable, Sendable, Hashable {
  case veBasic = "ve-basic"
  case vpsBasic = "vps.basic"
  case light
  case unlimited
}

/// The service-level objective that a density answer must hold.
public struct Objective: Sendable, Hashable {
  /// Which figure of the response time is judged.
  public enum Statistic: String, CaseIterable, Sendable, Hashable {
    case percentile
    case mean
  }
  /// The figure that is judged.
  public var statistic = Statistic.percentile
  /// The percentile of response time that is judged, between 0 and 100.
  public var percentile: Double
  /// The response time that it may not exceed, in seconds.
  public var responseSeconds: Double
  /// The share of requests that may be refused or fail.
  public var errorShare: Double
  /// The share of guests that may individually be above the response time.
  public var guestShare: Double

  /// An objective from all its parts; units as each part says.
  public init(percentile: Double, responseSeconds: Double, errorShare: Double, guestShare: Double) {
    self.percentile = percentile
    self.responseSeconds = responseSeconds
    self.errorShare = errorShare
    self.guestShare = guestShare
  }
}

/// How a scenario is run.
public struct RunControls: Sendable, Hashable {
  /// Simulated seconds that are measured, after warm-up.
  public var seconds: Double
  /// Simulated seconds before measuring begins; checked by MSER-5.
  public var warmupSeconds: Double
  /// The root seed of every random number.
  public var seed: UInt64
  /// The level of every interval, between 0 and 1.
  public var confidence: Double
  /// The relative half-width at which replications stop.
  public var precision: Double
  /// Replications before the first look at the precision; at least 2.
  public var minimumReplications: Int
  /// Replications at which a run gives up on the precision.
  public var maximumReplications: Int
  /// Draws of uncertain prices.
  public var parameterDraws: Int
  /// The largest number of guests that a density search tries.
  public var maximumGuests: Int

  /// Run controls from all their parts; units as each part says.
  public init(
    seconds: Double, warmupSeconds: Double, seed: UInt64, confidence: Double, precision: Double,
    minimumReplications: Int, maximumReplications: Int, parameterDraws: Int, maximumGuests: Int
  ) {
    self.seconds = seconds
    self.warmupSeconds = warmupSeconds
    self.seed = seed
    self.confidence = confidence
    self.precision = precision
    self.minimumReplications = minimumReplications
    self.maximumReplications = maximumReplications
    self.parameterDraws = parameterDraws
    self.maximumGuests = maximumGuests
  }
}
