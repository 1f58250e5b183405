//! What the formats promise.
