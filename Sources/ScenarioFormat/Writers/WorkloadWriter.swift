import Statistics
import Virtualization
import Yams

extension FormatWriter {
  static func workload(_ workload: Workload) -> [(String, Node)] {
    let processes = workload.processes
    var entries: [(String, Node)] = [
      ("title", quoted(workload.title)), ("source", quoted(workload.source)),
      ("arrival", arrival(workload.arrival, workload.scales.thinkTime)),
      (
        "user-computation",
        distribution(workload.userComputation, .seconds, workload.scales.userComputation)
      ),
      ("response", distribution(workload.responseBytes, .bytes, workload.scales.response)),
      ("operations", list(workload.operations.map(operation))),
    ]
    if let files = workload.files {
      entries.append(
        (
          "files",
          map(
            quantities([
              "count": files.count, "mean-size": files.meanBytes,
              "zipf-exponent": files.zipfExponent, "common-share": files.commonShare,
            ]))
        ))
    }
    entries.append(
      (
        "processes",
        map(
          quantities([
            "base": processes.baseProcesses, "base-anonymous": processes.baseAnonymousBytes,
            "worker-anonymous": processes.workerAnonymousBytes,
            "spare-workers": processes.spareWorkers, "active-share": processes.activeShare,
            "text": processes.textBytes, "kernel-per-process": processes.kernelBytesPerProcess,
            "sockets-per-worker": processes.socketsPerWorker, "image": processes.imageBytes,
            "data": processes.dataBytes,
          ]))
      ))
    entries += quantities(["working-set": workload.workingSetBytes])
    if let background = workload.background {
      entries.append(
        (
          "background",
          map(
            quantities(["period": background.period, "user-computation": background.userSeconds])
              + [("operations", list(background.operations.map(operation)))])
        ))
    }
    return entries + quantities(["workers": workload.workers, "backlog": workload.backlog])
  }

  private static func arrival(_ arrival: Arrival, _ thinking: Quantity) -> Node {
    switch arrival {
    case .poisson(let rate):
      map([("process", word("poisson"))] + quantities(["rate": rate]))
    case .bursty(let rate, let peak, let burst, let share):
      map(
        [("process", word("bursty"))]
          + quantities([
            "rate": rate, "peak-to-mean": peak, "burst": burst, "in-bursts": share,
          ]))
    case .closed(let users, let thinkTime):
      map(
        [("process", word("closed"))] + quantities(["users": users])
          + [("think-time", distribution(thinkTime, .seconds, thinking))])
    }
  }

  private static func operation(_ operation: OperationCount) -> Node {
    var entries: [(String, Node)] = [
      ("do", word(operation.operation.rawValue)), ("count", quantity(operation.count)),
    ]
    for attribute in Attribute.allCases where operation.attributes[attribute] != 0 {
      let unit: Unit = attribute == .bytes ? .bytes : .count
      entries.append((attribute.name, number(operation.attributes[attribute], unit)))
    }
    return map(entries + [("moves-response", flag(operation.movesResponse))])
  }

  /// - Parameter scale: The factor of 1 by which the range, status and source of the mean are
  ///   known.
  private static func distribution(
    _ distribution: Distribution, _ unit: Unit, _ scale: Quantity
  ) -> Node {
    var pedigree = [("status", word(scale.status.rawValue)), ("source", quoted(scale.source))]
    if scale.low < scale.high {
      let ends = [number(scale.low, .count), number(scale.high, .count)]
      pedigree.append(("range", Node(ends, .implicit, .flow)))
    }
    func law(
      _ name: String, _ measures: KeyValuePairs<String, Double>,
      _ factors: KeyValuePairs<String, Double> = [:]
    ) -> Node {
      map(
        [("law", word(name))] + measures.map { ($0.key, number($0.value, unit)) }
          + factors.map { ($0.key, number($0.value, .count)) } + pedigree)
    }
    switch distribution {
    case .deterministic(let form): return law("constant", ["value": form.value])
    case .uniform(let form): return law("uniform", ["low": form.lower, "high": form.upper])
    case .exponential(let form): return law("exponential", ["mean": form.mean])
    case .erlang(let form):
      return law("erlang", ["mean": form.mean], ["stages": Double(form.stages)])
    case .hyperexponential(let form):
      return law(
        "hyperexponential", ["first-mean": form.firstMean, "second-mean": form.secondMean],
        ["probability": form.probability])
    case .gamma(let form): return law("gamma", ["scale": form.scale], ["shape": form.shape])
    case .lognormal(let form):
      return law("lognormal", ["mean": form.mean], ["variation": form.coefficientOfVariation])
    case .pareto(let form): return law("pareto", ["minimum": form.minimum], ["shape": form.shape])
    case .boundedPareto(let form):
      return law(
        "bounded-pareto", ["minimum": form.minimum, "maximum": form.maximum],
        ["shape": form.shape])
    case .empirical(let form):
      let pairs = form.quantiles.map { quantile in
        Node(
          [number(quantile.probability, .count), number(quantile.value, unit)], .implicit, .flow)
      }
      return map([("law", word("empirical")), ("quantiles", list(pairs))] + pedigree)
    }
  }
}
