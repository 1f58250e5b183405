//! Rules about the card's text.
