// The package manager wants a source file; all of the shim is in its header.
#include "CPrefetch.h"
