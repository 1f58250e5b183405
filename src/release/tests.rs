//! What a release promises.
