import DiscreteEvents
import Virtualization

/// What can happen in the small models of these tests.
enum StationEvent: ProcessorEventCarrier {
  case arrival(Int32)
  case endOfThought(Int32)
  case diskDone(Int32)
  case processor(ProcessorEvent)
}

extension SimulationDuration {
  static func microseconds(_ count: Int64) -> SimulationDuration {
    SimulationDuration(nanoseconds: count * 1_000)
  }
  static func milliseconds(_ count: Int64) -> SimulationDuration {
    SimulationDuration(nanoseconds: count * 1_000_000)
  }
}

extension ProcessorConfiguration.Entity {
  /// An entity without prices; the tests change what they are about.
  static func plain(
    weight: Double = 1000, limit: Double? = nil, processors: Int = 1,
    discipline: ProcessorConfiguration.TaskDiscipline = .firstComeFirstServed,
    hostProcesses: Int? = nil
  ) -> Self {
    Self(
      weight: weight, limit: limit, processors: processors, discipline: discipline,
      taskSwitch: .zero, entitySwitch: .zero, workingSetBytes: 0, isDriver: false,
      hostProcesses: hostProcesses)
  }
}

extension ProcessorConfiguration {
  /// A host without cache prices and with an algorithm's own constants.
  static func plain(
    cores: Int = 1, _ entities: [Entity],
    _ algorithm: SchedulingPolicy.Algorithm = .firstComeFirstServed,
    _ parameters: [SchedulingPolicy.Parameter: Double] = [:],
    mode: SchedulingPolicy.BucketMode? = nil
  ) -> Self {
    Self(
      cores: cores, entities: entities,
      policy: SchedulingPolicy(
        algorithm: algorithm, mode: mode,
        parameters: parameters.mapValues {
          Quantity($0, .count, status: .assumed, source: "set by a test")
        }),
      cache: SetAssociativeCache(cacheBytes: 0), refillSecondsPerByte: 0)
  }
}

/// The mean of replications and its standard error.
struct Replications {
  var mean: Double
  var standardError: Double

  init(_ values: [Double]) {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    self.mean = mean
    standardError = (squares / (count - 1) / count).squareRoot()
  }

  /// How many standard errors the mean lies away from an exact value.
  func deviation(from exact: Double) -> Double { abs(mean - exact) / standardError }

  /// Whether `mean +- quantile * standard error` holds the exact value.
  func covers(_ exact: Double, quantile: Double) -> Bool {
    abs(mean - exact) <= quantile * standardError
  }
}
