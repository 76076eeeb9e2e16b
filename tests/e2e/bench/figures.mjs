// Figures and the table that shows them: Markdown, as `cargo xtask bench` prints it.

const percentile = (times, percent) => {
  const sorted = [...times].sort((one, other) => one - other);
  return sorted[Math.ceil(((sorted.length - 1) * percent) / 100)];
};

/** Prints rows of `{ work, times, most_ms, baseline }` (all ms); true if a p99 is above its line. */
export function table(rows) {
  console.log('| work | n | p50 ms | p99 ms | line | × baseline (p50) | |\n|---|---|---|---|---|---|---|');
  let missed = false;
  for (const { work, times, most_ms = null, baseline = null } of rows) {
    const [half, most] = [percentile(times, 50), percentile(times, 99)];
    const over = most_ms !== null && most > most_ms;
    missed ||= over;
    const ratio = baseline ? (half / percentile(baseline, 50)).toFixed(1) : '';
    const line = most_ms === null ? ' | ' : `p99 ≤ ${most_ms} ms | `;
    const word = most_ms === null ? '' : over ? 'missed' : 'kept';
    console.log(
      `| ${work} | ${times.length} | ${half.toFixed(1)} | ${most.toFixed(1)} | ${line}${ratio} | ${word} |`,
    );
  }
  return missed;
}
