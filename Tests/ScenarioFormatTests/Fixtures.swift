import ScenarioFormat

/// Small files of every kind, in memory.
///
/// Figures are invented: they test reading, not the model.
enum Fixtures {
  static let scenario = """
    tenancy: 1
    question: How many small web sites fit on one server?
    year: 2006
    host: small
    approaches: [native, shared, split]
    guests:
      - name: web
        workload: pages
        count: 20
        cpu-limit: 50 %
        memory: 128 MiB
        beancounters: vps.basic
    objective: {percentile: 95, response: 200 ms, errors: 0.1 %, guests: 5 %}
    run: {duration: 60 s, seed: 7, replications: {minimum: 3, maximum: 9}}
    silence: [ignored-limit]
    """

  static let host = """
    tenancy: 1
    kind: host
    title: A small server
    year: 2005
    status: published
    source: invented
    processors: {cores: 2, speed: 1, cache: 512 KiB}
    memory:
      bytes: 2 GiB
      swap: 2 GiB
      base: {value: 64 MiB, range: 30 %, status: assumed, source: a guess}
    disk:
      kind: rotational
      capacity: 146 GB
      channels: 1
      positioning-time: 5.6 ms
      positioning-variation: 0.5
      transfer-rate: 70 MB/s
    network: {rate: 1 Gbit/s, segment: 1448 B}
    kernel: {scheduler: o1, tick-rate: 100 /s, tickless: false, word-bits: 32, \
    parameters: {slice: 100 ms}, memory: {cache-floor: 1 %, swap-cluster: 8, rewritten-share: 70 \
    %, guest-swap: 100 %, dirty-expiry: 30 s, flusher-period: 5 s, dirty-background: 10 %, \
    dirty-limit: 40 %, flushed-pages: 1024, allocated-per-touched: 1.5, socket: 2048 B, \
    socket-buffer: 2560 B, files-per-process: 16, directory-cache-per-file: 384 B}}
    primitives:
      machine:
        trap: 0.45 us
        interrupt: 2 us
        data-copy: 0.5 ns/byte
        kernel-work:
          file-read: 1.2 us
          disk-read: 6 us
        cache-refill: 0.25 ns/byte
      shared:
        status: assumed
        range: [0.5, 2]
        accounting: 80 ns
      split: {hypercall: {value: 0.3 us, low: 0.2 us, high: 0.5 us}, backend-work: 4 us}
    """

  static let native = """
    tenancy: 1
    kind: approach
    title: One kernel without isolation
    first-year: 1991
    status: published
    source: invented
    kernel-slowdown: 1
    user-slowdown: 1
    topology: {kernel-per-guest: false, device-service: in-kernel}
    scheduling: {algorithm: host}
    memory:
      kind: pool
      page-cache: shared
      shares-identical-files: true
      guest-kernel: 0 B
      monitor: 0 B
      host-overhead: 0 B
      per-process: 0 B
      host-processes-per-guest: 0
      host-processes-per-process: 1
    storage: {image: full-copy, private-share: 100 %}
    paths:
      file-read:
        - {do: trap}
        - {do: kernel-work}
        - {do: data-copy, count: {bytes: 1}}
      disk-read:
        - {do: kernel-work}
        - {do: interrupt, phase: completion, shared: true}
      context-switch: [{do: trap}]
      guest-switch: [{do: trap}]
      timer-tick: [{do: interrupt}]
      idle-wakeup: [{do: trap}]
    """

  static let shared = """
    tenancy: 1
    kind: approach
    like: native
    title: Containers on one kernel
    first-year: 2005
    status: published
    source: also invented
    scheduling:
      algorithm: start-time-fair-queueing
      parameters: {slice: 16 ms, default-weight: {value: 1000, range: 0 %, status: assumed}}
    paths:
      file-read:
        - {native: true, without: [trap]}
        - {do: accounting, count: 2, status: assumed, range: [0.5, 1.5]}
        - {do: trap}
    notes: [Quotas are not simulated]
    """

  static let split = """
    tenancy: 1
    kind: approach
    like: native
    title: Split drivers
    first-year: 2003
    last-year: 2012
    status: published
    source: invented as well
    topology:
      kernel-per-guest: true
      guest-processors: 1
      device-service: driver-domain
      driver-domain-processors: 1
    paths:
      disk-read:
        - {native: call}
        - {do: hypercall, at: hypervisor, shared: true}
        - {do: backend-work, at: driver-domain, phase: backend, count: {constant: 1, bytes: 1/4096}}
        - {native: completion}
    """

  static let workload = """
    tenancy: 1
    kind: workload
    title: Small pages
    status: published
    source: invented
    arrival: {process: poisson, rate: 10 /s}
    user-computation: {law: gamma, mean: 1.5 ms, variation: 1}
    response: {law: lognormal, mean: 12 kB, variation: 2}
    operations:
      - {do: file-read, count: 2, bytes: 4 KiB, moves-response: true}
      - {do: disk-read, count: {value: 0.1, range: 40 %, status: assumed}, bytes: 4 KiB}
    files: {count: 2000, mean-size: 12 kB, zipf-exponent: 0.9, common-share: 5 %}
    processes:
      base: 8
      base-anonymous: 12 MiB
      worker-anonymous: 2 MiB
      spare-workers: 2
      active-share: 30 %
      text: 8 MiB
      kernel-per-process: 20 KiB
      sockets-per-worker: 1
      image: 400 MiB
      data: 100 MiB
    working-set: 256 KiB
    background: {period: 60 s, user-computation: 5 ms, operations: [{do: file-read, count: 3}]}
    workers: 10
    backlog: 100
    """

  static let files = [
    "work/ask.yaml": scenario,
    "profiles/hosts/small.yaml": host,
    "profiles/approaches/native.yaml": native,
    "profiles/approaches/shared.yaml": shared,
    "profiles/approaches/split.yaml": split,
    "profiles/workloads/pages.yaml": workload,
  ]

  static func library(_ changes: [String: String] = [:]) -> Library {
    Library(folders: ["profiles"], store: .memory(files.merging(changes) { $1 }))
  }

  /// The files with one text in one of them replaced.
  static func library(
    in file: String = "work/ask.yaml", replacing old: String, by new: String
  ) -> Library {
    library([file: (files[file] ?? "").replacing(old, with: new)])
  }

  /// Everything that is found, one finding a line; empty where there is nothing.
  static func findings(_ library: Library, overrides: [String] = []) -> [String] {
    do {
      return try library.scenario(at: "work/ask.yaml", overrides: overrides).warnings
        .map(\.description)
    } catch {
      return error.findings.map(\.description)
    }
  }
}
