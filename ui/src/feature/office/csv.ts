/** A table as office software opens it: commas, quotes where needed, and a mark that says UTF-8. */
export const table = (rows: string[][]): string =>
  rows.map((row) => row.map(cell).join(',')).join('\r\n') + '\r\n';

/** A cell that begins like a formula is text all the same. */
function cell(text: string): string {
  const safe = /^[=+\-@\t]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function save(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob(['\ufeff', text], { type: 'text/csv' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
