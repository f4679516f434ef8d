import Virtualization
import Yams

extension FormatWriter {
  static func host(_ host: HostProfile) -> [(String, Node)] {
    let kernel = host.kernel
    return [
      ("title", quoted(host.title)),
      ("year", word("\(host.year)")),
      (
        "processors",
        map(
          quantities([
            "cores": host.processors.cores, "speed": host.processors.speed,
            "cache": host.processors.cacheBytes, "ways": host.processors.cacheWays,
          ]))
      ),
      (
        "memory",
        map(
          quantities([
            "bytes": host.memory.bytes, "swap": host.memory.swapBytes,
            "base": host.memory.baseBytes, "low-memory": host.memory.lowMemoryBytes,
          ]))
      ),
      (
        "disk",
        map(
          [("kind", word(host.disk.kind.rawValue))]
            + quantities([
              "capacity": host.disk.capacityBytes, "channels": host.disk.channels,
              "positioning-time": host.disk.positioningTime,
              "positioning-variation": host.disk.positioningVariation,
              "transfer-rate": host.disk.transferRate,
            ]))
      ),
      (
        "network",
        map(
          quantities([
            "rate": host.network.rate, "segment": host.network.segmentBytes,
            "overhead": host.network.overheadBytes,
          ]))
      ),
      (
        "kernel",
        map(
          [("scheduler", word(kernel.scheduler.rawValue))]
            + quantities(["tick-rate": kernel.tickRate])
            + [("tickless", flag(kernel.isTickless)), ("word-bits", word("\(kernel.wordBits)"))]
            + quantities(["process-ceiling": kernel.processCeiling])
            + [("parameters", parameters(kernel.parameters)), ("memory", memory(kernel.memory))])
      ),
      ("primitives", primitives(host.primitives)),
    ]
  }

  /// Constants of a scheduler that are given.
  static func parameters(_ values: [SchedulingPolicy.Parameter: Quantity]) -> Node {
    map(
      SchedulingPolicy.Parameter.allCases.compactMap { parameter in
        values[parameter].map { (parameter.rawValue, quantity($0)) }
      })
  }

  private static func memory(_ memory: MemoryAssumptions) -> Node {
    map(
      quantities([
        "cache-floor": memory.cacheFloor, "swap-cluster": memory.swapCluster,
        "rewritten-share": memory.rewrittenShare, "guest-swap": memory.guestSwap,
        "dirty-expiry": memory.dirtyExpiry, "flusher-period": memory.flusherPeriod,
        "dirty-background": memory.dirtyBackground, "dirty-limit": memory.dirtyLimit,
        "flushed-pages": memory.flushedPages,
        "guest-kernel": memory.guestKernelBytes,
        "allocated-per-touched": memory.allocatedPerTouched, "socket": memory.socketBytes,
        "socket-buffer": memory.socketBufferBytes, "files-per-process": memory.filesPerProcess,
        "directory-cache-per-file": memory.directoryCacheBytesPerFile,
      ]))
  }

  /// Prices by approach and mechanism.
  private static func primitives(_ primitives: [Primitive]) -> Node {
    var groups: [(String, Node)] = []
    for group in unique(primitives.map { $0.approach ?? PriceReader.machine }) {
      let prices = primitives.filter { ($0.approach ?? PriceReader.machine) == group }
      let mechanisms = unique(prices.map(\.mechanism)).map { mechanism -> (String, Node) in
        let own = prices.filter { $0.mechanism == mechanism }
        guard mechanism != .kernelWork else {
          return (
            mechanism.rawValue,
            map(own.map { ($0.service?.rawValue ?? "", quantity($0.price)) })
          )
        }
        return (mechanism.rawValue, own.first.map { quantity($0.price) } ?? map([]))
      }
      groups.append((group, map(mechanisms)))
    }
    return map(groups)
  }

  /// The first of each, in order.
  private static func unique<Value: Hashable>(_ values: [Value]) -> [Value] {
    var seen: Set<Value> = []
    return values.filter { seen.insert($0).inserted }
  }
}
