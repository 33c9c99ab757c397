//! What was measured, as a table of Markdown that is also readable on a terminal.

/// What a value must reach.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Target {
    AtLeast(f64),
    AtMost(f64),
    /// Nothing: it is printed to be known.
    None,
}

/// A value that is judged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Judged {
    pub(super) value: f64,
    /// What follows the value, with its space: ` ×`, ` MB`, `/s`.
    pub(super) unit: &'static str,
    pub(super) target: Target,
}

/// One line of the table.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    pub(super) case: String,
    /// What was measured of Accrual.
    pub(super) measured: String,
    /// What it is compared with, measured in the same run; empty if with nothing.
    pub(super) floor: String,
    pub(super) judged: Judged,
}

/// Where the processors' time went in one case.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Cost {
    pub(super) case: String,
    /// Column by column: [`COST_COLUMNS`], without the case.
    pub(super) micros: [f64; 5],
}

/// What was found in one part of a run.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub(super) rows: Vec<Row>,
    pub(super) costs: Vec<Cost>,
}

impl Findings {
    pub(super) fn extend(&mut self, further: Self) {
        self.rows.extend(further.rows);
        self.costs.extend(further.costs);
    }
}

/// What one request cost, in microseconds of processor time.
const COST_COLUMNS: [&str; 6] = [
    "µs of processor time a request",
    "server, user",
    "server, system",
    "PostgreSQL",
    "load generator",
    "all",
];

impl Judged {
    /// How many times the floor.
    pub(super) fn ratio(value: f64, target: Target) -> Self {
        Self {
            value,
            unit: " ×",
            target,
        }
    }

    fn is_met(&self) -> Option<bool> {
        match self.target {
            Target::AtLeast(bound) => Some(self.value >= bound),
            Target::AtMost(bound) => Some(self.value <= bound),
            Target::None => None,
        }
    }

    fn cells(&self) -> [String; 3] {
        let show = |value| format!("{}{}", number(value), self.unit);
        let target = match self.target {
            Target::AtLeast(bound) => format!("≥ {}", show(bound)),
            Target::AtMost(bound) => format!("≤ {}", show(bound)),
            Target::None => "–".to_owned(),
        };
        let verdict = match self.is_met() {
            Some(true) => "met",
            Some(false) => "NOT MET",
            None => "–",
        };
        [show(self.value), target, verdict.to_owned()]
    }
}

/// The results as a table.
pub(super) fn results(rows: &[Row]) -> String {
    let header = ["case", "Accrual", "floor", "result", "target", ""].map(str::to_owned);
    let body = rows.iter().map(|row| {
        let [result, target, verdict] = row.judged.cells();
        let floor = match row.floor.as_str() {
            "" => "–",
            floor => floor,
        };
        let (case, measured) = (row.case.clone(), row.measured.clone());
        [case, measured, floor.to_owned(), result, target, verdict]
    });
    table(&header, body)
}

/// The costs as a table; empty without any.
pub(super) fn costs(costs: &[Cost]) -> String {
    if costs.is_empty() {
        return String::new();
    }
    let header = COST_COLUMNS.map(str::to_owned);
    let body = costs.iter().map(|cost| {
        let [a, b, c, d, e] = cost.micros.map(|micros| format!("{micros:.1}"));
        [cost.case.clone(), a, b, c, d, e]
    });
    table(&header, body)
}

/// How many rows miss their target, of those that have one.
pub(super) fn missed(rows: &[Row]) -> (usize, usize) {
    let judged: Vec<bool> = rows.iter().filter_map(|row| row.judged.is_met()).collect();
    (judged.iter().filter(|met| !**met).count(), judged.len())
}

/// `16,714`, `1,205`, `12.3`, `1.45`: enough digits to compare by.
pub(super) fn number(value: f64) -> String {
    if value < 10.0 {
        return format!("{value:.2}");
    }
    if value < 100.0 {
        return format!("{value:.1}");
    }
    let digits = format!("{value:.0}");
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `16,714/s`.
pub(super) fn rate(a_second: f64) -> String {
    format!("{}/s", number(a_second))
}

/// `1.45 ms`.
pub(super) fn milliseconds(seconds: f64) -> String {
    format!("{} ms", number(seconds * 1e3))
}

pub(super) fn table<const N: usize>(
    header: &[String; N],
    body: impl Iterator<Item = [String; N]>,
) -> String {
    let lines: Vec<[String; N]> = std::iter::once(header.clone()).chain(body).collect();
    let width = |column: usize| {
        let cells = lines.iter().map(|line| line[column].chars().count());
        cells.max().unwrap_or(0).max(3)
    };
    let widths: [usize; N] = std::array::from_fn(width);
    let mut text = String::new();
    for (index, line) in lines.iter().enumerate() {
        for (cell, width) in line.iter().zip(widths) {
            text.push_str(&format!("| {cell:<width$} "));
        }
        text.push_str("|\n");
        if index == 0 {
            text.push_str(
                &widths
                    .map(|width| format!("|{}", "-".repeat(width + 2)))
                    .concat(),
            );
            text.push_str("|\n");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(value: f64, target: Target) -> Row {
        Row {
            case: "sales".to_owned(),
            measured: "20,000/s".to_owned(),
            floor: String::new(),
            judged: Judged::ratio(value, target),
        }
    }

    #[test]
    fn a_target_is_met_or_it_is_not() {
        let rows = [
            row(1.45, Target::AtLeast(1.0)),
            row(2.5, Target::AtMost(2.0)),
            row(312.0, Target::None),
        ];
        assert_eq!(missed(&rows), (1, 2));
        let expected = "\
            | case  | Accrual  | floor | result | target   |         |\n\
            |-------|----------|-------|--------|----------|---------|\n\
            | sales | 20,000/s | –     | 1.45 × | ≥ 1.00 × | met     |\n\
            | sales | 20,000/s | –     | 2.50 × | ≤ 2.00 × | NOT MET |\n\
            | sales | 20,000/s | –     | 312 ×  | –        | –       |\n";
        assert_eq!(results(&rows), expected);
    }

    #[test]
    fn numbers_are_short() {
        let shown = [0.5, 12.34, 123.4, 1234.0, 1_234_567.8].map(number);
        assert_eq!(shown, ["0.50", "12.3", "123", "1,234", "1,234,568"]);
    }
}
