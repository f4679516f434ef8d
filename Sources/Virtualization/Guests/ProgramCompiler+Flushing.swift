/// What a workload writes to files, and how the flusher takes it to the disk.
extension ProgramCompiler {
  /// Bytes of the mix that become dirty: those written to files, less those that the mix itself
  /// writes to the disk, since a durable write takes with it what was written before.
  func appendDirtying(to program: inout RequestProgram) {
    var bytes = DeviceBytes()
    for entry in operations {
      let sign: Double
      switch entry.operation {
      case .fileWrite: sign = 1
      case .diskWrite: sign = -1
      default: continue
      }
      bytes.fixed += sign * entry.count.value * entry.attributes[.bytes]
      if entry.movesResponse { bytes.perByte += sign * entry.count.value }
    }
    guard bytes.fixed > 0 || bytes.perByte > 0 else { return }
    appendDevice(.dirty, bytes, to: &program)
  }

  /// One visit to the disk on the approach's own path, without the system call that a program
  /// makes.
  func compileFlushing(into program: inout RequestProgram) throws(ModelError) {
    let first = program.stages.count
    guard program.stages.contains(where: { $0.kind == .dirty }) else { return }
    let visit = OperationCount(
      .diskWrite,
      count: Quantity(1, .count, status: .assumed, source: "one visit of the flusher"),
      movesResponse: true)
    let entries = [visit]
    try appendPhase(.guest, entries, [.call], without: try entry(pricing), to: &program)
    try appendPhase(.backend, entries, [.backend], to: &program)
    appendDevice(.disk, diskBytes(visit), to: &program)
    try appendPhase(.backend, entries, [.backendCompletion], to: &program)
    try appendPhase(.guest, entries, [.completion], to: &program)
    program.flushing = first..<program.stages.count
  }
}

extension RequestProgram {
  /// Bytes that become dirty in some stages, for a response of some size.
  func dirtied(in range: Range<Int>, responseBytes: Double) -> Double {
    var bytes = 0.0
    for stage in stages[range] where stage.kind == .dirty {
      bytes += stage.dirtied(responseBytes: responseBytes)
    }
    return bytes
  }
}

extension Stage {
  /// Bytes that a stage makes dirty.
  func dirtied(responseBytes: Double) -> Double {
    max(0, fixed + perResponseByte * responseBytes)
  }
}
