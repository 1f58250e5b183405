//! The fields of a card's metadata that the Hub or its client reads: their shapes, and which field a misspelled key meant.

use super::nearest::{compact, nearest};
use super::table::{Row, Table};

const FIELDS: &str = include_str!("tables/fields.tsv");
const ALIASES: &str = include_str!("tables/field-aliases.tsv");

/// A known metadata field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// The key in the front matter.
    pub name: &'static str,
    /// What its value can be.
    pub shape: Shape,
    /// How well the shape is known.
    pub evidence: Evidence,
    /// The checklist item it serves, e.g. `discover.license`.
    pub item: &'static str,
}

/// How well a field is known, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// A message of the Hub itself: it rejects another shape.
    ServerMessage,
    /// Type definitions of the Hub's API.
    ApiTypings,
    /// The Hub's manual.
    Docs,
    /// Code of the Python client.
    Client,
}

/// The kinds of value that a field can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    String,
    /// True or false.
    Bool,
    /// A number.
    Number,
    /// Nothing.
    Null,
    /// Keys and values.
    Mapping,
    /// A list of texts.
    Strings,
    /// A list of mappings.
    Mappings,
}

impl Kind {
    const ALL: [(Self, &'static str, &'static str); 7] = [
        (Self::String, "string", "a string"),
        (Self::Bool, "bool", "true or false"),
        (Self::Number, "number", "a number"),
        (Self::Null, "null", "empty"),
        (Self::Mapping, "mapping", "a mapping"),
        (Self::Strings, "strings", "a list of strings"),
        (Self::Mappings, "mappings", "a list of mappings"),
    ];

    /// The kind in words, with its article: "a list of strings".
    #[must_use]
    pub fn words(self) -> &'static str {
        Self::ALL.iter().find(|(kind, ..)| *kind == self).map_or("", |(_, _, words)| words)
    }
}

/// What a field's value can be: one or more kinds. Its `Display` is "a string or a list of strings".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape(&'static str);

impl Shape {
    /// The kinds, the usual one first; none for a key that is not a field of the card (`arxiv`).
    pub fn kinds(self) -> impl Iterator<Item = Kind> {
        self.0.split('|').filter_map(|word| Kind::ALL.iter().find(|(_, w, _)| *w == word).map(|(kind, ..)| *kind))
    }

    /// Whether a value of this kind fits.
    #[must_use]
    pub fn allows(self, kind: Kind) -> bool {
        self.kinds().any(|k| k == kind)
    }
}

impl std::fmt::Display for Shape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (i, kind) in self.kinds().enumerate() {
            if i > 0 {
                f.write_str(" or ")?;
            }
            f.write_str(kind.words())?;
        }
        Ok(())
    }
}

/// The fields for which the Hub is known to reject a key without a value (`field_messages` in
/// `facts/project.json`). Others may be alike; no message about them is public.
const REJECTED_WHEN_EMPTY: [&str; 2] = ["datasets", "language"];

impl Field {
    /// Whether the Hub is known to reject the key without a value. An empty list is a value.
    #[must_use]
    pub fn is_rejected_when_empty(&self) -> bool {
        REJECTED_WHEN_EMPTY.contains(&self.name)
    }

    fn of(row: Row) -> Self {
        Self {
            name: row.key(),
            shape: Shape(row.column(1)),
            evidence: match row.column(2) {
                "server-message" => Evidence::ServerMessage,
                "api-typings" => Evidence::ApiTypings,
                "docs" => Evidence::Docs,
                _ => Evidence::Client,
            },
            item: row.column(3),
        }
    }
}

/// The field with this key, compared exactly.
#[must_use]
pub fn get(key: &str) -> Option<Field> {
    Table::new(FIELDS).find(key).map(Field::of)
}

/// Every known field, in alphabetical order.
#[cfg(test)]
fn all() -> impl Iterator<Item = Field> {
    Table::new(FIELDS).rows().map(Field::of)
}

