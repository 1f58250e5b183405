//! Paths as GitHub wants them: from the root of the workspace that a workflow checked out.

use std::path::Path;

/// A path as it is seen from `GITHUB_WORKSPACE`; as the user named it outside of a workflow, or where it leads elsewhere.
pub(super) fn path(path: &Path) -> String {
    let named = || path.to_string_lossy().into_owned();
    let Some(root) = std::env::var_os("GITHUB_WORKSPACE").filter(|root| !root.is_empty()) else { return named() };
    let (Ok(root), Ok(real)) = (Path::new(&root).canonicalize(), path.canonicalize()) else { return named() };
    match real.strip_prefix(root) {
        Ok(inside) if inside.as_os_str().is_empty() => ".".to_owned(),
        Ok(inside) => inside.to_string_lossy().into_owned(),
        Err(_) => named(),
    }
}
