use super::*;

#[test]
fn scan() {
    let list = std::fs::read_to_string("/tmp/lic.txt").unwrap();
    for p in list.lines() {
        let Ok(b) = std::fs::read(p) else { continue };
        let t = String::from_utf8_lossy(&b);
        println!("{:?}\t{p}", recognise(&t).map(|r| (r.id, r.name, r.whole)));
    }
}
