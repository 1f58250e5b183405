//! Pickles as listings of opcodes: one a line, by its name in Python's `pickletools`, then its argument.
//!
//! A number stands as such, a name and module with a space between, a string in single quotes or as `x` and hexadecimal
//! digits. `RAW` is bytes that are not opcodes. A `;` after a space starts a comment.

use hf_release::pickle::{Argument, Opcode};

/// The bytes of a listing.
pub(crate) fn assemble(lines: &[&str]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for line in lines {
        let line = line.split(" ;").next().unwrap_or_default().trim();
        let (name, argument) = line.split_once(' ').unwrap_or((line, ""));
        match name {
            "" => {}
            "RAW" => bytes.extend(string(argument)),
            _ => push(&mut bytes, opcode(name), argument.trim()),
        }
    }
    bytes
}

fn opcode(name: &str) -> &'static Opcode {
    let found = (0..=u8::MAX).filter_map(Opcode::from_byte).find(|opcode| opcode.name == name);
    found.unwrap_or_else(|| panic!("no opcode is called `{name}`"))
}

fn push(bytes: &mut Vec<u8>, opcode: &Opcode, argument: &str) {
    bytes.push(opcode.byte);
    match opcode.argument {
        Argument::None => assert_eq!(argument, "", "{} takes no argument", opcode.name),
        Argument::Fixed(length) if opcode.name == "BINFLOAT" => {
            let number: f64 = argument.parse().unwrap();
            bytes.extend(&number.to_be_bytes()[..usize::from(length)]);
        }
        Argument::Fixed(length) => {
            let number: i64 = argument.parse().unwrap();
            bytes.extend(&number.to_le_bytes()[..usize::from(length)]);
        }
        Argument::Counted1 => counted(bytes, 1, &string(argument)),
        Argument::Counted4 | Argument::CountedSigned4 => counted(bytes, 4, &string(argument)),
        Argument::Counted8 => counted(bytes, 8, &string(argument)),
        Argument::Names => {
            let (module, name) = argument.split_once(' ').expect("a module and a name");
            bytes.extend(format!("{module}\n{name}\n").bytes());
        }
        Argument::Digits | Argument::Decimal | Argument::Quoted | Argument::Line => {
            bytes.extend(format!("{argument}\n").bytes());
        }
    }
}

fn counted(bytes: &mut Vec<u8>, width: usize, content: &[u8]) {
    bytes.extend(&(content.len() as u64).to_le_bytes()[..width]);
    bytes.extend(content);
}

fn string(text: &str) -> Vec<u8> {
    if let Some(digits) = text.strip_prefix('x') {
        let pairs = digits.as_bytes().chunks_exact(2).map(|pair| std::str::from_utf8(pair).unwrap());
        return pairs.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect();
    }
    let inside = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\''));
    inside.unwrap_or_else(|| panic!("a string in single quotes, not {text}")).as_bytes().to_vec()
}
