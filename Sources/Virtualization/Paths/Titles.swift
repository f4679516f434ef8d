extension Mechanism {
  /// The name in words, such as "ptrace stop".
  package var title: String {
    switch self {
    case .vcpuSwitch: "virtual-processor switch"
    case .vmExit: "VM exit and entry"
    default: rawValue.split(separator: "-").joined(separator: " ")
    }
  }
}

extension Operation {
  /// The name in words, such as "system call".
  package var title: String { rawValue.split(separator: "-").joined(separator: " ") }
}
