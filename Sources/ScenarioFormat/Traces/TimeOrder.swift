/// Which rows of a file stand out of their order in time.
///
/// One damaged time must not cost the rows after it. So as many rows as possible are kept whose
/// times ascend (a longest increasing subsequence, by binary search over the least last times), and
/// the others are left out.
struct TimeOrder {
  /// How a row stands to those that are kept.
  enum Fault: Equatable {
    /// Later than rows that follow it.
    case ahead
    /// Earlier than a row before it.
    case back
    /// Of the same time as a row before it.
    case again

    func message(_ time: String) -> String {
      switch self {
      case .ahead:
        "\(TraceText.shown(time)) is later than the rows that follow; row left out"
      case .back: "time goes back; row left out"
      case .again: "a second row of the same time; left out"
      }
    }
  }

  private struct Track {
    var lines: [Int] = []
    var times: [Double] = []
  }

  /// A hostile file must not name items without bound.
  private static let mostTracks = 10_000

  private var tracks: [String: Track] = [:]
  private var faults: [Int: Fault] = [:]
  /// Rows that were added.
  private(set) var count = 0
  /// Whether all rows were added and judged.
  private(set) var isSettled = false

  /// Adds a row, in the order of the file; rows of each item have an order of their own.
  mutating func add(line: Int, time: Double, of item: String = "") {
    guard tracks[item] != nil || tracks.count < Self.mostTracks else { return }
    tracks[item, default: Track()].lines.append(line)
    tracks[item, default: Track()].times.append(time)
    count += 1
  }

  /// Judges all rows; none is added after this.
  mutating func settle() {
    for track in tracks.values { judge(track) }
    tracks = tracks.mapValues { _ in Track() }
    isSettled = true
  }

  func fault(of line: Int) -> Fault? { faults[line] }

  /// Whether rows of an item were added; not where there were too many items.
  func knows(_ item: String) -> Bool { tracks[item] != nil }

  private mutating func judge(_ track: Track) {
    let times = track.times
    guard let kept = Self.ascending(times) else { return }
    var before = -Double.infinity
    for (row, time) in times.enumerated() {
      if kept[row] {
        before = time
      } else {
        faults[track.lines[row]] = time == before ? .again : time > before ? .ahead : .back
      }
    }
  }

  /// Which times to keep; nil for all of them.
  ///
  /// Among equally many, the first rows are kept, and at the end the earliest time.
  private static func ascending(_ times: [Double]) -> [Bool]? {
    // The least time that a kept row may have as the last of so many.
    var ends: [Double] = []
    var levels: [Int] = []
    for time in times {
      var (low, high) = (0, ends.count)
      while low < high {
        let middle = (low + high) / 2
        if ends[middle] < time { low = middle + 1 } else { high = middle }
      }
      if low == ends.count { ends.append(time) } else { ends[low] = time }
      levels.append(low)
    }
    guard let last = ends.last, ends.count < times.count else { return nil }
    // Rows by level; within one, times never ascend.
    var starts = [Int](repeating: 0, count: ends.count + 1)
    for level in levels { starts[level + 1] += 1 }
    for level in ends.indices { starts[level + 1] += starts[level] }
    var free = starts
    var rows = [Int](repeating: 0, count: times.count)
    for (row, level) in levels.enumerated() {
      rows[free[level]] = row
      free[level] += 1
    }
    var isKept = [Bool](repeating: false, count: times.count)
    var bound = last.nextUp
    for level in ends.indices.reversed() {
      var (low, high) = (starts[level], starts[level + 1] - 1)
      while low < high {
        let middle = (low + high) / 2
        if times[rows[middle]] < bound { high = middle } else { low = middle + 1 }
      }
      isKept[rows[low]] = true
      bound = times[rows[low]]
    }
    return isKept
  }
}
