//! Language codes: ISO 639-1, -2 (with the bibliographic and collective codes) and -3, and the Hub's own `multilingual` and
//! `code`. All are in lower case. Regional tags (`en-US`) are not codes: they belong to `language_bcp47`.

use super::table::Table;

const LANGUAGES: &str = include_str!("tables/languages.tsv");
const ALIASES: &str = include_str!("tables/language-aliases.tsv");

/// The English name of the language with this code, compared exactly; `None` when the Hub has no name to show for it.
/// The codes reserved for local use (`qaa` to `qtz`) name no language.
#[must_use]
pub fn name(code: &str) -> Option<&'static str> {
    Table::new(LANGUAGES).find(code).map(|row| row.column(1))
}

/// The code that a text is, in any case; `None` for a name.
#[must_use]
pub fn code(text: &str) -> Option<&'static str> {
    Table::new(LANGUAGES).find(&text.to_lowercase()).map(|row| row.key())
}

/// The code of a language that is written out (`English`, `deutsch`, `Mandarin`) or under a wrong code (`jp`), in any case.
/// The two-letter code where there is one (ask [`suggest`] for a value that may be a code: there is a language called En); `None` when the name is unknown or has several languages.
#[must_use]
pub fn by_name(name: &str) -> Option<&'static str> {
    let name = name.trim().to_lowercase();
    if let Some(alias) = Table::new(ALIASES).find(&name) {
        return Some(alias.column(1));
    }
    let mut found: Option<&'static str> = None;
    for row in Table::new(LANGUAGES).rows().filter(|row| same(row.column(1), &name)) {
        match found {
            None => found = Some(row.key()),
            Some(code) if row.key().len() < code.len() => found = Some(row.key()),
            Some(code) if row.key().len() > code.len() => {}
            Some(_) => return None,
        }
    }
    found
}

/// Codes that ISO 639 withdrew, and what replaced them; tokenizers such as Whisper's still write some
/// (ISO 639-1 and 639-3 registration authorities, changes of 1989, 2008 and 2023).
const WITHDRAWN: [(&str, &str); 6] =
    [("ajp", "apc"), ("in", "id"), ("iw", "he"), ("ji", "yi"), ("jw", "jv"), ("mo", "ro")];

/// Whether a text was once the code of a language, and was withdrawn.
#[must_use]
pub fn is_withdrawn(text: &str) -> bool {
    WITHDRAWN.iter().any(|(old, _)| *old == text)
}

/// The code that was probably meant by a wrong value: lower case (`EN`), a code that was withdrawn, or a name. `None`
/// for codes and regional tags.
#[must_use]
pub fn suggest(text: &str) -> Option<&'static str> {
    if name(text).is_some() {
        return None;
    }
    let lower = text.trim().to_lowercase();
    let withdrawn = || WITHDRAWN.iter().find(|(old, _)| *old == lower).map(|(_, new)| *new);
    Table::new(LANGUAGES).find(&lower).map(|row| row.key()).or_else(withdrawn).or_else(|| by_name(&lower))
}

/// The language of a regional tag: `en` for `en-US`, `zh` for `zh_hant`. `None` when the text is not a known code, a hyphen (or
/// underscore) and more.
#[must_use]
pub fn of_regional_tag(tag: &str) -> Option<&'static str> {
    let (code, region) = tag.split_once(['-', '_'])?;
    let tag_like = !region.is_empty() && region.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    let code = code.to_lowercase();
    Table::new(LANGUAGES).find(&code).filter(|_| tag_like && code.len() <= 3).map(|row| row.key())
}

/// Languages of two letters that are not a region's code (ISO 3166-1) and that cards join to another: Hinglish is `hi-en`.
const NO_REGIONS: [&str; 11] = ["cs", "da", "el", "en", "fa", "hi", "ja", "ko", "te", "ur", "zh"];

/// A language, and regions where it is official whose codes are those of other languages, too (Unicode CLDR 47, territory
/// information): `pt-br` is Portuguese of Brazil, not Portuguese and Breton.
const REGIONS: [&str; 54] = [
    "ar-ae", "ar-bh", "ar-dz", "ar-kw", "ar-lb", "ar-om", "ar-ps", "ar-sa", "ar-sd", "ar-tn", "bs-ba", "de-be",
    "de-ch", "de-li", "de-lu", "el-cy", "en-ca", "en-ie", "en-ng", "en-sg", "en-za", "es-ar", "es-bo", "es-co",
    "es-cr", "es-cu", "es-pa", "es-sv", "es-ve", "et-ee", "fa-af", "fr-be", "fr-ca", "fr-ch", "fr-lu", "ga-ie",
    "hr-ba", "hy-am", "it-ch", "ko-kr", "lo-la", "ms-bn", "ms-my", "ms-sg", "nb-no", "nl-be", "nn-no", "ps-af",
    "pt-br", "sl-si", "sr-ba", "sv-se", "zh-sg", "zh-tw",
];

/// The second of two languages in `hi-en`, where a region would stand.
#[must_use]
pub fn second_language(tag: &str) -> Option<&'static str> {
    let (_, second) = tag.split_once(['-', '_'])?;
    NO_REGIONS.into_iter().find(|code| second.eq_ignore_ascii_case(code))
}

