//! Makes `spdx.tsv` from the texts of the SPDX license list, which are not part of this project:
//!
//! ```text
//! SPDX_TEXTS=license-list-data/text UPDATE_TABLES=1 cargo test --lib evidence::license
//! ```

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::*;

/// The Hub's id and the SPDX id whose text it is. "Or later" has the same text.
const IDS: &[(&str, &str)] = &[
    ("afl-3.0", "AFL-3.0"),
    ("agpl-3.0", "AGPL-3.0"),
    ("apache-2.0", "Apache-2.0"),
    ("artistic-2.0", "Artistic-2.0"),
    ("bsd-2-clause", "BSD-2-Clause"),
    ("bsd-3-clause", "BSD-3-Clause"),
    ("bsd-3-clause-clear", "BSD-3-Clause-Clear"),
    ("bsl-1.0", "BSL-1.0"),
    ("c-uda", "C-UDA-1.0"),
    ("cc-by-2.0", "CC-BY-2.0"),
    ("cc-by-2.5", "CC-BY-2.5"),
    ("cc-by-3.0", "CC-BY-3.0"),
    ("cc-by-4.0", "CC-BY-4.0"),
    ("cc-by-nc-2.0", "CC-BY-NC-2.0"),
    ("cc-by-nc-3.0", "CC-BY-NC-3.0"),
    ("cc-by-nc-4.0", "CC-BY-NC-4.0"),
    ("cc-by-nc-nd-3.0", "CC-BY-NC-ND-3.0"),
    ("cc-by-nc-nd-4.0", "CC-BY-NC-ND-4.0"),
    ("cc-by-nc-sa-2.0", "CC-BY-NC-SA-2.0"),
    ("cc-by-nc-sa-3.0", "CC-BY-NC-SA-3.0"),
    ("cc-by-nc-sa-4.0", "CC-BY-NC-SA-4.0"),
    ("cc-by-nd-4.0", "CC-BY-ND-4.0"),
    ("cc-by-sa-3.0", "CC-BY-SA-3.0"),
    ("cc-by-sa-4.0", "CC-BY-SA-4.0"),
    ("cc0-1.0", "CC0-1.0"),
    ("cdla-permissive-1.0", "CDLA-Permissive-1.0"),
    ("cdla-permissive-2.0", "CDLA-Permissive-2.0"),
    ("cdla-sharing-1.0", "CDLA-Sharing-1.0"),
    ("ecl-2.0", "ECL-2.0"),
    ("epl-1.0", "EPL-1.0"),
    ("epl-2.0", "EPL-2.0"),
    ("etalab-2.0", "etalab-2.0"),
    ("eupl-1.1", "EUPL-1.1"),
    ("eupl-1.2", "EUPL-1.2"),
    ("gpl-2.0", "GPL-2.0"),
    ("gpl-3.0", "GPL-3.0"),
    ("isc", "ISC"),
    ("lgpl-2.1", "LGPL-2.1"),
    ("lgpl-3.0", "LGPL-3.0"),
    ("lgpl-lr", "LGPLLR"),
    ("lppl-1.3c", "LPPL-1.3c"),
    ("mit", "MIT"),
    ("mpl-2.0", "MPL-2.0"),
    ("ms-pl", "MS-PL"),
    ("ncsa", "NCSA"),
    ("odbl", "ODbL-1.0"),
    ("odc-by", "ODC-By-1.0"),
    ("ofl-1.1", "OFL-1.1"),
    ("osl-3.0", "OSL-3.0"),
    ("pddl", "PDDL-1.0"),
    ("postgresql", "PostgreSQL"),
    ("unlicense", "Unlicense"),
    ("wtfpl", "WTFPL"),
    ("zlib", "Zlib"),
];

/// From so many hashes on, a sample is enough.
const LONG: usize = 1000;

/// The text, and the same without what people leave out: what follows the terms, or a license appended to another.
fn variants(text: &str) -> Vec<String> {
    let mut variants = vec![text.to_owned()];
    for end in ["END OF TERMS AND CONDITIONS", "Exhibit A - Source Code", "GNU GENERAL PUBLIC LICENSE\n"] {
        if let Some(at) = text.find(end).filter(|at| *at > 1000) {
            variants.push(text[..at].to_owned());
        }
    }
    // The public code of Creative Commons 4.0, with and without the notes around it.
    if let (Some(start), Some(end)) =
        (text.find("By exercising the Licensed Rights"), text.rfind("Creative Commons is not a party"))
    {
        variants.push(text[start..end].to_owned());
    }
    variants
}

fn row(id: &str, text: &str) -> String {
    let hashes = sorted(Words::of(text).hashes());
    let every = if hashes.len() > LONG { COARSEST } else { 1 };
    let kept: Vec<u32> = sample(hashes.iter().copied(), every).collect();
    let mut row = format!("{id}\t{every}\t{}\t", kept.len());
    kept.iter().for_each(|hash| write!(row, "{hash:08x}").unwrap());
    row
}

#[test]
fn the_table_is_what_the_texts_say() {
    let mut by_id: BTreeMap<&str, usize> = BTreeMap::new();
    table().for_each(|(id, _, hashes)| {
        assert!(crate::hub::licenses::is_id(id), "{id}");
        assert!(hashes.count() > 15, "{id}");
        *by_id.entry(id).or_default() += 1;
    });
    let Some(folder) = std::env::var_os("SPDX_TEXTS") else {
        use std::io::Write as _;
        writeln!(std::io::stderr(), "SKIPPED: spdx.tsv was not made again, SPDX_TEXTS names no folder").unwrap();
        assert!(by_id.keys().eq(IDS.iter().map(|(id, _)| id)));
        return;
    };
    let mut made =
        "# Hub id, one in how many hashes is kept, how many, FNV-1a of three-word runs; from the SPDX license list 3.29\n"
            .to_owned();
    for (id, spdx) in IDS {
        // Some copies of the list name only "-only" and "-or-later", others neither, and some leave out the ending.
        let names = [format!("{spdx}.txt"), format!("{spdx}-only.txt"), (*spdx).to_owned()];
        let text = names.iter().find_map(|name| fs::read_to_string(Path::new(&folder).join(name)).ok()).unwrap();
        for variant in variants(&text) {
            made += &row(id, &variant);
            made.push('\n');
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/evidence/license/spdx.tsv");
    if std::env::var_os("UPDATE_TABLES").is_some() {
        fs::write(&path, &made).unwrap();
    }
    assert!(fs::read_to_string(&path).unwrap() == made, "spdx.tsv is not what the texts say");
}
