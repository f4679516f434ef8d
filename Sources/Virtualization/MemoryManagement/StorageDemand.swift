extension StoragePolicy {
  /// Bytes on disk of the system images of guests that run the same system.
  ///
  /// With full copies every guest has its own. Where identical files are unified, the first guest's
  /// image serves all and each further guest adds its private share. A copy-on-write overlay leaves
  /// the base alone, so every guest adds its private share to it.
  package func imageBytes(guests: Int, imageBytes: Double) -> Double {
    guard guests > 0 else { return 0 }
    let privateBytes = privateShare.value * imageBytes
    return switch image {
    case .fullCopy: Double(guests) * imageBytes
    case .unified: imageBytes + Double(guests - 1) * privateBytes
    case .copyOnWrite: imageBytes + Double(guests) * privateBytes
    }
  }

  /// Bytes on disk of all guests: images, shared among guests of one system, private data, guests'
  /// own swap space, and their memory where it is a file.
  ///
  /// Guests run the same system where their workloads are one by name and image: a changed copy
  /// that keeps its original's name and has another image is another system.
  ///
  /// - Parameter swapShare: A guest's own swap space relative to its memory; 0 where it has none.
  package func bytes(
    classes: [GuestClass], counts: [Int], swapShare: Double = 0
  ) -> Double {
    var bytes = 0.0
    for (index, guest) in classes.enumerated() {
      let demand = guest.workload.processes
      let memories = swapShare + (memoryFile ? 1 : 0)
      let memory = memories > 0 ? memories * guest.limits.memoryBytes : 0
      bytes += Double(counts[index]) * (demand.dataBytes.value + memory)
      // The first of the classes that run one system accounts for the image of all.
      if classes[..<index].contains(where: { $0.runsSameSystem(as: guest) }) { continue }
      var alike = 0
      for other in classes.indices where classes[other].runsSameSystem(as: guest) {
        alike += counts[other]
      }
      bytes += imageBytes(guests: alike, imageBytes: demand.imageBytes.value)
    }
    return bytes
  }
}

extension GuestClass {
  fileprivate func runsSameSystem(as other: GuestClass) -> Bool {
    workload.id == other.workload.id
      && workload.processes.imageBytes.value == other.workload.processes.imageBytes.value
  }
}
