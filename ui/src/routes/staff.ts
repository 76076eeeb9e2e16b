/** The classroom's and the staff's pages. */
export const staffRoutes = {
  '/': () => import('./staff/Board.svelte'),
  '/together/arrive': () => import('./staff/Together.svelte'),
  '/together/walk_out': () => import('./staff/Together.svelte'),
  '/together/walk_in': () => import('./staff/Together.svelte'),
  '/together/room_change': () => import('./staff/Together.svelte'),
  '/messages': () => import('./staff/Messages.svelte'),
  '/receive': () => import('./staff/Receive.svelte'),
  '/evening': () => import('./staff/Evening.svelte'),
  '/queue': () => import('./staff/Queue.svelte'),
  '/people': () => import('./staff/People.svelte'),
  '/places': () => import('./staff/Places.svelte'),
  '/pair': () => import('./staff/Pair.svelte'),
  '/devices': () => import('./staff/Devices.svelte'),
  '/settings': () => import('./staff/Settings.svelte'),
  '/count': () => import('./staff/Count.svelte'),
};
