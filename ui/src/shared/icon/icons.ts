/** Drawings on a 24 × 24 field, stroked in the current colour; see `Icon.svelte`. */
export const icons = {
  absent:
    '<rect x="3.5" y="3.5" width="17" height="17" rx="4"/><path d="M9.2 7 6.8 11.6M8.2 10v7.4M11 10.4h6.6M14.3 7v10.4M14 11.4c-.6 2-1.6 3.4-3 4.4M14.6 11.4c.6 2 1.6 3.4 3 4.4" stroke-width="1.5"/>',
  alert: '<path d="M12 3.8 21.4 20H2.6L12 3.8Z"/><path d="M12 10v4.6M12 17.2v.1" stroke-width="2.4"/>',
  back: '<path d="m14.8 5-7 7 7 7"/>',
  bell: '<path d="M6 16.8V11a6 6 0 0 1 12 0v5.8l1.6 1.6H4.4L6 16.8ZM10 21h4M12 3v2"/>',
  bulb: '<path d="M8.8 15.4a6.2 6.2 0 1 1 6.4 0c-.5.5-.7 1-.7 1.8h-5c0-.8-.2-1.3-.7-1.8ZM9.8 20.6h4.4"/>',
  calendar:
    '<rect x="3.6" y="5" width="16.8" height="15.4" rx="2.4"/><path d="M3.8 10h16.4M8.2 3v4M15.8 3v4"/>',
  card: '<rect x="3" y="5.4" width="18" height="13.2" rx="2.4"/><path d="M6.4 9.4h4v4h-4zM13.6 9.6h4M13.6 13h4M6.4 16h11.2"/>',
  chart: '<path d="M4 20h16.4M6.6 16.8v-5M12 16.8V6.4M17.4 16.8v-8"/>',
  check: '<path d="m5 12.6 4.6 4.6L19.2 7"/>',
  clash: '<circle cx="9" cy="12" r="6.2"/><circle cx="15" cy="12" r="6.2"/>',
  clock: '<circle cx="12" cy="12" r="8.6"/><path d="M12 7.2V12l3.2 2"/>',
  close: '<path d="m6 6 12 12M18 6 6 18"/>',
  down: '<path d="m5 9 7 7 7-7"/>',
  eye: '<path d="M2.8 12c2.4-4.2 5.5-6.3 9.2-6.3s6.8 2.1 9.2 6.3c-2.4 4.2-5.5 6.3-9.2 6.3S5.2 16.2 2.8 12Z"/><circle cx="12" cy="12" r="2.8"/>',
  globe:
    '<circle cx="12" cy="12" r="8.8"/><path d="M3.4 12h17.2M12 3.2c3 2.6 3.6 5.6 3.6 8.8s-.6 6.2-3.6 8.8c-3-2.6-3.6-5.6-3.6-8.8s.6-6.2 3.6-8.8Z"/>',
  grid: '<rect x="3.6" y="3.6" width="7" height="7" rx="2"/><rect x="13.4" y="3.6" width="7" height="7" rx="2"/><rect x="3.6" y="13.4" width="7" height="7" rx="2"/><rect x="13.4" y="13.4" width="7" height="7" rx="2"/>',
  handover:
    '<path d="M4 6.6h11a2 2 0 0 1 2 2v5a2 2 0 0 1-2 2H9l-4 3.6v-3.6H4a1 1 0 0 1-1-1v-7a1 1 0 0 1 1-1Z"/><path d="M20 9.4h.600a1 1 0 0 1 1 1v6.8h-1.6v2.6l-3-2.6h-4"/>',
  health:
    '<path d="M12 20 4.6 12.6a4.7 4.7 0 0 1 6.7-6.6l.7.7.7-.700a4.7 4.7 0 0 1 6.7 6.6L12 20Z"/><path d="M5.6 12.6h3l1.6-2.8 2.6 5 1.6-2.2h3.8" stroke-width="1.7"/>',
  here: '<circle cx="12" cy="12" r="9"/><path d="m8 12.4 2.8 2.8L16.2 9.4"/>',
  home: '<path d="M4 11.4 12 4.6l8 6.8M6.2 10v9.4h11.6V10M10.2 19.4v-5h3.6v5"/>',
  list: '<path d="M8.6 6h12M8.6 12h12M8.6 18h12M3.8 6h.1M3.8 12h.1M3.8 18h.1" />',
  lock: '<rect x="5" y="10.6" width="14" height="9.8" rx="2.4"/><path d="M8.2 10.4V7.8a3.8 3.8 0 0 1 7.6 0v2.6"/>',
  logo: '<circle cx="12" cy="7" r="2.3" fill="currentColor" stroke="none"/><path d="M7.4 11.2c1.2 1.3 2.8 2 4.6 2s3.4-.7 4.6-2M4.4 13.4c1.9 2.3 4.6 3.6 7.6 3.6s5.7-1.3 7.6-3.6M1.8 15.8C4.3 19 7.9 20.9 12 20.9s7.7-1.9 10.2-5.1"/>',
  many: '<path d="m3.6 6.6 1.8 1.8 3-3.4M3.6 13.8l1.8 1.8 3-3.4M12 7h8.6M12 14.2h8.6M12 20.4h8.6M3.8 20.4h4.4"/>',
  meal: '<path d="M4 11.6h16a8 8 0 0 1-4.8 7.2H8.8A8 8 0 0 1 4 11.6ZM8.4 8.4c-1-1.4 1-2 0-3.6M12 8.4c-1-1.4 1-2 0-3.6M15.6 8.4c-1-1.4 1-2 0-3.6"/>',
  message:
    '<path d="M4.6 5h14.8a1.6 1.6 0 0 1 1.6 1.6v8.8a1.6 1.6 0 0 1-1.6 1.6H11l-4.6 3.6v-3.6H4.6A1.6 1.6 0 0 1 3 15.4V6.6A1.6 1.6 0 0 1 4.6 5Z"/><path d="M7.4 9.4h9.2M7.4 12.8h5.6"/>',
  minus: '<path d="M5 12h14"/>',
  more: '<circle cx="5.6" cy="12" r="1.2" fill="currentColor"/><circle cx="12" cy="12" r="1.2" fill="currentColor"/><circle cx="18.4" cy="12" r="1.2" fill="currentColor"/>',
  nap: '<path d="M19.6 14.6A8.2 8.2 0 1 1 10 4.2a6.6 6.6 0 0 0 9.6 10.4Z"/><path d="M15.4 4.4h4.2l-4.2 4.8h4.2"/>',
  next: '<path d="m9.2 5 7 7-7 7"/>',
  note: '<path d="M6 3.6h12.4v16.8H6a2 2 0 0 1-2-2V5.6a2 2 0 0 1 2-2ZM8.2 3.8v16.4M11.6 8.4h4M11.6 12h4"/>',
  offline:
    '<path d="M2.8 9.2a13.4 13.4 0 0 1 18.4 0M6 12.8a8.8 8.8 0 0 1 12 0M9.2 16.3a4.2 4.2 0 0 1 5.6 0M12 19.8v.1" stroke-width="2"/><path d="m4 4 16 16"/>',
  out: '<circle cx="13" cy="4.6" r="1.9"/><path d="m11 9-3 2.6v3M11 9l3 .6 1.6 2.6 2.6.8M11 9l-.6 5.4 3 2.6.8 4.4M10.6 15l-1 3-2.6 3.2"/>',
  paper: '<path d="M6 3.6h8.4l4 4v12.8H6zM14 3.8v4.4h4.2M9 12.4h6.4M9 16h6.4"/>',
  people:
    '<circle cx="8.4" cy="8" r="3.2"/><path d="M2.6 19c.4-3.8 2.6-5.8 5.8-5.8s5.4 2 5.8 5.8M15.4 5a3.2 3.2 0 0 1 0 6M17 13.6c2.5.5 4.1 2.4 4.4 5.4"/>',
  phone:
    '<path d="M6.4 3.6h3l1.5 4.2-2 1.5a12.4 12.4 0 0 0 5.8 5.8l1.5-2 4.2 1.5v3a2 2 0 0 1-2.2 2A17 17 0 0 1 4.4 5.8a2 2 0 0 1 2-2.2Z"/>',
  photo:
    '<path d="M4.6 7.4h3L9 4.8h6l1.4 2.6h3a1.6 1.6 0 0 1 1.6 1.6v8.8a1.6 1.6 0 0 1-1.6 1.6H4.6A1.6 1.6 0 0 1 3 17.8V9a1.6 1.6 0 0 1 1.6-1.6Z"/><circle cx="12" cy="13" r="3.6"/>',
  pickup:
    '<circle cx="8.6" cy="7.6" r="3.4"/><path d="M2.6 19.6c.4-4 2.8-6.2 6-6.2 1.6 0 3 .5 4 1.5M14 9.2h7.2M18.6 6.4l2.6 2.8-2.6 2.8M21.4 17H14.8M17.2 14.4 14.6 17l2.6 2.6"/>',
  pill: '<rect x="2.6" y="8" width="18.8" height="8" rx="4" transform="rotate(-40 12 12)"/><path d="m9.4 9 5.2 6.1"/>',
  plus: '<path d="M12 5v14M5 12h14"/>',
  print: '<path d="M7 8.6V3.8h10v4.8M7 17H4V8.8h16V17h-3M7 14h10v6.4H7z"/>',
  room: '<rect x="3.6" y="4.6" width="16.8" height="14.8" rx="2"/><path d="M12 4.6v6.4M12 15v4.4M3.6 11H12"/>',
  search: '<circle cx="10.6" cy="10.6" r="6.6"/><path d="m15.6 15.6 5 5"/>',
  send: '<path d="M20.6 3.6 10.4 13.8M20.6 3.6l-6.2 17-4-6.8-6.8-4 17-6.2Z"/>',
  sheet: '<path d="M5 3.6h14v16.8H5zM5 9h14M5 14.6h14M10.4 9v11.4"/>',
  temperature:
    '<path d="M10 13.6V5.4a2.2 2.2 0 0 1 4.4 0v8.2a4.2 4.2 0 1 1-4.4 0Z"/><path d="M12.2 9v8" stroke-width="2.6"/>',
  undo: '<path d="M8.6 4.6 4 9l4.6 4.4M4.4 9h9.2a5.8 5.8 0 0 1 0 11.6H9"/>',
  unknown:
    '<circle cx="12" cy="12" r="9"/><path d="M9.3 9.6a2.8 2.8 0 1 1 4.2 2.4c-1 .6-1.5 1.1-1.5 2.2M12 17.2v.1"/>',
  up: '<path d="M12 20V5M5 11.5 12 4.5l7 7"/>',
  urgent:
    '<path d="M12 3.4 21.6 20.2H2.4L12 3.4Z" fill="currentColor"/><path d="M12 9.8v5M12 17.4v.1" stroke="var(--bang,#fff)" stroke-width="2.4"/>',
  walk: '<path d="M3 19.6h18M5 19.4c.6-4 2.6-6.4 5.4-6.4 3.4 0 4.2 3 4.6 6.4"/><circle cx="17.6" cy="6.6" r="2.8"/><path d="M7.6 10V6.4M5.6 7.6l2-2.4 2 2.4"/>',
  yet: '<circle cx="12" cy="12" r="8.5" stroke-dasharray="3.2 3.4"/>',
} as const;

export type IconName = keyof typeof icons;
