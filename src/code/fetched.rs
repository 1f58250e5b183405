//! The modules that transformers and diffusers fetch with a module: those of its relative imports, as their loaders see them.

use super::Range32;

/// A relative import as the loaders read it: by its words, wherever it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// What follows the first dot: `x` of `from .x import y`, `a.x` of `from .a.x import y`.
    pub module: String,
    /// The bytes of the dots and the name.
    pub range: Range32,
}

/// How many relative imports of one module are followed.
const MAX_FETCHED: usize = 1000;

/// The relative imports of a text, in functions and conditions too (transformers 5.24, `get_relative_imports`). The loaders do
/// not see `from . import x`.
pub fn fetched(text: &str) -> Vec<Fetched> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if let Some((at, module)) = of_line(line)
            && found.len() < MAX_FETCHED
        {
            let from = (start + at) as u32;
            let range = Range32 { start: from, end: from + module.len() as u32 };
            let module = module.strip_prefix('.').unwrap_or(module).to_owned();
            found.push(Fetched { module, range });
        }
        start += line.len();
    }
    found
}

/// Dots and name of `from .x import`, and where in the line they begin.
fn of_line(line: &str) -> Option<(usize, &str)> {
    let rest = line.trim_start().strip_prefix("from")?;
    let named = rest.trim_start();
    let end = named.find(char::is_whitespace)?;
    let module = named.get(..end)?;
    let is_import = named.get(end..)?.trim_start().starts_with("import");
    let is_relative = rest.len() > named.len() && module.starts_with('.') && module.len() > 1;
    // `from .. import x` names no module.
    let has_name = module.contains(|letter: char| letter != '.');
    (is_import && is_relative && has_name).then_some((line.len() - named.len(), module))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_loaders_read_is_read() {
        let text = "import os\nfrom .a import A\n    from  .b.c import (\n  D)\nfrom . import e\n# from .f import F\nfrom ..g import G\r\nfrom h.i import J\nfromage = 1\nfrom .k\n";
        let found = fetched(text);
        let modules: Vec<&str> = found.iter().map(|import| import.module.as_str()).collect();
        assert_eq!(modules, ["a", "b.c", ".g"]);
        let written: Vec<&str> =
            found.iter().map(|import| &text[import.range.start as usize..import.range.end as usize]).collect();
        assert_eq!(written, [".a", ".b.c", "..g"]);
    }
}