/// Whether a regional tag may as well be two languages: `en-de` may be English of Germany or a translator's pair.
/// `en-DE` is written as regions are.
#[must_use]
pub fn may_be_two_languages(tag: &str) -> bool {
    let Some((first, region)) = tag.split_once(['-', '_']) else { return false };
    let is_written_as_region = first == first.to_lowercase() && region.chars().all(|c| c.is_ascii_uppercase());
    let (code, second) = (first.to_lowercase(), region.to_lowercase());
    let is_language = region.len() == 2 && second != code && name(&second).is_some();
    is_language && !is_written_as_region && !REGIONS.contains(&format!("{code}-{second}").as_str())
}

/// Whether the Hub may take a text that is not a code: of unlisted ones with three letters, and of withdrawn ones, no
/// message is public.
#[must_use]
pub fn may_be_accepted(text: &str) -> bool {
    is_withdrawn(text) || (text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_lowercase()))
}

/// Whether `listed` is `lower` when case does not count. Allocates only for names that are not ASCII.
fn same(listed: &str, lower: &str) -> bool {
    listed.eq_ignore_ascii_case(lower) || (!listed.is_ascii() && listed.to_lowercase() == lower)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_every_part_of_the_standard() {
        for (code, english) in [
            ("en", "English"),
            ("zh", "Chinese"),
            ("deu", "German"),
            ("ger", "German"),
            ("fre", "French"),
            ("chi", "Chinese"),
            ("cmn", "Mandarin Chinese"),
            ("ber", "Berber languages"),
            ("cel", "Celtic languages"),
            ("roa", "Romance languages"),
            ("mul", "Multiple languages"),
            ("yue", "Yue Chinese"),
            ("no", "Norwegian"),
        ] {
            assert_eq!(name(code), Some(english), "{code}");
        }
        assert!(name("multilingual").is_some() && name("code").is_some());
        for none in ["EN", "En", "english", "en-US", "zh-cn", "jp", "qaa", "qaa-qtz", "xx", "", "e", " en"] {
            assert_eq!(name(none), None, "{none}");
        }
    }

    #[test]
    fn names_prefer_two_letters() {
        for (text, code) in [
            ("english", "en"),
            ("English", "en"),
            ("GERMAN", "de"),
            ("Chinese", "zh"),
            ("mandarin", "zh"),
            ("Norwegian", "no"),
            ("Berber languages", "ber"),
            ("aasáx", "aas"),
            ("AASÁX", "aas"),
            ("Français", "fr"),
            ("日本語", "ja"),
            ("jp", "ja"),
        ] {
            assert_eq!(by_name(text), Some(code), "{text}");
        }
        for text in ["", "Klingonese", "Englsh", "languages"] {
            assert_eq!(by_name(text), None, "{text}");
        }
    }

    #[test]
    fn what_was_meant() {
        assert_eq!(suggest("EN"), Some("en"), "the code, not the language that is called En");
        assert_eq!(suggest("Multilingual"), Some("multilingual"));
        assert_eq!(suggest("English"), Some("en"));
        for (old, new) in WITHDRAWN {
            assert!(name(new).is_some() && name(old).is_none(), "{old}");
            assert_eq!(suggest(old), Some(new));
        }
        assert_eq!(suggest("en"), None);
        assert_eq!(suggest("en-US"), None);
        assert_eq!(suggest("xx"), None);
    }

    #[test]
    fn regional_tags() {
        assert_eq!(of_regional_tag("en-US"), Some("en"));
        assert_eq!(of_regional_tag("zh-cn"), Some("zh"));
        assert_eq!(of_regional_tag("zh_Hant_TW"), Some("zh"));
        for none in ["en", "en-", "xx-US", "code-switching", "en-some text", "-us", "multilingual-e5"] {
            assert_eq!(of_regional_tag(none), None, "{none}");
        }
    }

    #[test]
    fn a_region_or_a_second_language() {
        for tag in ["pt-br", "zh_TW", "fr-ca", "en-us", "en-DE", "zh-hant", "es-419", "PT-BR", "pt-pt", "en"] {
            assert!(!may_be_two_languages(tag) && second_language(tag).is_none(), "{tag}");
        }
        for tag in ["en-de", "de_fr", "EN-DE", "en-es"] {
            assert!(may_be_two_languages(tag), "{tag}");
        }
        assert_eq!((second_language("hi-en"), second_language("zh_EN")), (Some("en"), Some("en")));
        assert!(
            REGIONS.is_sorted() && REGIONS.iter().all(|tag| name(&tag[..2]).is_some() && name(&tag[3..]).is_some())
        );
    }

    #[test]
    fn every_alias_leads_to_a_code_and_is_none() {
        for row in Table::new(ALIASES).rows() {
            assert!(name(row.column(1)).is_some(), "{row:?}");
            assert!(name(row.key()).is_none(), "{row:?}");
            assert_eq!(row.key(), row.key().to_lowercase());
        }
    }
}
