//! Git's configuration format: sections, keys and values (git-config, "Syntax"). Includes are not followed.

/// A configuration file.
#[derive(Debug, Default)]
pub(crate) struct Config {
    settings: Vec<Setting>,
}

#[derive(Debug)]
struct Setting {
    /// In lower case.
    section: String,
    /// As written; `origin` of `[remote "origin"]`.
    name: Option<String>,
    /// In lower case.
    key: String,
    value: String,
}

impl Config {
    /// Reads what can be read: a line that is not a setting is ignored.
    pub(crate) fn parse(text: &str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut settings = Vec::new();
        let mut section: (String, Option<String>) = Default::default();
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            let mut rest = line.trim_start();
            if let Some(header) = rest.strip_prefix('[') {
                let Some((found, after)) = parse_header(header) else { continue };
                section = found;
                rest = after.trim_start();
            }
            let end = rest.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-').unwrap_or(rest.len());
            let (key, after) = rest.split_at(end);
            if key.is_empty() {
                continue;
            }
            let value = match after.trim_start().strip_prefix('=') {
                Some(value) => parse_value(value, &mut lines),
                // A key alone means yes.
                None => "true".to_owned(),
            };
            let (section, name) = section.clone();
            settings.push(Setting { section, name, key: key.to_ascii_lowercase(), value });
        }
        Self { settings }
    }

    /// The last value of `section.key`; both in lower case.
    pub(crate) fn get(&self, section: &str, key: &str) -> Option<&str> {
        self.find(section, None, key)
    }

    /// The last value of `key` in `[section "name"]`; section and key in lower case.
    pub(crate) fn get_in(&self, section: &str, name: &str, key: &str) -> Option<&str> {
        self.find(section, Some(name), key)
    }

    fn find(&self, section: &str, name: Option<&str>, key: &str) -> Option<&str> {
        let matches = |at: &&Setting| at.section == section && at.name.as_deref() == name && at.key == key;
        self.settings.iter().rev().find(matches).map(|setting| setting.value.as_str())
    }

    /// The names `x` for which there is a setting in `[section "x"]`, in order, each once.
    pub(crate) fn names_of(&self, section: &str) -> impl Iterator<Item = &str> {
        let mut seen = std::collections::HashSet::new();
        let names = self.settings.iter().filter(move |setting| setting.section == section);
        names.filter_map(|setting| setting.name.as_deref()).filter(move |name| seen.insert(*name))
    }
}

type Header<'t> = ((String, Option<String>), &'t str);

/// What follows `[`: section and name, and the rest of the line.
fn parse_header(header: &str) -> Option<Header<'_>> {
    let end = header.find([']', '"', ' ', '\t'])?;
    let (section, rest) = header.split_at(end);
    let section = section.to_ascii_lowercase();
    if let Some(rest) = rest.strip_prefix(']') {
        return match section.split_once('.') {
            // The old form: `[remote.origin]`.
            Some((section, name)) => Some(((section.to_owned(), Some(name.to_owned())), rest)),
            None => Some(((section, None), rest)),
        };
    }
    let quoted = rest.trim_start().strip_prefix('"')?;
    let mut name = String::new();
    let mut letters = quoted.char_indices();
    loop {
        match letters.next()? {
            (at, '"') => {
                let rest = quoted.get(at + 1..)?.trim_start().strip_prefix(']')?;
                return Some(((section, Some(name)), rest));
            }
            (_, '\\') => name.push(letters.next()?.1),
            (_, letter) => name.push(letter),
        }
    }
}

/// What follows `=`, on this line and those that a backslash at the end appends.
fn parse_value<'t>(line: &'t str, lines: &mut impl Iterator<Item = &'t str>) -> String {
    let mut value = String::new();
    let mut line = Some(line.trim_start());
    let mut quoted = false;
    // Length of the value without the spaces at its end that no quotes protect.
    let mut kept = 0;
    while let Some(current) = line.take() {
        let mut letters = current.chars();
        while let Some(letter) = letters.next() {
            match letter {
                '"' => quoted = !quoted,
                '#' | ';' if !quoted => break,
                '\\' => match letters.next() {
                    None => line = lines.next(),
                    Some('n') => value.push('\n'),
                    Some('t') => value.push('\t'),
                    Some('b') => value.push('\u{8}'),
                    Some(other) => value.push(other),
                },
                other => value.push(other),
            }
            if quoted || !letter.is_whitespace() {
                kept = value.len();
            }
        }
    }
    value.truncate(kept);
    value
}
