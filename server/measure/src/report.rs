//! Tables in Markdown, ready for `docs/measurements.md`.

/// A table that is printed row by row.
pub struct Table {
    rows: Vec<Vec<String>>,
}

impl Table {
    /// A table with these columns; the first one holds words, the others numbers.
    pub fn new(columns: &[&str]) -> Table {
        Table { rows: vec![columns.iter().map(ToString::to_string).collect()] }
    }

    /// Adds a row.
    pub fn row(&mut self, cells: &[String]) {
        self.rows.push(cells.to_vec());
    }

    /// Prints it.
    pub fn print(&self) {
        let columns = self.rows.first().map_or(0, Vec::len);
        let width = |c: usize| self.rows.iter().filter_map(|r| r.get(c)).map(|t| t.chars().count()).max();
        let widths: Vec<usize> = (0..columns).map(|c| width(c).unwrap_or(0).max(4)).collect();
        for (i, row) in self.rows.iter().enumerate() {
            let cells: Vec<String> = row
                .iter()
                .zip(&widths)
                .enumerate()
                .map(|(c, (text, width))| match c {
                    0 => format!("{text:<width$}"),
                    _ => format!("{text:>width$}"),
                })
                .collect();
            println!("| {} |", cells.join(" | "));
            if i == 0 {
                let lines: Vec<String> = widths
                    .iter()
                    .enumerate()
                    .map(|(c, width)| match c {
                        0 => "-".repeat(*width),
                        _ => format!("{}:", "-".repeat(width - 1)),
                    })
                    .collect();
                println!("| {} |", lines.join(" | "));
            }
        }
    }
}

/// What is printed above every table.
pub fn head(bench: &str, args: &crate::Args) {
    println!("\n`cargo xtask bench {}`", format!("{bench} {}", args.shown()).trim());
    println!("{}\n", crate::machine::facts());
}

/// The value below which a share of sorted values lies.
pub fn percentile(sorted: &[u32], share: f64) -> f64 {
    let at = ((sorted.len() as f64 * share).ceil() as usize).clamp(1, sorted.len().max(1)) - 1;
    sorted.get(at).copied().map_or(0.0, f64::from)
}

/// The middle one.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}
