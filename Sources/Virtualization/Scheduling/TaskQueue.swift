import DiscreteEvents

/// Level two: the ready tasks of one entity, in the order of the entity's own scheduler.
///
/// Simplifications: tasks of an entity have equal weights; one queue serves all processors of the
/// entity, so its load is balanced at no cost. *O(1)*: instead of 140 priorities there are two, a
/// task that has used up a slice since it woke and one that has not; the former take turns, which
/// with one priority is what exchanging an active and an expired array comes to, the latter go
/// first and take over the core of the former.
/// *Completely fair*: a woken task starts at the virtual run time at which a task was picked last,
/// which credits a sleeper with at most one slice. *First come* and *priority*: to completion.
struct TaskQueue: BitwiseCopyable {
  enum Kind: UInt8 {
    case firstCome
    case priority
    case o1
    case fair
  }

  typealias Jobs = Pool<ProcessorJob>

  // Larger ones first: with what `EntityState` adds, that is two cache lines.

  /// Slice (O(1)) or targeted latency (completely fair).
  private let slice: Int64
  private let granularity: Int64
  private var virtualTime: Int64 = 0
  private var insertions: Int64 = 0
  /// Tasks that have not used up a slice, and those that have.
  private var fresh = TaskList()
  private var used = TaskList()
  /// Tasks that lost the core with their entity; they resume first.
  private var paused = TaskList()
  private var root: Int32 = -1
  /// Bursts submitted, modulo 2^32: who was paused only asks whether there was one since.
  private var arrivals: UInt32 = 0
  /// Ready and paused tasks.
  private(set) var count: Int32 = 0
  let kind: Kind

  init(_ discipline: ProcessorConfiguration.TaskDiscipline) {
    switch discipline {
    case .firstComeFirstServed:
      (kind, slice, granularity) = (.firstCome, .max, 0)
    case .nonpreemptivePriority:
      (kind, slice, granularity) = (.priority, .max, 0)
    case .o1(let slice):
      (kind, self.slice, granularity) = (.o1, max(slice.nanoseconds, 1), 0)
    case .completelyFair(let latency, let minimumGranularity):
      kind = .fair
      slice = max(latency.nanoseconds, 1)
      granularity = max(minimumGranularity.nanoseconds, 1)
    }
  }

  /// Whether a woken task may take over the core of another one of the entity.
  var isPreemptive: Bool { kind == .o1 || kind == .fair }

  /// Takes in a burst that has just been submitted.
  @inline(__always)
  mutating func insertWoken(_ job: Int32, _ jobs: inout Jobs) {
    arrivals &+= 1
    count &+= 1
    let index = Jobs.Index(rawValue: job)
    switch kind {
    case .firstCome: fresh.append(job, &jobs)
    case .o1:
      jobs[index].sliceLeft = slice
      fresh.append(job, &jobs)
    case .priority:
      jobs[index].key = Int64(jobs[index].priority)
      insertInHeap(job, &jobs)
    case .fair:
      jobs[index].key = virtualTime
      insertInHeap(job, &jobs)
    }
  }

  /// Takes back a task that has used up its slice.
  mutating func insertExpired(_ job: Int32, _ jobs: inout Jobs) {
    count &+= 1
    let index = Jobs.Index(rawValue: job)
    switch kind {
    case .firstCome, .o1:
      jobs[index].sliceLeft = slice
      jobs[index].hasUsedSlice = true
      used.append(job, &jobs)
    case .priority, .fair: insertInHeap(job, &jobs)
    }
  }

  /// Takes back a task whose core another task of the entity took over.
  mutating func insertPreempted(_ job: Int32, _ jobs: inout Jobs) {
    count &+= 1
    switch kind {
    case .firstCome, .o1: used.prepend(job, &jobs)
    case .priority, .fair: insertInHeap(job, &jobs)
    }
  }

  /// Takes back a task that lost the core together with its entity.
  mutating func insertPaused(_ job: Int32, _ jobs: inout Jobs) {
    count &+= 1
    jobs[Jobs.Index(rawValue: job)].arrivalsAtPause = arrivals
    paused.append(job, &jobs)
  }

