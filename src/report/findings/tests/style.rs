//! What the environment can say.

use super::*;

fn detect(choice: ColorChoice, is_tty: bool, env: &[(&str, &str)]) -> Style {
    let terminal = Terminal { is_tty, width: None };
    Style::detect(choice, terminal, |name| {
        env.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    })
}

#[test]
fn color_follows_choice_then_environment_then_terminal() {
    let auto = |is_tty, env: &[(&str, &str)]| detect(ColorChoice::Auto, is_tty, env).color;
    assert!(auto(true, &[]));
    assert!(!auto(false, &[]));
    assert!(!auto(true, &[("NO_COLOR", "1")]));
    assert!(!auto(true, &[("NO_COLOR", "0")]), "any value turns color off");
    assert!(auto(true, &[("NO_COLOR", "")]), "an empty value says nothing");
    assert!(auto(false, &[("CLICOLOR_FORCE", "1")]));
    assert!(!auto(false, &[("CLICOLOR_FORCE", "0")]));
    assert!(!auto(true, &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")]));
    assert!(!auto(true, &[("TERM", "dumb")]));
    assert!(!auto(true, &[("CLICOLOR", "0")]));
    assert!(detect(ColorChoice::Always, false, &[("NO_COLOR", "1"), ("TERM", "dumb")]).color);
    assert!(!detect(ColorChoice::Never, true, &[("CLICOLOR_FORCE", "1")]).color);
}

#[test]
fn graphics_follow_the_terminal_and_the_locale() {
    let graphics = |env: &[(&str, &str)]| detect(ColorChoice::Auto, true, env).graphics;
    assert_eq!(graphics(&[]), Graphics::Unicode);
    assert_eq!(graphics(&[("LANG", "de_DE.UTF-8")]), Graphics::Unicode);
    assert_eq!(graphics(&[("LANG", "C.utf8")]), Graphics::Unicode);
    assert_eq!(graphics(&[("LANG", "de_DE.UTF-8"), ("LC_ALL", "C")]), Graphics::Ascii);
    assert_eq!(graphics(&[("TERM", "dumb")]), Graphics::Ascii);
    assert_eq!(graphics(&[("NO_GRAPHICS", "1")]), Graphics::None);
    assert_eq!(graphics(&[("NO_GRAPHICS", "0")]), Graphics::Unicode);
}

#[test]
fn the_width_is_columns_then_the_terminal_then_a_default() {
    let width = |is_tty, width, columns: &str| {
        Style::detect(ColorChoice::Auto, Terminal { is_tty, width }, |name| {
            (name == "COLUMNS").then(|| columns.to_owned())
        })
        .width
    };
    assert_eq!(width(true, Some(97), "42"), 42);
    assert_eq!(width(true, Some(97), "0"), 97);
    assert_eq!(width(true, Some(97), "wide"), 97);
    assert_eq!(width(true, None, ""), 80);
    assert_eq!(width(false, None, ""), 100);
}

#[test]
fn a_format_is_named_as_it_is_written() {
    for format in Format::ALL {
        assert_eq!(format.as_str().parse(), Ok(format));
    }
    assert_eq!("xml".parse::<Format>().unwrap_err().to_string(), "`xml` is not an output format");
}
