// Why this header exists: Swift reads GSL's headers through it, and Swift 6 refuses GSL's mutable
// global pointers (gsl_root_fsolver_brent and the like), so what the project needs of
// those is reached through static inline accessors with the prefix cgsl_.
#ifndef TENANCY_CGSL_SHIM_H
#define TENANCY_CGSL_SHIM_H

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_matrix.h>
#include <gsl/gsl_multifit.h>
#include <gsl/gsl_roots.h>
#include <gsl/gsl_vector.h>

static inline const gsl_root_fsolver_type *cgsl_root_brent(void) { return gsl_root_fsolver_brent; }

#endif
