//! Dates and times of day that are written as texts.

const DAY_S: f64 = 86_400.0;

/// Returns the seconds of a time such as `10:11:00.5`, after midnight; with a date before it, such as
/// `2019-04-10T10:11:00.5`, after the beginning of 1970. `None` when the text is no time.
pub(super) fn seconds(text: &str) -> Option<f64> {
    let text = text.trim().trim_matches(['"', '\'']).trim().trim_end_matches(['Z', 'z']);
    match text.split_once(['T', ' ']) {
        Some((date, time)) => Some(days(date)? * DAY_S + time_of_day(time.trim())?),
        None => time_of_day(text),
    }
}

/// Returns the days of a date such as `2019-04-10`, `2019/04/10`, `20190410` or `10.04.2019` after the beginning of
/// 1970. `None` when the text is no date, and for `04/10/2019`, where day and month cannot be told apart.
pub(super) fn days(text: &str) -> Option<f64> {
    let text = text.trim().trim_matches(['"', '\'']);
    let is_number =
        |part: &str, width: usize| part.len() <= width && !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let parts: Vec<&str> = match text.find(['-', '/', '.']) {
        Some(at) => text.split(text[at..].chars().next()?).collect(),
        None if text.len() == 8 && text.is_ascii() => vec![&text[..4], &text[4..6], &text[6..]],
        None => return None,
    };
    let (year, month, day) = match parts[..] {
        [year, month, day] if year.len() == 4 => (year, month, day),
        // Only dates with points have the day first everywhere.
        [day, month, year] if year.len() == 4 && text.contains('.') => (year, month, day),
        _ => return None,
    };
    if !is_number(year, 4) || !is_number(month, 2) || !is_number(day, 2) {
        return None;
    }
    let (year, month, day): (i64, i64, i64) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    if !(1..=12).contains(&month) || !(1..=month_length(year, month)).contains(&day) {
        return None;
    }
    let leaps = |year: i64| year / 4 - year / 100 + year / 400;
    let before_year = 365 * (year - 1970) + leaps(year - 1) - leaps(1969);
    let before_month: i64 = (1..month).map(|month| month_length(year, month)).sum();
    Some((before_year + before_month + day - 1) as f64)
}

fn month_length(year: i64, month: i64) -> i64 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => 28 + i64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn time_of_day(text: &str) -> Option<f64> {
    let parts: Vec<&str> = text.split(':').collect();
    let (hours, minutes, seconds) = match parts[..] {
        [hours, minutes] => (hours, minutes, "0"),
        [hours, minutes, seconds] => (hours, minutes, seconds),
        _ => return None,
    };
    let is_whole = |part: &str| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_seconds =
        seconds.starts_with(|c: char| c.is_ascii_digit()) && seconds.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if !is_whole(hours) || !is_whole(minutes) || !is_seconds {
        return None;
    }
    let (hours, minutes, seconds): (f64, f64, f64) =
        (hours.parse().ok()?, minutes.parse().ok()?, seconds.parse().ok()?);
    // A leap second has number 60.
    let is_time = hours < 24.0 && minutes < 60.0 && seconds < 61.0;
    is_time.then_some(3600.0 * hours + 60.0 * minutes + seconds)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn times_are_seconds_and_dates_are_days() {
        for (text, expected) in [
            ("10:11:00.500", Some(36_660.5)),
            ("00:00", Some(0.0)),
            ("9:05:01", Some(32_701.0)),
            ("2019-04-10T10:11:00.5Z", Some(1_554_891_060.5)),
            ("2019/04/10 10:11:00.5", Some(1_554_891_060.5)),
            ("24:00:00", None),
            ("10:61", None),
            ("10:11:inf", None),
            ("10", None),
            ("", None),
        ] {
            assert_eq!(seconds(text), expected, "{text}");
        }
        for (text, expected) in [
            ("1970-01-01", Some(0.0)),
            ("2019-04-10", Some(17_996.0)),
            ("2019/4/10", Some(17_996.0)),
            ("20190410", Some(17_996.0)),
            ("10.04.2019", Some(17_996.0)),
            ("2020-02-29", Some(18_321.0)),
            ("1969-12-31", Some(-1.0)),
            ("2019-02-29", None),
            ("10/04/2019", None),
            ("10-04-2019", None),
            ("2019-13-01", None),
            ("2019", None),
            ("*", None),
        ] {
            assert_eq!(days(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in any::<String>(), near in "[-0-9:./TZ \"]{0,24}") {
            let _ = (seconds(&text), days(&text), seconds(&near), days(&near));
        }
    }
}
