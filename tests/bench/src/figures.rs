//! Figures and the table that shows them.

use std::time::{Duration, Instant};

/// Times of one piece of work, many times over.
#[derive(Clone, Debug, Default)]
pub struct Times(Vec<Duration>);

impl Times {
    /// Times `work` and keeps the duration.
    pub fn time<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let outcome = work();
        self.0.push(start.elapsed());
        outcome
    }

    /// The time that `percent` of the runs did not exceed, ms.
    pub fn percentile_ms(&self, percent: usize) -> f64 {
        let mut sorted = self.0.clone();
        sorted.sort();
        let at = (sorted.len().saturating_sub(1) * percent).div_ceil(100);
        sorted.get(at).map_or(0.0, Duration::as_secs_f64) * 1_000.0
    }
}

/// One row of the table.
pub struct Line {
    name: &'static str,
    times: Times,
    limit: Option<(usize, f64)>,
    ratio: Option<f64>,
}

impl Line {
    /// A row.
    pub fn new(name: &'static str, times: Times) -> Self {
        Self { name, times, limit: None, ratio: None }
    }

    /// With a line to keep: the percentile, in ms.
    pub fn at_most_ms(mut self, percent: usize, ms: f64) -> Self {
        self.limit = Some((percent, ms));
        self
    }

    /// With the ratio of medians to a baseline of the same run.
    pub fn against(mut self, baseline: &Times) -> Self {
        self.ratio = Some(self.times.percentile_ms(50) / baseline.percentile_ms(50).max(f64::EPSILON));
        self
    }

    fn missed(&self) -> bool {
        self.limit.is_some_and(|(percent, ms)| self.times.percentile_ms(percent) > ms)
    }
}

/// All rows.
#[derive(Default)]
pub struct Table(Vec<Line>);

impl Table {
    /// Adds a row.
    pub fn push(&mut self, line: Line) {
        self.0.push(line);
    }

    /// True if a figure misses its line.
    pub fn missed(&self) -> bool {
        self.0.iter().any(Line::missed)
    }

    /// Prints the table in Markdown.
    pub fn print(&self) {
        println!("| work | p50 ms | p99 ms | line | × baseline (p50) | |\n|---|---|---|---|---|---|");
        for line in &self.0 {
            let limit = line.limit.map(|(percent, ms)| format!("p{percent} ≤ {ms} ms")).unwrap_or_default();
            let ratio = line.ratio.map(|r| format!("{r:.1}")).unwrap_or_default();
            let word = match line.limit {
                None => "",
                Some(_) if line.missed() => "missed",
                Some(_) => "kept",
            };
            let (half, most) = (line.times.percentile_ms(50), line.times.percentile_ms(99));
            println!("| {} | {half:.2} | {most:.2} | {limit} | {ratio} | {word} |", line.name);
        }
    }
}
