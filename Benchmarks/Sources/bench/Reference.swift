import DiscreteEvents
import Foundation
import Statistics

struct BenchmarkError: Error, CustomStringConvertible {
  var description: String
}

/// The compiled C++ references, found by name.
///
/// They are loaded rather than linked so that the compiler is the user's choice (g++ unless CXX
/// says otherwise) and both sides still run interleaved in one process.
struct ReferenceLibrary: @unchecked Sendable {
  // The handle is never closed and what it leads to never changes, so threads may share it.
  private let library: UnsafeMutableRawPointer

  init(path: String) throws {
    guard let library = dlopen(path, RTLD_NOW) else {
      throw BenchmarkError(
        description: "no C++ references at '\(path)'; start the benchmarks with Benchmarks/run")
    }
    self.library = library
  }

  private func symbol<Function>(_ name: String, as: Function.Type) throws -> Function {
    guard let address = dlsym(library, name) else {
      throw BenchmarkError(description: "the C++ references lack '\(name)'; run Benchmarks/run")
    }
    return unsafeBitCast(address, to: Function.self)
  }

  func make(_ name: String, size: Int, stream: RandomStream) throws -> any Contestant {
    typealias Make = @convention(c) (Int64, UnsafePointer<UInt64>) -> OpaquePointer?
    typealias Run = @convention(c) (OpaquePointer, Int64) -> UInt64
    typealias Free = @convention(c) (OpaquePointer) -> Void
    let make = try symbol(name + "_make", as: Make.self)
    let object = withUnsafeBytes(of: stream) { bytes in
      bytes.withMemoryRebound(to: UInt64.self) { words in
        words.baseAddress.flatMap { make(Int64(size), $0) }
      }
    }
    guard let object else { throw BenchmarkError(description: "'\(name)' could not be made") }
    return Loaded(
      object: object, run: try symbol(name + "_run", as: Run.self),
      free: try symbol(name + "_free", as: Free.self))
  }

  private final class Loaded: Contestant {
    let object: OpaquePointer
    let runFunction: @convention(c) (OpaquePointer, Int64) -> UInt64
    let freeFunction: @convention(c) (OpaquePointer) -> Void

    init(
      object: OpaquePointer, run: @escaping @convention(c) (OpaquePointer, Int64) -> UInt64,
      free: @escaping @convention(c) (OpaquePointer) -> Void
    ) {
      self.object = object
      runFunction = run
      freeFunction = free
    }

    func run(_ amount: Int) -> UInt64 { runFunction(object, Int64(amount)) }

    deinit { freeFunction(object) }
  }
}

/// The stream that both sides of a benchmark draw from.
func benchmarkStream(_ role: UInt32) -> RandomStream {
  RandomStream(StreamKey(seed: 2006, role: StreamRole(rawValue: role)))
}

/// The order of what was served, in one word; the same as in `random.hpp`.
struct Digest {
  var word: UInt64 = 0

  mutating func add(_ time: Int64, _ what: UInt64) {
    word = ((word << 7 | word >> 57) ^ UInt64(bitPattern: time)) &+ what
  }
}

extension RandomStream {
  /// An exponential delay with a mean in seconds.
  @inline(__always)
  mutating func delay(mean: Double) -> SimulationDuration {
    SimulationDuration(seconds: exponential() * mean)
  }
}
