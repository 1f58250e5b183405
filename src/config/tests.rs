//! Which rules a selection leaves.

use super::*;
use crate::rules::RULES;

fn select(select: &[&str], ignore: &[&str]) -> Result<Vec<&'static str>, SelectionError> {
    let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let selection = Selection::new(&owned(select), &owned(ignore))?;
    Ok(selection.rules().iter().map(|rule| rule.meta().name).collect())
}

#[test]
fn rules_are_selected_by_name_and_by_section() {
    assert_eq!(select(&[], &[]).unwrap().len(), RULES.len());
    assert_eq!(select(&["unknown-license"], &[]).unwrap(), ["unknown-license"]);
    let metadata = select(&["metadata"], &[]).unwrap();
    assert!(metadata.contains(&"unknown-license") && !metadata.contains(&"pickle-weights"));
    assert!(!select(&["metadata"], &["unknown-license"]).unwrap().contains(&"unknown-license"));
    assert_eq!(select(&["unknown-license"], &["metadata"]), Err(SelectionError::Empty));
}

#[test]
fn a_name_that_does_not_exist_is_an_error_with_a_suggestion() {
    let error = select(&["unknown-licence"], &[]).unwrap_err();
    assert_eq!(error.help(), "Did you mean `unknown-license`?");
    let error = select(&[], &["Unknown_License"]).unwrap_err();
    assert_eq!(error.help(), "Did you mean `unknown-license`?");
    let error = select(&["zzz"], &[]).unwrap_err();
    assert_eq!(error.help(), "Run `hf-release rules` for the list of rules.");
}
