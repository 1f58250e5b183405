//! Positions and paths that several formats share.

use super::*;
use crate::report::findings::place::{Positions, join};

#[test]
fn a_path_is_joined_as_other_tools_write_it() {
    assert_eq!(join(".", "README.md"), "README.md");
    assert_eq!(join("", "README.md"), "README.md");
    assert_eq!(join("./models//a/", "unet/x.bin"), "models/a/unet/x.bin");
    assert_eq!(join("/srv/./a", "README.md"), "/srv/a/README.md");
    assert_eq!(join("../a", "README.md"), "../a/README.md");
}

#[test]
fn remembered_positions_equal_counted_ones() {
    let shelf = Shelf::of(&[("a", "\u{feff}日é b🤗\r\ncd\n\nxyz"), ("b", "日本語\nabc")]);
    let mut positions = Positions::default();
    // Every span of every file, first forwards, then as a jumble: each remembers the one before.
    let mut spans: Vec<Span> = Vec::new();
    for file in &shelf.0 {
        let end = file.text().len() + 2;
        spans.extend((0..end).flat_map(|start| (start..end).map(move |end| file.span(start, end))));
    }
    let jumbled = (0..spans.len()).map(|index| spans[index * 7919 % spans.len()]);
    for span in spans.iter().copied().chain(jumbled).chain(spans.iter().rev().copied()) {
        let file = &shelf.0[span.file.0 as usize];
        let counted = (file.position(span.start), file.position(span.end));
        assert_eq!(positions.of(file, span), counted, "{span:?}");
    }
}
