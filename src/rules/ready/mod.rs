//! Rules about whether what is pushed loads and is clean.
