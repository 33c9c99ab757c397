//! Lists, in columns.

use std::io::{self, Write};

/// Prints rows under a heading, each column as wide as its widest cell.
pub(crate) fn print<const N: usize>(
    out: &mut impl Write,
    heading: [&str; N],
    rows: &[[String; N]],
) -> io::Result<()> {
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells
            .chain([heading[column].chars().count()])
            .max()
            .unwrap_or(0)
    };
    let widths: [usize; N] = std::array::from_fn(width);
    let heading = heading.map(str::to_owned);
    for row in std::iter::once(&heading).chain(rows) {
        let cells = row
            .iter()
            .zip(widths)
            .map(|(cell, width)| format!("{cell:width$}"));
        let line = cells.collect::<Vec<_>>().join("  ");
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let mut out = Vec::new();
        let rows = [
            ["1".to_owned(), "Café".to_owned()],
            ["10".to_owned(), "B".to_owned()],
        ];
        super::print(&mut out, ["id", "name"], &rows).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "id  name\n1   Café\n10  B\n"
        );
    }
}
