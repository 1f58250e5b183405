use super::*;
#[test]
fn eyes() {
    let shelf = release();
    for style in [
        drawn(100),
        drawn(60),
        drawn(40),
        drawn(20),
        Style { graphics: Graphics::Ascii, ..drawn(80) },
        Style { graphics: Graphics::None, ..drawn(80) },
        Style { color: true, ..drawn(80) },
    ] {
        println!("=== {style:?}\n{}", print(Format::Human, style, &run(&shelf, findings(&shelf))));
    }
    for f in [Format::Concise, Format::Json, Format::Github] {
        println!("=== {f:?}\n{}", print(f, Style::PLAIN, &run(&shelf, findings(&shelf))));
    }
}
