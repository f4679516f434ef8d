/// The text of a scenario to begin with, every line explained.
///
/// It runs as it stands with the profiles that come with the program.
package func starterScenario() -> String {
  """
  # A scenario asks one question about one machine. `tenancy check` says whether it is sound,
  # `tenancy run` answers it. Every key and unit: Docs/formats.md.
  tenancy: 1

  # The question, for the head of the report.
  question: How many small web sites fit on one server, and what does each way of dividing it cost?

  # The year in which the scenario plays: approaches that did not exist then are warned of.
  year: 2006

  # The machine: an id (`tenancy list hosts`), a file (./my-host.yaml), or a changed copy:
  #   host: {like: server-2006, memory: {bytes: 16 GiB}}
  host: server-2006

  # The ways of dividing it (`tenancy list approaches`). `native` is one kernel without isolation,
  # against which overhead is measured.
  approaches: [native, openvz, xen-pv-32]

  # Classes of guests. For overhead, `count` guests of each class run; for density, the mix grows
  # until the objective breaks.
  guests:
    - name: web
      workload: static-web-2006     # an id (`tenancy list workloads`) or a file
      count: 20
      memory: 128 MiB               # of a virtual machine; limit of a control group
      weight: 1                     # share of the processors relative to other guests
      processors: 1
      beancounters: vps.basic       # limits of an OpenVZ container
      # cpu-limit: 50 %             # at most half of one core

  # What guests are owed.
  objective:
    percentile: 95                  # of response time
    response: 200 ms                # may not be exceeded by that percentile
    errors: 0.1 %                   # of requests may be refused
    guests: 5 %                     # of guests may individually be above it

  # How it is simulated; all of this may be left out.
  run:
    duration: 300 s
    warm-up: 30 s
    seed: 1
    confidence: 95 %
    precision: 5 %
    replications: {minimum: 5, maximum: 40}

  """
}
