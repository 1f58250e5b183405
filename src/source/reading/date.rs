//! Dates and moments: both readers use the same pattern; only PyYAML asks whether the day exists.

/// Whether a text is `2024-01-31`, or a day and a time such as `2024-1-31T5:07:09.5 +01:00`.
pub(super) fn matches(text: &str) -> bool {
    parts(text).is_some()
}

/// Whether there is such a day, time and zone in Python's calendar.
pub(super) fn exists(text: &str) -> bool {
    let Some(parts) = parts(text) else { return false };
    let leap = parts.year.is_multiple_of(4) && (!parts.year.is_multiple_of(100) || parts.year.is_multiple_of(400));
    let days = match parts.month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => 0,
    };
    parts.year >= 1
        && (1..=days).contains(&parts.day)
        && parts.hour < 24
        && parts.minute < 60
        && parts.second < 60
        && parts.zone_minutes < 24 * 60
}

#[derive(Default)]
struct Parts {
    year: u32,
    month: u32,
    day: u32,
    hour: u32,
    minute: u32,
    second: u32,
    /// How far the zone is from UTC, without its sign.
    zone_minutes: u32,
}

/// Takes between `least` and `most` leading digits.
fn digits(text: &str, least: usize, most: usize) -> Option<(u32, usize, &str)> {
    let count = text.bytes().take(most).take_while(u8::is_ascii_digit).count();
    let number = text.get(..count)?;
    if count < least { None } else { Some((number.parse().ok()?, count, text.get(count..)?)) }
}

fn parts(text: &str) -> Option<Parts> {
    let (year, _, rest) = digits(text, 4, 4)?;
    let (month, month_digits, rest) = digits(rest.strip_prefix('-')?, 1, 2)?;
    let (day, day_digits, rest) = digits(rest.strip_prefix('-')?, 1, 2)?;
    let date = Parts { year, month, day, ..Parts::default() };
    if rest.is_empty() {
        return (month_digits == 2 && day_digits == 2).then_some(date);
    }
    let time = match rest.strip_prefix(['T', 't']) {
        Some(time) => time,
        None => rest.strip_prefix([' ', '\t'])?.trim_start_matches([' ', '\t']),
    };
    let (hour, _, rest) = digits(time, 1, 2)?;
    let (minute, _, rest) = digits(rest.strip_prefix(':')?, 2, 2)?;
    let (second, _, rest) = digits(rest.strip_prefix(':')?, 2, 2)?;
    let rest = match rest.strip_prefix('.') {
        Some(fraction) => fraction.trim_start_matches(|digit: char| digit.is_ascii_digit()),
        None => rest,
    };
    let moment = Parts { hour, minute, second, ..date };
    if rest.is_empty() {
        return Some(moment);
    }
    let zone = rest.trim_start_matches([' ', '\t']);
    if zone == "Z" {
        return Some(moment);
    }
    let (hours, _, rest) = digits(zone.strip_prefix(['+', '-'])?, 1, 2)?;
    let minutes = match rest.strip_prefix(':') {
        Some(minutes) => {
            let (minutes, _, rest) = digits(minutes, 2, 2)?;
            rest.is_empty().then_some(minutes)?
        }
        None => rest.is_empty().then_some(0)?,
    };
    Some(Parts { zone_minutes: hours * 60 + minutes, ..moment })
}
