import NNEngine

/// Stands, on every rank but the first, for a callback that writes: only rank 0 does, and what is kept of a fit has a place for each.
struct Bystander: Callback {}
