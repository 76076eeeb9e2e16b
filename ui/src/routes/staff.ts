/** The classroom's and the staff's pages. */
export const staffRoutes = {
  '/': () => import('./staff/Board.svelte'),
  '/together/:act': () => import('./staff/Together.svelte'),
  '/count': () => import('./staff/Count.svelte'),
};
