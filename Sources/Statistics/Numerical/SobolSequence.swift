import CGSL

/// Sobol's quasi-random sequence in the unit cube: points that fill it more evenly than chance.
///
/// For sensitivity designs and integration, not for simulation. Source: GSL's implementation after
/// Antonov and Saleev (1979) and Bratley and Fox, ACM TOMS 14(1), 1988. The point at the origin is
/// left out, so the first is (0.5, ..., 0.5).
public struct SobolSequence: ~Copyable {
  /// The largest number of dimensions.
  public static let maximumDimensions = 40

  /// The number of coordinates of a point.
  public let dimensions: Int
  private let handle: UnsafeMutablePointer<gsl_qrng>

  /// Starts the sequence in 1 to 40 dimensions.
  public init(dimensions: Int) throws(StatisticsError) {
    let place = "SobolSequence(dimensions:)"
    guard dimensions >= 1, dimensions <= SobolSequence.maximumDimensions else {
      throw StatisticsError(
        .invalidParameter,
        "\(dimensions) dimensions; give 1 to \(SobolSequence.maximumDimensions)", at: place)
    }
    GSL.prepare()
    handle = try GSL.allocated(gsl_qrng_alloc(cgsl_qrng_sobol(), UInt32(dimensions)), at: place)
    self.dimensions = dimensions
  }

  deinit { gsl_qrng_free(handle) }

  /// The next point, each coordinate in (0, 1).
  public mutating func next() throws(StatisticsError) -> [Double] {
    var status: Int32 = 0
    let handle = handle
    let point = [Double](unsafeUninitializedCapacity: dimensions) { buffer, count in
      buffer.initialize(repeating: 0)
      status = gsl_qrng_get(handle, buffer.baseAddress)
      count = buffer.count
    }
    try GSL.check(status, at: "SobolSequence.next()")
    return point
  }
}
