#include <zlib.h>

// The macro is not visible from Swift. 15 bits of window, and the gzip format alone.
static inline int zlib_begin_gunzip(z_stream *stream) { return inflateInit2(stream, 15 + 16); }
