//! The files of a release together with what their bytes are: what rules about weights walk over.

use super::{Context, Sink};
use crate::release::File;
use crate::weights::{Weight, examine};

/// A file and what its bytes are.
pub(super) struct Examined<'r> {
    /// The file.
    pub(super) file: &'r File,
    /// What its bytes are.
    pub(super) weight: Weight,
}

/// Every file that can be read. Of the others a skip says so: they were not checked.
pub(super) fn examined<'r>(cx: &Context<'r>, out: &mut Sink<'_>) -> Vec<Examined<'r>> {
    let release = cx.release();
    let mut all = Vec::new();
    for file in release.files() {
        let reader = release.reader(file.id).map_err(|error| error.to_string());
        match reader.and_then(|reader| examine(&file.path, reader, file.size).map_err(|error| error.to_string())) {
            Ok(weight) => all.push(Examined { file, weight }),
            Err(why) => out.skip(format!("{} could not be read: {why}", file.path)),
        }
    }
    all
}
