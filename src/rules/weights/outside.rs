//! Whether a path that a file names leads outside the repository.

/// How a path leads out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Escape {
    /// `https://…`
    Url,
    /// `/…`, `\…`, `~/…`, `C:…`
    Absolute,
    /// More `..` than folders.
    Climbs,
}

impl Escape {
    /// What is wrong, said of the path.
    pub(super) fn sentence(self) -> &'static str {
        match self {
            Self::Url => "is an address on the network, not a file of the repository",
            Self::Absolute => "is a path on one machine, not in the repository",
            Self::Climbs => "leads outside the repository",
        }
    }
}

/// How a path leads out, when it is read from a folder of the repository (empty for its root). Both slashes count: Windows takes
/// the other one too.
pub(in crate::rules) fn escape(path: &str, folder: &str) -> Option<Escape> {
    let scheme = path.split_once("://").map(|(scheme, _)| scheme);
    if scheme.is_some_and(|scheme| scheme.len() > 1 && scheme.chars().all(|c| c.is_ascii_alphanumeric() || c == '+')) {
        return Some(Escape::Url);
    }
    let drive = path.get(1..2) == Some(":") && path.starts_with(|c: char| c.is_ascii_alphabetic());
    if drive || path.starts_with(['/', '\\']) || path.starts_with("~/") {
        return Some(Escape::Absolute);
    }
    let mut depth = folder.split('/').filter(|part| !part.is_empty()).count();
    for part in path.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => {
                depth = match depth.checked_sub(1) {
                    Some(depth) => depth,
                    None => return Some(Escape::Climbs),
                }
            }
            _ => depth += 1,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_leave_are_told_from_those_that_look_odd() {
        for (path, folder, expected) in [
            ("model.safetensors", "", None),
            ("./a/../b.data", "", None),
            ("..data", "", None),
            ("a..b/c...d", "", None),
            ("../x", "unet", None),
            ("../x", "", Some(Escape::Climbs)),
            ("a/../../x", "", Some(Escape::Climbs)),
            ("..\\x", "", Some(Escape::Climbs)),
            ("../../x", "unet", Some(Escape::Climbs)),
            ("/etc/passwd", "", Some(Escape::Absolute)),
            ("\\\\host\\share", "", Some(Escape::Absolute)),
            ("C:\\x", "", Some(Escape::Absolute)),
            ("c:x", "", Some(Escape::Absolute)),
            ("~/x", "", Some(Escape::Absolute)),
            ("~x", "", None),
            ("https://host/x", "", Some(Escape::Url)),
            ("file:///x", "", Some(Escape::Url)),
            ("", "", None),
        ] {
            assert_eq!(escape(path, folder), expected, "{path}");
        }
    }
}
