//! Rules about weight files.
