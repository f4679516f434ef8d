package import Foundation
package import ScenarioFormat
import Subprocess

/// Draws charts by vl-convert, a Python package that carries Vega-Lite and works offline.
package struct ChartRenderer: Sendable, Equatable {
  /// A drawn chart.
  package struct Picture: Sendable, Equatable {
    package var id: String
    package var svg: String
    package var png: Data
  }

  /// All charts of a report, drawn.
  package struct Drawing: Sendable, Equatable {
    /// Name and version of what drew them.
    package var renderer: String
    package var pictures: [Picture]
    /// The scripts that make charts interactive, where they were asked for.
    package var bundle: String?
  }

  /// The variable that names a Python with the package vl-convert-python.
  package static let variable = "TENANCY_VL_CONVERT"

  /// The Python interpreter that has the package: a path, or a name looked up in PATH.
  package let python: String
  /// How long it may take; a report takes a few seconds.
  let deadline: Duration

  package init(python: String, deadline: Duration = .seconds(300)) {
    self.python = python
    self.deadline = deadline
  }

  /// The renderer to try: what the variable names, else the private environment beside the
  /// program's files, else `python3` in PATH.
  package static func locate(
    environment: [String: String], installation: Installation?
  ) -> ChartRenderer {
    if let named = environment[variable], !named.isEmpty { return ChartRenderer(python: named) }
    if let installation {
      let own = home(installation) + "/bin/python"
      if FileManager.default.isExecutableFile(atPath: own) { return ChartRenderer(python: own) }
    }
    return ChartRenderer(python: "python3")
  }

  /// The private environment, where set-up makes it too.
  private static func home(_ installation: Installation) -> String {
    installation.root + "/.venv"
  }

  /// What to do where there is no renderer, as a sentence.
  package static func advice(installation: Installation?) -> String {
    guard let installation, !isCheckout(installation) else {
      return publicAdvice(installation: installation)
    }
    let home = home(installation)
    let named =
      home.unicodeScalars.allSatisfy {
        $0.properties.isAlphabetic || "0123456789/._-".unicodeScalars.contains($0)
      }
      ? home : "'" + home.replacing("'", with: "'\\''") + "'"
    return
      "charts need vl-convert; install it where it is looked for: python3 -m venv \(named) && "
      + "\(named)/bin/python -m pip install 'vl-convert-python>=1.9,<2'"
  }

  /// The same for a page that is passed on, which says nothing of this machine's folders.
  package static func publicAdvice(installation: Installation?) -> String {
    installation.map(isCheckout) ?? false
      ? "charts need vl-convert; install it with: Scripts/setup report"
      : "charts need vl-convert (`pip install 'vl-convert-python>=1.9,<2'`), in a Python that "
        + "\(variable) names"
  }

  private static func isCheckout(_ installation: Installation) -> Bool {
    FileManager.default.fileExists(atPath: installation.root + "/Scripts/setup")
  }

  /// Draws charts, in one process for all.
  ///
  /// Throws `ReportError` with the code `rendererMissing` where Python or the package is not there,
  /// `rendererFailed` where it did not draw.
  package func draw(_ charts: [Chart], withBundle: Bool) async throws -> Drawing {
    let request: JSONValue = [
      "grammar": .text(RendererScript.grammar), "bundle": .boolean(withBundle),
      "charts": .list(charts.map { ["id": .text($0.id), "specification": $0.specification] }),
    ]
    let answer = try await output(for: try request.encoded(pretty: false))
    let decoded: Answer
    do {
      decoded = try JSONDecoder().decode(Answer.self, from: answer)
    } catch {
      throw ReportError(
        .rendererFailed,
        "the renderer's answer cannot be read (\(error)); see whether "
          + "another program of that name was found", place: python)
    }
    guard decoded.charts.map(\.id) == charts.map(\.id) else {
      throw ReportError(.rendererFailed, "the renderer drew other charts than asked", place: python)
    }
    return Drawing(
      renderer: decoded.renderer,
      pictures: decoded.charts.map { Picture(id: $0.id, svg: $0.svg, png: $0.png) },
      bundle: decoded.bundle)
  }

  private struct Answer: Decodable {
    struct Entry: Decodable {
      var id: String
      var svg: String
      var png: Data
    }
    var renderer: String
    var charts: [Entry]
    var bundle: String?
  }

  private func output(for request: String) async throws -> Data {
    guard !python.contains("="), !python.hasPrefix("-") else {
      throw ReportError(
        .rendererMissing, "a Python is named by a path or a name, without '=' and a leading '-'",
        place: python)
    }
    return try await withThrowingTaskGroup(of: Data.self) { group in
      group.addTask {
        // Looked for before anything is sent: a program that ends at once says why, a broken pipe
        // does not.
        _ = try await output(of: RendererScript.probe, input: nil)
        return try await output(of: RendererScript.text, input: request)
      }
      group.addTask {
        try await Task.sleep(for: deadline)
        throw ReportError(
          .rendererFailed, "the renderer did not answer within \(deadline)", place: python)
      }
      defer { group.cancelAll() }
      guard let first = try await group.next() else { throw CancellationError() }
      return first
    }
  }

  private func output(of script: String, input: String?) async throws -> Data {
    do {
      // By way of env, which takes a path or a name looked up in PATH alike.
      let arguments: Arguments = [python, "-I", "-c", script]
      let result =
        if let input {
          try await run(
            .name("env"), arguments: arguments, input: .string(input),
            output: .data(limit: 256 << 20), error: .string(limit: 1 << 20))
        } else {
          try await run(
            .name("env"), arguments: arguments, output: .data(limit: 1 << 20),
            error: .string(limit: 1 << 20))
        }
      guard result.terminationStatus.isSuccess else {
        throw failure(result.standardError, isAbsent: result.terminationStatus == .exited(127))
      }
      return result.standardOutput
    } catch let error as ReportError {
      throw error
    } catch {
      throw ReportError(
        .rendererFailed, "the renderer could not be run (\(error))", place: python)
    }
  }

  private func failure(_ message: String, isAbsent: Bool) -> ReportError {
    if isAbsent {
      return ReportError(
        .rendererMissing, "there is no such Python; name one with \(Self.variable)", place: python)
    }
    if message.contains("ModuleNotFoundError") {
      return ReportError(
        .rendererMissing,
        "this Python has no package vl-convert-python; name one that has with \(Self.variable)",
        place: python)
    }
    let last = message.split(separator: "\n").last.map(String.init) ?? "it said nothing"
    return ReportError(.rendererFailed, "vl-convert did not draw: \(last)", place: python)
  }
}
