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

    /// Keeps a duration that was measured elsewhere.
    pub fn took(&mut self, time: Duration) {
        self.0.push(time);
    }

    /// Keeps the durations of another.
    pub fn add(&mut self, other: Self) {
        self.0.extend(other.0);
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

/// So many pieces of work in a time.
pub struct Rate {
    name: &'static str,
    unit: &'static str,
    per_s: f64,
    ratio: Option<(f64, f64)>,
    times: Option<(Times, f64)>,
}

impl Rate {
    /// A row.
    #[allow(clippy::cast_precision_loss, reason = "counts of a measurement")]
    pub fn new(name: &'static str, unit: &'static str, many: usize, took: Duration) -> Self {
        let per_s = many as f64 / took.as_secs_f64().max(f64::EPSILON);
        Self { name, unit, per_s, ratio: None, times: None }
    }

    /// With a line to keep: this part of another rate.
    pub fn at_least(mut self, part: f64, of: &Self) -> Self {
        self.ratio = Some((self.per_s / of.per_s.max(f64::EPSILON), part));
        self
    }

    /// With the times of each piece, and a line for their 99th percentile, ms.
    pub fn with(mut self, times: Times, most_ms: f64) -> Self {
        self.times = Some((times, most_ms));
        self
    }

    fn missed(&self) -> bool {
        self.ratio.is_some_and(|(ratio, part)| ratio < part)
            || self.times.as_ref().is_some_and(|(times, most)| times.percentile_ms(99) > *most)
    }
}

/// All rates.
#[derive(Default)]
pub struct Rates(Vec<Rate>);

impl Rates {
    /// Adds a row.
    pub fn push(&mut self, rate: Rate) {
        self.0.push(rate);
    }

    /// True if a figure misses its line.
    pub fn missed(&self) -> bool {
        self.0.iter().any(Rate::missed)
    }

    /// Prints the table in Markdown.
    pub fn print(&self) {
        println!("| work | rate | of the bare rows | p50 / p99 ms | line | |\n|---|---|---|---|---|---|");
        for rate in &self.0 {
            let ratio = rate.ratio.map(|(ratio, _)| format!("{ratio:.2}")).unwrap_or_default();
            let times =
                rate.times.as_ref().map(|(t, _)| format!("{:.1} / {:.1}", t.percentile_ms(50), t.percentile_ms(99)));
            let lines = [
                rate.ratio.map(|(_, part)| format!("≥ {part}")),
                rate.times.as_ref().map(|(_, most)| format!("p99 ≤ {most} ms")),
            ];
            let line = lines.into_iter().flatten().collect::<Vec<_>>().join(", ");
            let word = if line.is_empty() {
                ""
            } else if rate.missed() {
                "missed"
            } else {
                "kept"
            };
            let times = times.unwrap_or_default();
            println!("| {} | {:.0} {} | {ratio} | {times} | {line} | {word} |", rate.name, rate.per_s, rate.unit);
        }
    }
}
