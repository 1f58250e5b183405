//! The items of the Model(s) Release Checklist: what a good release has, how it is verified, and where to do it.
//!
//! It knows the checklist's words and links. It does not know which rules serve an item; a rule names its item.

mod items;

pub use items::*;

/// How an item is verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verifier {
    /// The files of the release show it.
    Files,
    /// The files show that something is there. Only a person knows whether it is true.
    FilesThenPerson,
    /// The Hub knows: settings, other repositories, what happens after the push.
    Hub,
    /// Only a person knows.
    Person,
}

/// One item.
#[derive(Debug, PartialEq, Eq)]
pub struct Item {
    /// Stable id, such as `card.usage`; part of the JSON output.
    pub id: &'static str,
    /// What is true when the item is met.
    pub title: &'static str,
    /// Where it is explained. A path that starts with `/` belongs to the repository's own page on the Hub.
    pub link: &'static str,
    /// How it is verified.
    pub verifier: Verifier,
    /// Whether the checklist itself calls it a bonus, or it does not apply to every release.
    pub optional: bool,
}

impl Item {
    /// The link, with the repository's own page filled in when its id is known.
    pub fn link_for(&self, repo_id: Option<&str>) -> String {
        match (self.link.strip_prefix('/'), repo_id) {
            (Some(page), Some(id)) => format!("https://huggingface.co/{id}/{page}"),
            (Some(page), None) => format!("https://huggingface.co/OWNER/NAME/{page}"),
            (None, _) => self.link.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_links_absolute() {
        let mut ids: Vec<_> = ITEMS.iter().map(|item| item.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), ITEMS.len());
        for item in ITEMS {
            assert!(item.link.starts_with("https://") || item.link.starts_with('/'), "{}", item.id);
            assert!(item.title.chars().next().is_some_and(char::is_uppercase), "{}", item.id);
        }
    }

    #[test]
    fn a_settings_page_is_the_repositorys_own() {
        let public = ACCESS_VISIBILITY;
        assert_eq!(public.link_for(Some("me/model")), "https://huggingface.co/me/model/settings");
        assert_eq!(public.link_for(None), "https://huggingface.co/OWNER/NAME/settings");
    }
}