/// The field that was meant by a key the Hub ignores: `licence`, `pipeline-tag`, `languages`, and the outdated `finetuned_from`
/// (which is also a known field). `None` for right keys, and for keys that people keep for themselves: the Hub accepts
/// any key, so only a near miss is worth a word.
#[must_use]
pub fn suggest(key: &str) -> Option<&'static str> {
    let aliases = Table::new(ALIASES);
    if get(key).is_some() {
        return aliases.find(key).map(|row| row.column(1));
    }
    let meant = compact(key);
    if let Some(row) = aliases.rows().find(|row| compact(row.key()) == meant) {
        return Some(row.column(1));
    }
    nearest(key, Table::new(FIELDS).rows().filter(|row| row.column(4) == "suggest").map(Row::key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes() {
        let shape = |key| get(key).unwrap().shape;
        assert_eq!(shape("license").to_string(), "a string or a list of strings");
        assert_eq!(shape("co2_eq_emissions").to_string(), "a number or a mapping");
        assert!(shape("tags").allows(Kind::Strings) && !shape("tags").allows(Kind::String));
        assert!(shape("model-index").allows(Kind::Mappings) && !shape("model-index").allows(Kind::Mapping));
        assert!(shape("inference").allows(Kind::Bool) && shape("inference").allows(Kind::Mapping));
        assert!(shape("thumbnail").allows(Kind::Null));
        assert_eq!(shape("arxiv").kinds().count(), 0);
        assert!(all().filter(|field| field.name != "arxiv").all(|field| field.shape.kinds().count() > 0));
    }

    #[test]
    fn evidence_and_items() {
        let field = |key| get(key).unwrap();
        assert_eq!(field("license").evidence, Evidence::ServerMessage);
        assert_eq!(field("model-index").evidence, Evidence::ServerMessage);
        assert_eq!(field("pipeline_tag").evidence, Evidence::Docs);
        assert_eq!(field("language_bcp47").evidence, Evidence::ApiTypings);
        assert_eq!(field("model_name").evidence, Evidence::Client);
        assert_eq!(field("license").item, "discover.license");
        assert!(Evidence::ServerMessage < Evidence::Docs);
        assert_eq!(get("License"), None);
        assert_eq!(all().count(), 34);
    }

    #[test]
    fn what_was_meant() {
        for (key, field) in [
            ("licence", "license"),
            ("License", "license"),
            ("licnese", "license"),
            ("licence_name", "license_name"),
            ("licence_link", "license_link"),
            ("pipeline-tag", "pipeline_tag"),
            ("pipeline tag", "pipeline_tag"),
            ("pipeline_tags", "pipeline_tag"),
            ("pipelinetag", "pipeline_tag"),
            ("library", "library_name"),
            ("library-name", "library_name"),
            ("libraryname", "library_name"),
            ("languages", "language"),
            ("langauge", "language"),
            ("dataset", "datasets"),
            ("base-model", "base_model"),
            ("base_models", "base_model"),
            ("finetuned_from", "base_model"),
            ("tag", "tags"),
            ("Tags", "tags"),
            ("metric", "metrics"),
            ("model_index", "model-index"),
            ("new-version", "new_version"),
            ("co2_eq_emission", "co2_eq_emissions"),
            ("base_model_relations", "base_model_relation"),
            ("extra_gated_field", "extra_gated_fields"),
            ("widgets", "widget"),
        ] {
            assert_eq!(suggest(key), Some(field), "{key}");
        }
    }

    #[test]
    fn keys_that_people_keep_for_themselves() {
        for key in [
            // Seen in published cards.
            "language",
            "license",
            "tags",
            "datasets",
            "thumbnail",
            "pipeline_tag",
            "widget",
            "library_name",
            "inference",
            "base_model",
            "metrics",
            "model-index",
            "license_link",
            "license_name",
            "extra_gated_prompt",
            "model_name",
            "pinned",
            "co2_eq_emissions",
            "eos_token",
            "programming_language",
            "language_bcp47",
            "new_version",
            "tasks",
            "duplicated_from",
            "instance_prompt",
            "base_model_relation",
            // Of Spaces and datasets.
            "title",
            "emoji",
            "colorFrom",
            "sdk",
            "sdk_version",
            "app_file",
            "task_categories",
            "task_ids",
            "pretty_name",
            "size_categories",
            "configs",
            "dataset_info",
            "annotations_creators",
            "source_datasets",
            // Own keys.
            "task",
            "model",
            "model_type",
            "model_id",
            "base",
            "version",
            "author",
            "authors",
            "name",
            "framework",
            "pipeline",
            "parameters",
            "base_model_name",
            "base_model_sha",
            "library_version",
            "license_text",
            "model_names",
            "descriptions",
            "bos_token",
            "tokenizer",
            "quantized_by",
            "created_by",
            "x",
            "",
            "gate",
            "tas",
            "region",
        ] {
            assert_eq!(suggest(key), None, "{key}");
        }
    }

    #[test]
    fn every_alias_leads_to_a_field() {
        for row in Table::new(ALIASES).rows() {
            assert!(get(row.column(1)).is_some(), "{row:?}");
            assert_eq!(suggest(row.column(1)), None, "{row:?}");
        }
    }
}
