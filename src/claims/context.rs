//! The card of a release, next to what the files show.

use std::cell::OnceCell;

use super::content::Content;
use super::leftovers::Leftover;
use super::misplaced::Misplaced;
use crate::card::Card;
use crate::card::front_matter::{Fence, Field, FrontMatter};
use crate::configs::Configs;
use crate::evidence::{Facts, Subject, Weights};
use crate::hub::fields;
use crate::release::Release;
use crate::source::tree::{NodeId, NodeRef};
use crate::source::{FileId, RepoPath, SourceFile};

/// The card's name: exact case, at the root, or the Hub does not see it.
pub const README: &str = "README.md";

/// A release with its card. While fixes are tried out, the card is a text in memory and the rest is what lies on disk.
pub struct Context<'a> {
    subject: &'a Subject<'a>,
    readme: Option<&'a SourceFile>,
    readme_path: RepoPath,
    card: OnceCell<Option<Card<'a>>>,
    misspelled: OnceCell<Vec<(NodeId, NodeId, &'static str)>>,
    misplaced: OnceCell<Option<Misplaced>>,
    leftovers: OnceCell<Vec<Leftover>>,
    content: OnceCell<Content>,
    space: OnceCell<Option<&'static str>>,
}

/// What `sdk` says in the card of a Space (hub-docs, spaces-config-reference).
const SPACE_SDKS: [&str; 4] = ["gradio", "streamlit", "docker", "static"];

/// How many unknown keys are compared with the known ones, which costs more than to look at them. No honest card has
/// a tenth of this.
pub const MAX_COMPARED_KEYS: usize = 1000;

impl<'a> Context<'a> {
    /// A release as it lies on disk.
    pub fn new(subject: &'a Subject<'a>) -> Self {
        // A pointer is not the card: `lfs-pointer` speaks of it, and the card is unknown.
        let file = subject.release().find(README).filter(|file| file.lfs.is_none());
        let readme = file.and_then(|file| subject.release().text(file.id).ok());
        Self::with_readme(subject, readme)
    }

    /// A release whose card is `readme`, whatever lies on disk.
    pub fn with_readme(subject: &'a Subject<'a>, readme: Option<&'a SourceFile>) -> Self {
        Self {
            subject,
            readme,
            readme_path: RepoPath::new(README),
            card: OnceCell::new(),
            misspelled: OnceCell::new(),
            misplaced: OnceCell::new(),
            leftovers: OnceCell::new(),
            content: OnceCell::new(),
            space: OnceCell::new(),
        }
    }

    /// The id of a card that is not on disk yet.
    pub fn id_for_new_readme(release: &Release) -> FileId {
        FileId(release.files().len() as u32)
    }

    /// The release and what its files show.
    pub fn subject(&self) -> &'a Subject<'a> {
        self.subject
    }

    /// The files that would be pushed.
    pub fn release(&self) -> &'a Release {
        self.subject.release()
    }

    /// The path of a file.
    pub fn path(&self, id: FileId) -> Option<&RepoPath> {
        match self.readme {
            Some(readme) if readme.id() == id => Some(&self.readme_path),
            _ => self.release().file(id).map(|file| &file.path),
        }
    }

    /// README.md as text; nothing when it is absent, unreadable or a git-lfs pointer.
    pub fn readme(&self) -> Option<&'a SourceFile> {
        self.readme
    }

    /// The card; nothing when there is no readable README.md.
    pub fn card(&self) -> Option<&Card<'a>> {
        self.card.get_or_init(|| self.readme.map(Card::parse)).as_ref()
    }

    /// The card's metadata block, where the Hub sees one.
    pub fn front_matter(&self) -> Option<&FrontMatter> {
        self.card().map(|card| &card.front_matter).filter(|found| matches!(found.fence, Fence::Block(_)))
    }

    /// The metadata block, when its whole content could be read: only then is a key that is not there absent.
    pub fn whole_front_matter(&self) -> Option<&FrontMatter> {
        self.front_matter()
            .filter(|found| found.errors.is_empty() && found.tree.root().is_some_and(NodeRef::is_mapping))
    }

    /// The `sdk` of a Space, where the card is one: the repository of an app, which no rule about a model's card fits. With
    /// weights in it, it is a model's all the same.
    pub fn space(&self) -> Option<&'static str> {
        let find = || {
            let said = self.front_matter()?.get("sdk")?.value.text()?;
            let sdk = SPACE_SDKS.into_iter().find(|sdk| *sdk == said)?;
            self.weights().files().next().is_none().then_some(sdk)
        };
        *self.space.get_or_init(find)
    }

    /// The fields whose key was meant to be another one, and that one: `licence`, `license`.
    pub fn misspelled(&self) -> impl Iterator<Item = (Field<'_>, &'static str)> {
        let tree = self.front_matter().map(|matter| &matter.tree);
        let found = self.misspelled.get_or_init(|| {
            let fields = self.front_matter().into_iter().flat_map(FrontMatter::fields);
            // An old name of a known field is known, and meant to be the new one all the same.
            let compared = fields.filter_map(|field| Some((field, field.key.text()?))).take(MAX_COMPARED_KEYS);
            compared
                .filter_map(|(field, key)| Some((field.key.id(), field.value.id(), fields::suggest(key)?)))
                .collect()
        });
        found.iter().filter_map(move |(key, value, meant)| {
            let tree = tree?;
            Some((Field { key: tree.node(*key)?, value: tree.node(*value)? }, *meant))
        })
    }

    /// Metadata that stands where the Hub does not look for it.
    pub(crate) fn misplaced(&self) -> Option<&Misplaced> {
        self.misplaced.get_or_init(|| Misplaced::of(self.card()?)).as_ref()
    }

    /// Which parts of the card's body say something.
    pub(crate) fn content(&self) -> &Content {
        self.content.get_or_init(|| self.card().map(|card| Content::of(card.body())).unwrap_or_default())
    }

    /// What templates left in the card's body.
    pub(crate) fn leftovers(&self) -> &[Leftover] {
        self.leftovers.get_or_init(|| self.card().map(Leftover::all).unwrap_or_default())
    }

    /// config.json and its relatives.
    pub fn configs(&self) -> &Configs<'a> {
        self.subject.configs()
    }

    /// Every file by content.
    pub fn weights(&self) -> &Weights<'a> {
        self.subject.weights()
    }

    /// What the files prove.
    pub fn facts(&self) -> &Facts {
        self.subject.facts()
    }
}
