import DiscreteEvents

/// The two priority arrays of the O(1) scheduler, active and expired, as one queue.
///
/// Who is runnable has an epoch; those of the present epoch form the active array and come in order
/// of priority, then of arrival, and those of the next form the expired one. The arrays are
/// exchanged when the active one is empty.
struct EpochQueue: ~Copyable {
  private var queue: IndexedHeap
  private(set) var epoch: Int64 = 0

  init(entities: Int) { queue = IndexedHeap(members: entities) }

  /// Inserts an entity, or gives it a new place.
  ///
  /// - Parameter priority: 0 ... 255, lower first.
  mutating func update(_ entity: Int32, epoch: Int64, priority: Int64) {
    queue.update(entity, key: epoch << 8 | priority)
  }

  mutating func remove(_ entity: Int32) { queue.remove(entity) }

  /// The entity to run next, whose epoch becomes the present one; -1 when nobody is runnable.
  mutating func next() -> Int32 {
    if !queue.isEmpty { epoch = max(epoch, queue.firstKey >> 8) }
    return queue.first
  }
}

/// An entity's turns in the arrays of the O(1) scheduler: a slice per epoch for each of its
/// processes.
///
/// The kernel knows processes only. An entity of several comes round as often as it has processes
/// that are ready or running, one slice a turn; its place among others is behind them after each
/// turn.
struct EpochTurns: BitwiseCopyable {
  private(set) var epoch: Int64 = 0
  /// What is left of the slice of the process whose turn it is, in nanoseconds.
  private(set) var sliceLeft: Int64
  /// Tasks that are ready or running.
  private var tasks: Int32 = 0
  /// Processes that have their slice of `epoch` before them.
  private var turns: Int32 = 0
  /// Processes that it has at most.
  private let mostProcesses: Int32

  /// - Parameter mostProcesses: Processes that it has at most; nil for as many as it has tasks.
  init(slice: Int64, mostProcesses: Int? = nil) {
    self.mostProcesses = Int32(clamping: max(mostProcesses ?? .max, 1))
    sliceLeft = slice
  }

  /// Processes that are ready or running.
  var processes: Int32 { min(tasks, mostProcesses) }

  /// The entity wakes up into the active array.
  mutating func wake(at present: Int64) { epoch = present }

  /// A process that wakes comes into the active array, also while its siblings are in the expired
  /// one.
  ///
  /// - Returns: Whether the entity's epoch has changed.
  mutating func taskArrived(at present: Int64) -> Bool {
    tasks &+= 1
    guard tasks <= mostProcesses else { return false }
    guard tasks > 1 && epoch > present else {
      turns &+= 1
      return false
    }
    (epoch, turns) = (present, 1)
    return true
  }

  /// A process that goes to sleep takes its turn with it.
  ///
  /// - Returns: Whether the entity's epoch has changed.
  mutating func taskLeft(at present: Int64) -> Bool {
    tasks &-= 1
    guard tasks < mostProcesses else { return false }
    turns = tasks > 0 ? turns &- 1 : 0
    guard tasks > 0 && turns <= 0 else { return false }
    expire(at: present)
    return true
  }

  /// - Returns: Whether a slice was used up, and the next one begins.
  mutating func charge(_ ran: SimulationDuration, slice: Int64) -> Bool {
    sliceLeft -= ran.nanoseconds
    guard sliceLeft <= 0 else { return false }
    sliceLeft = slice
    return true
  }

  /// Ends a turn whose slice is used up; after the last one the entity waits for the next epoch.
  ///
  /// - Returns: Whether that was the last one.
  mutating func endTurn(at present: Int64) -> Bool {
    turns &-= 1
    guard turns <= 0 else { return false }
    expire(at: present)
    return true
  }

  private mutating func expire(at present: Int64) {
    epoch = present + 1
    turns = processes
  }
}
