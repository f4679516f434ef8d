package import Experiments
import Virtualization

extension Because {
  /// The paragraph: how much more than native, the largest items with the operations that make
  /// them, what waiting adds.
  package static func paragraph(
    _ approach: ApproachOverhead, _ guests: ClassOverhead, native: ClassOverhead, in report: Report
  ) -> [String] {
    let scenario = report.study.scenario
    let text = BecauseText(approach: approach, guests: guests, native: native, scenario: scenario)
    return text.sentences
  }
}

/// The sentences about one class of guests under one approach.
struct BecauseText {
  private let approach: ApproachOverhead
  private let guests: ClassOverhead
  private let native: ClassOverhead
  private let scenario: Scenario
  private let unit: TimeUnit
  private let profile: ApproachProfile?
  private let guestClass: GuestClass?
  private let own: [Contribution]
  private let natively: [Contribution]

  init(
    approach: ApproachOverhead, guests: ClassOverhead, native: ClassOverhead, scenario: Scenario
  ) {
    self.approach = approach
    self.guests = guests
    self.native = native
    self.scenario = scenario
    // One unit for the whole and its small parts: prices of microseconds make requests of
    // milliseconds.
    let base = native.processorPerRequest.value
    unit = base < 0.1 ? .microseconds : base < 100 ? .milliseconds : .seconds
    profile = scenario.approaches.first { $0.id == approach.approach }
    guestClass = scenario.guests.first { $0.id == guests.id }
    if let profile, let guestClass {
      own = Contribution.all(of: guestClass, under: profile, in: scenario)
      natively = Contribution.all(of: guestClass, under: scenario.native, in: scenario)
    } else {
      (own, natively) = ([], [])
    }
  }

  var sentences: [String] {
    var sentences: [String] = []
    let base = native.processorPerRequest.value
    let seconds = guests.processorPerRequest.value
    if base > 0 {
      sentences.append(
        "A request of \(guests.id) takes \(time(seconds)) of processor time, "
          + "\(NumberText.significant(seconds / base)) times native's \(time(base)).")
    }
    if guests.againstNative?.processorDiffers == false {
      sentences.append("Whether that differs is not decided.")
    }
    let excess = Because.items(guests.processorItems, beyond: native.processorItems)
    if excess.isEmpty {
      sentences.append("No mechanism takes more processor time than natively.")
    }
    for (index, item) in excess.prefix(3).enumerated() {
      sentences.append(sentence(about: item, isFirst: index == 0))
    }
    sentences.append(contentsOf: operations)
    let waiting = Because.items(guests.responseItems, beyond: native.responseItems)
      .filter { isWaiting($0.mechanism) && $0.share >= 0.05 }
    if let first = waiting.first {
      sentences.append(
        "Of the longer response, \(NumberText.percent(first.share)) is \(first.mechanism.title) "
          + "(\(time(first.seconds))): \(note(first.mechanism)).")
    }
    return sentences
  }

  private func time(_ seconds: Double) -> String { NumberText.duration(seconds, atLeast: unit) }

  private func note(_ mechanism: Mechanism, at places: [Place] = []) -> String {
    guard let profile, let guestClass else { return mechanism.note }
    return MechanismContext(profile, guestClass, scenario.host, approach.utilizations)
      .note(mechanism, at: places)
  }

  private func sentence(about item: Because.Item, isFirst: Bool) -> String {
    let makers = Because.makers(of: item, own, beyond: natively)
    let places = own.filter { $0.mechanism == item.mechanism }.flatMap(\.places)
    var sentence =
      "\(NumberText.percent(item.share)) of what comes on top is \(item.mechanism.title) "
      + "(\(time(item.seconds))): \(note(item.mechanism, at: places))"
    if !makers.isEmpty {
      sentence +=
        ". Counted along its paths: " + makers.map { $0.text(in: unit) }.joined(separator: ", ")
      // Small ones and those of many operations are not listed.
      if makers.reduce(0, { $0 + $1.seconds }) < 0.95 * item.seconds { sentence += " and others" }
    }
    sentence += "."
    if isFirst, let first = makers.first {
      if let elsewhere = elsewhere(first) { sentence += " " + elsewhere }
      sentence +=
        " Where the price comes from: tenancy explain \(approach.approach) "
        + "\(first.operation.rawValue) --host \(scenario.host.id)."
    }
    return sentence
  }

  /// What the same step costs under others, where it differs: "Each costs 46 us here, 4.6 us ...".
  private func elsewhere(_ maker: Contribution) -> String? {
    guard let guestClass else { return nil }
    var parts: [String] = []
    for other in scenario.approaches where other.id != approach.approach {
      let part = Contribution.all(of: guestClass, under: other, in: scenario).first {
        $0.operation == maker.operation && $0.mechanism == maker.mechanism
          && $0.isPerByte == maker.isPerByte
      }
      guard let part, part.each > maker.each * 1.005 || part.each < maker.each * 0.995 else {
        continue
      }
      parts.append(
        "\(part.isPerByte ? NumberText.duration(part.each) : time(part.each)) under \(other.id), "
          + "\(NumberText.trimmed(part.perRequest)) a request")
    }
    guard !parts.isEmpty else { return nil }
    return "The same step costs " + parts.prefix(3).joined(separator: "; ") + "."
  }

  private var operations: [String] {
    guard let profile, let guestClass else { return [] }
    let found = Because.operations(
      of: guestClass, under: profile, in: scenario, limit: 3)
    guard !found.isEmpty else { return [] }
    let parts = found.map { entry -> String in
      let packets =
        entry.packets > 0 ? " of \(NumberText.trimmed(entry.packets)) packets in all" : ""
      let why =
        entry.mechanisms.isEmpty
        ? "" : ", for " + entry.mechanisms.prefix(3).map(\.title).joined(separator: ", ")
      return
        "\(entry.operation.title) (\(NumberText.trimmed(entry.perRequest)) a request\(packets): "
        + "\(time(entry.seconds)), natively \(time(entry.nativeSeconds))\(why))"
    }
    return ["By operation, most comes from " + parts.joined(separator: "; ") + "."]
  }

  private func isWaiting(_ mechanism: Mechanism) -> Bool {
    switch MechanismFamily(mechanism) {
    case .contention, .queueing, .deviceTime: true
    default: false
    }
  }
}
