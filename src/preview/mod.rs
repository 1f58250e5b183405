//! What the model's page on the Hub will show after the push, as far as public sources tell: each area with its value,
//! what that follows from, and what it depends on.
//!
//! This module reads the card as the Hub does, so a placeholder is shown like any other word; what is wrong with a value
//! is for rules to say. Each area has a public source in [`crate::hub::page`]. Where no source says what happens, the area
//! is [`State::Unknown`], and nothing is guessed. It prints nothing.

mod apps;
mod areas;
mod files;
mod identity;
mod lineage;
mod links;
mod rejection;
mod settings;
mod shown;
#[cfg(test)]
mod tests;
mod values;

pub use areas::Area;
pub use rejection::Rejection;
pub use shown::{Origin, Shown, State};
pub use values::{
    App, Code, Downloads, Examples, Gate, License, Named, Notebook, Parameters, Pickles, Results, Tree, Version,
};

use serde::Serialize;

use crate::claims::{Context, Metadata};
use crate::draft::Material;

/// Where it is public how the Hub fills an area.
pub fn source(area: &str) -> Option<&'static str> {
    crate::hub::page::source(area)
}

/// More values of one field, or files of one kind, are not listed.
pub const MAX_LISTED: usize = 100;

/// The page, area by area. The names of the fields are those of the JSON format.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // `areas` has the title of each
pub struct Page {
    pub card: Shown<String>,
    pub task: Shown<Named>,
    pub library: Shown<Named>,
    pub snippet: Shown<Code>,
    pub local_apps: Shown<Vec<App>>,
    pub license: Shown<Vec<License>>,
    pub languages: Shown<Vec<Named>>,
    pub tags: Shown<Vec<String>>,
    pub model_tree: Shown<Tree>,
    pub new_version: Shown<Version>,
    pub datasets: Shown<Vec<String>>,
    pub papers: Shown<Vec<String>>,
    pub results: Shown<Results>,
    pub parameters: Shown<Parameters>,
    pub downloads: Shown<Downloads>,
    pub security: Shown<Pickles>,
    pub gallery: Shown<Vec<String>>,
    pub training_metrics: Shown<Vec<String>>,
    pub notebooks: Shown<Notebook>,
    pub widget: Shown<Examples>,
    pub gate: Shown<Gate>,
    pub audience: Shown<bool>,
}

impl Page {
    /// The page that these files would have.
    pub fn read(cx: &Context<'_>) -> Self {
        let stated = Metadata::of(cx.card());
        let library = identity::library(cx, stated);
        let task = identity::task(cx, stated, &library);
        let material = material(cx, stated, &library, &task);
        Self {
            card: identity::card(cx),
            snippet: identity::snippet(&material, &library, &stated.texts("tags")),
            local_apps: apps::local_apps(cx, stated, &library, &task),
            license: identity::license(stated),
            languages: identity::languages(stated),
            tags: identity::tags(stated),
            model_tree: lineage::tree(cx, stated),
            new_version: lineage::new_version(cx, stated),
            datasets: links::datasets(stated),
            papers: links::papers(cx),
            results: links::results(cx, stated),
            parameters: files::parameters(&material),
            downloads: files::downloads(cx, stated, &library),
            security: files::security(cx),
            gallery: links::gallery(cx, stated),
            training_metrics: files::training_metrics(cx),
            notebooks: files::notebooks(cx, &library),
            widget: settings::widget(stated),
            gate: settings::gate(stated),
            audience: settings::audience(stated),
            task,
            library,
        }
    }
}

/// What code for the page is made of: what the page knows, and not what the files would show.
fn material<'a>(
    cx: &'a Context<'_>,
    stated: Metadata<'a>,
    library: &'a Shown<Named>,
    task: &'a Shown<Named>,
) -> Material<'a> {
    let of_files = Material::of_files(cx.subject());
    Material {
        library: library.certain().map(|library| library.id.as_str()),
        task: task.certain().map(|task| task.id.as_str()).or(of_files.task),
        base_model: stated.texts("base_model").into_iter().next().or(of_files.base_model),
        ..of_files
    }
}
