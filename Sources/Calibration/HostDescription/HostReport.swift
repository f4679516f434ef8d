import Foundation
import ScenarioFormat

/// Forms in which a machine's description is shown.
package enum HostReport {
  /// One line per property; what the machine does not say is called unknown.
  package static func text(_ host: HostDescription) -> String {
    func known<Value>(_ value: Value?, _ show: (Value) -> String) -> String {
      value.map(show) ?? "unknown"
    }
    let size = { (bytes: Int) in PlainNumber.bytes(Double(bytes)) }
    var lines: [(String, String)] = [
      ("processor", host.model ?? "unknown"), ("architecture", host.architecture),
      ("sockets", known(host.sockets, String.init)), ("cores", known(host.cores, String.init)),
      ("hardware threads", known(host.threads, String.init)),
      ("clock", known(host.megahertz) { PlainNumber.count($0) + " MHz" }),
    ]
    if host.caches.isEmpty { lines.append(("caches", "unknown")) }
    for cache in host.caches {
      lines.append(
        (
          "cache",
          "level \(cache.level) \(cache.type), \(size(cache.bytes)), for \(cache.sharedBy) threads"
        ))
    }
    lines += [
      ("memory", known(host.memoryBytes, size)),
      ("available now", known(host.availableBytes, size)),
      ("swap", known(host.swapBytes, size)),
    ]
    if host.disks.isEmpty { lines.append(("disks", "unknown")) }
    for disk in host.disks {
      let kind = known(disk.isRotational) { $0 ? "rotational" : "not rotational" }
      lines.append(("disk", "\(disk.name), \(size(disk.bytes)), \(kind)"))
    }
    if host.links.isEmpty { lines.append(("network links", "unknown")) }
    for link in host.links {
      lines.append(
        (
          "network link",
          "\(link.name), rate \(known(link.megabits) { "\($0) Mbit/s" }), "
            + "MTU \(known(link.mtu, String.init))"
        ))
    }
    lines += [
      ("kernel", host.kernel.map { "Linux \($0)" } ?? "unknown"),
      ("tick rate", known(host.tickRate) { PlainNumber.count($0) + " /s" }),
      ("tickless when idle", known(host.isTickless) { $0 ? "yes" : "no" }),
      ("virtualized", host.virtualization ?? "unknown"),
      ("control groups", host.cgroupVersion.map { "version \($0)" } ?? "unknown"),
      ("page-table isolation", known(host.pageTableIsolation) { $0 ? "on" : "off" }),
      ("steal since start", known(host.stealShare, PlainNumber.share)),
      ("process limit", known(host.processLimit, String.init)),
    ]
    return lines.map { name, value in
      name + String(repeating: " ", count: max(1, 22 - name.count)) + value + "\n"
    }.joined()
  }

  /// The description as JSON; unknown values are left out.
  package static func json(_ host: HostDescription) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(host), as: UTF8.self) + "\n"
  }

  /// The skeleton of a host profile: what was read is measured, the rest assumed with a wide range.
  package static func profile(_ host: HostDescription) -> String {
    let source = PlainNumber.quoted("tenancy host: /proc and /sys of \(host.summary)")
    func value(_ text: String?, or guess: String) -> String { text ?? guess }
    func guess(_ value: String, _ low: String, _ high: String, _ why: String) -> String {
      "{value: \(value), low: \(low), high: \(high), status: assumed, source: "
        + "\(PlainNumber.quoted(why))}"
    }
    let unread = "not readable here; set it"
    let rotational = host.disks.first?.isRotational ?? false
    let capacity = host.disks.map(\.bytes).max()
    // A core's own cache; the last level is shared with more than its own working sets.
    let cache = host.caches.filter { $0.type != "Instruction" && $0.level <= 2 }.map(\.bytes).max()
    let rate = host.links.compactMap(\.megabits).max()
    let segment = host.links.compactMap(\.mtu).first.map { $0 - 52 }
    let used = zip2(host.memoryBytes, host.availableBytes).map { max(0, $0 - $1) }
    let bytes = { (count: Int) in PlainNumber.bytes(Double(count)) }
    return """
      # The machine that `tenancy host` ran on. Lines marked "set it" could not be read; prices are those
      # of another machine until they are measured.
      tenancy: 1
      kind: host
      title: \(PlainNumber.quoted(host.model ?? "A machine"))
      year: 2024  # not readable; set it to the year of the machine and its system software
      status: measured
      source: \(source)
      processors:
        cores: \(value((host.threads ?? host.cores).map(String.init), or: guess("2", "1", "64", unread)))
        # The machine is its own reference: right for workloads recorded on it, wrong for those that
        # come with the program, which count in seconds of a Xeon of 2003 (server-2024 has speed 11).
        speed: \(guess("1", "1", "1", "the machine is its own reference; set it to compare with others"))
        cache: \(value(cache.map(bytes), or: guess("1 MiB", "256 KiB", "4 MiB", unread)))
      memory:
        bytes: \(value(host.memoryBytes.map(bytes), or: guess("8 GiB", "2 GiB", "64 GiB", unread)))
        swap: \(value(host.swapBytes.map(bytes), or: guess("0 B", "0 B", "8 GiB", unread)))
        # All that was in use at that moment.
        base: \(value(used.map(bytes), or: guess("512 MiB", "128 MiB", "2 GiB", unread)))
      disk:
        # As the kernel says; it does not know what lies behind a virtual disk.
        kind: \(rotational ? "rotational" : "solid-state")\(host.disks.first?.isRotational == nil ? "  # not readable; set it" : "")
        capacity: \(value(capacity.map(bytes), or: guess("100 GB", "10 GB", "2 TB", unread)))
        channels: \(rotational ? guess("1", "1", "2", unread) : guess("16", "4", "128", unread))
        positioning-time: \(rotational ? guess("8 ms", "4 ms", "14 ms", unread) : guess("0.1 ms", "0.04 ms", "0.5 ms", unread))
        positioning-variation: \(guess("0.5", "0.2", "1", unread))
        transfer-rate: \(rotational ? guess("120 MB/s", "60 MB/s", "220 MB/s", unread) : guess("500 MB/s", "150 MB/s", "3000 MB/s", unread))
      network:
        rate: \(value(rate.map { "\($0) Mbit/s" }, or: guess("1 Gbit/s", "0.1 Gbit/s", "25 Gbit/s", unread)))
        segment: \(value(segment.map(bytes), or: guess("1448 B", "1400 B", "1460 B", unread)))
      kernel:
        scheduler: cfs
        tick-rate: \(value(host.tickRate.map { PlainNumber.count($0) + " /s" }, or: guess("250 /s", "100 /s", "1000 /s", unread)))
        tickless: \(host.isTickless.map { $0 ? "true" : "false" } ?? "true  # not readable; set it")
        word-bits: \(host.wordBits)
      scaled-from:
        host: server-2024
        time-factor: \(guess("1", "0.5", "2", "prices of this machine are not measured yet"))

      """
  }

  private static func zip2<A, B>(_ a: A?, _ b: B?) -> (A, B)? {
    if let a, let b { return (a, b) }
    return nil
  }
}
