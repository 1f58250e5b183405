//! The opcodes of a file's pickles, one after the other.

use std::io::{self, Read, Seek};

use super::{Inspected, MAX_OPCODES};
use crate::bytes::Input;
use crate::pickle::{Listing, Source};
use crate::weights::Weight;

/// Lists the opcodes of the pickles that stand in the file as they are. Those that are packed have no bytes to point at.
pub(super) fn list<R: Read + Seek>(inspected: &mut Inspected, weight: &Weight, reader: R) -> io::Result<()> {
    let mut input = Input::new(reader, inspected.size)?;
    for pickle in &weight.pickles.found {
        if !pickle.in_file {
            inspected.opcodes_left_out = Some("a packed pickle is not listed");
            continue;
        }
        for stream in &pickle.scan.streams {
            let mut source = Source::part(&mut input, stream.start, stream.end);
            for line in Listing::new(&mut source) {
                if inspected.opcodes.len() >= MAX_OPCODES {
                    inspected.opcodes_left_out = Some("the rest is not listed");
                    return Ok(());
                }
                inspected.opcodes.push(line?);
            }
        }
    }
    Ok(())
}
