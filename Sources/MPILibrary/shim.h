// CMPI includes mpi.h itself: its macros are not Swift's.
