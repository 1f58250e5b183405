//! What the card's own prose shows: weak evidence, for fields that its metadata leaves out.
