//! Numbers as people read them.

/// Digits in groups of three: `1,235,814,400`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A number of bytes as people say it, in decimal units: `131 bytes`, `4.5 GB`.
pub fn size(bytes: u64) -> String {
    match scaled(bytes, &["kB", "MB", "GB", "TB", "PB", "EB"]) {
        None => format!("{bytes} bytes"),
        Some(scaled) => scaled,
    }
}

/// A number of parameters: `60,832`, `1,235,814,400 (1.2 B)`.
pub fn parameters(number: u64) -> String {
    let exact = grouped(number);
    match scaled(number, &["K", "M", "B", "T", "P", "E"]).filter(|_| number >= 1_000_000) {
        None => exact,
        Some(scaled) => format!("{exact} ({scaled})"),
    }
}

/// With one decimal and a unit; nothing below a thousand.
fn scaled(number: u64, units: &[&str]) -> Option<String> {
    let mut value = number as f64;
    let mut unit = None;
    for next in units {
        if value < 999.95 {
            break;
        }
        value /= 1000.0;
        unit = Some(next);
    }
    unit.map(|unit| format!("{value:.1} {unit}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_groups_and_units() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(1_235_814_400), "1,235,814,400");
        assert_eq!(size(999), "999 bytes");
        assert_eq!(size(999_960), "1.0 MB");
        assert_eq!(parameters(999_999), "999,999");
        assert_eq!(parameters(7_241_732_096), "7,241,732,096 (7.2 B)");
    }
}
