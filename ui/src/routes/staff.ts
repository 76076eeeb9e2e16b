/** The classroom's and the staff's pages. */
export const staffRoutes = {
  '/': () => import('./staff/Board.svelte'),
};