  /// Takes out the task to run next, with its slice set; there must be one.
  ///
  /// A paused task resumes unless one that woke meanwhile would have taken over its core.
  @inline(__always)
  mutating func removeNext(running: Int32, _ jobs: inout Jobs) -> Int32 {
    let resumed = paused.head
    if resumed >= 0 {
      _ = paused.removeFirst(&jobs)
      count &-= 1
      let job = Jobs.Index(rawValue: resumed)
      guard jobs[job].arrivalsAtPause != arrivals, preempts(job, key: jobs[job].key, jobs) else {
        return resumed
      }
      insertPreempted(resumed, &jobs)
    }
    let tasks = Int64(count) &+ Int64(running)
    count &-= 1
    // The usual one first: a jump through a table costs more than the rest.
    if kind == .fair {
      let job = Jobs.Index(rawValue: removeFromHeap(&jobs))
      if jobs[job].key &- virtualTime > 0 { virtualTime = jobs[job].key }
      jobs[job].sliceLeft = max(slice / max(tasks, 1), granularity)
      return job.rawValue
    }
    switch kind {
    case .firstCome, .o1:
      return fresh.head >= 0 ? fresh.removeFirst(&jobs) : used.removeFirst(&jobs)
    case .priority, .fair: return removeFromHeap(&jobs)
    }
  }

  /// Whether the first ready task should take over the core of a running one, whose virtual run
  /// time is `key` by now.
  @inline(__always)
  func preempts(_ running: Jobs.Index, key: Int64, _ jobs: borrowing Jobs) -> Bool {
    switch kind {
    case .firstCome, .priority: false
    case .o1: fresh.head >= 0 && jobs[running].hasUsedSlice
    case .fair:
      root >= 0 && jobs[Jobs.Index(rawValue: root)].key &+ granularity &- key < 0
    }
  }
}

// A pairing heap (Fredman, Sedgewick, Sleator, Tarjan, Algorithmica 1(1), 1986) threaded through
// the tasks themselves: insertion in constant time, removal in O(log n) amortized, no memory.
extension TaskQueue {
  @inline(__always)
  private mutating func insertInHeap(_ job: Int32, _ jobs: inout Jobs) {
    let index = Jobs.Index(rawValue: job)
    insertions &+= 1
    jobs[index].order = insertions
    jobs[index].child = -1
    jobs[index].next = -1
    root = root < 0 ? job : meld(root, job, &jobs)
  }

  private mutating func removeFromHeap(_ jobs: inout Jobs) -> Int32 {
    let first = root
    var rest = jobs[Jobs.Index(rawValue: first)].child
    var pairs: Int32 = -1
    while rest >= 0 {
      let left = rest
      let right = jobs[Jobs.Index(rawValue: left)].next
      var tree = left
      rest = -1
      if right >= 0 {
        rest = jobs[Jobs.Index(rawValue: right)].next
        tree = meld(left, right, &jobs)
      }
      jobs[Jobs.Index(rawValue: tree)].next = pairs
      pairs = tree
    }
    var result: Int32 = -1
    while pairs >= 0 {
      let next = jobs[Jobs.Index(rawValue: pairs)].next
      result = result < 0 ? pairs : meld(result, pairs, &jobs)
      pairs = next
    }
    root = result
    if root >= 0 { jobs[Jobs.Index(rawValue: root)].next = -1 }
    return first
  }

  private func meld(_ left: Int32, _ right: Int32, _ jobs: inout Jobs) -> Int32 {
    let leftIndex = Jobs.Index(rawValue: left)
    let rightIndex = Jobs.Index(rawValue: right)
    let difference = jobs[leftIndex].key &- jobs[rightIndex].key
    let leftFirst =
      difference < 0
      || (difference == 0 && jobs[leftIndex].order < jobs[rightIndex].order)
    let (parent, child) = leftFirst ? (leftIndex, rightIndex) : (rightIndex, leftIndex)
    jobs[child].next = jobs[parent].child
    jobs[parent].child = child.rawValue
    return parent.rawValue
  }
}

/// A first-in, first-out list threaded through the tasks themselves.
struct TaskList: BitwiseCopyable {
  private(set) var head: Int32 = -1
  private var tail: Int32 = -1

  mutating func append(_ job: Int32, _ jobs: inout TaskQueue.Jobs) {
    jobs[TaskQueue.Jobs.Index(rawValue: job)].next = -1
    if tail < 0 {
      head = job
    } else {
      jobs[TaskQueue.Jobs.Index(rawValue: tail)].next = job
    }
    tail = job
  }

  mutating func prepend(_ job: Int32, _ jobs: inout TaskQueue.Jobs) {
    jobs[TaskQueue.Jobs.Index(rawValue: job)].next = head
    head = job
    if tail < 0 { tail = job }
  }

  mutating func removeFirst(_ jobs: inout TaskQueue.Jobs) -> Int32 {
    let first = head
    head = jobs[TaskQueue.Jobs.Index(rawValue: first)].next
    if head < 0 { tail = -1 }
    return first
  }
}
