/** The classroom's and the staff's pages. */
export const staffRoutes = {
  '/': () => import('./staff/Board.svelte'),
  '/together/:act': () => import('./staff/Together.svelte'),
  '/messages': () => import('./staff/Messages.svelte'),
  '/receive': () => import('./staff/Receive.svelte'),
  '/count': () => import('./staff/Count.svelte'),
};
