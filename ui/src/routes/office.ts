/** The office's pages. */
export const officeRoutes = {
  '/office': () => import('./office/Today.svelte'),
  '/office/roll': () => import('./office/Roll.svelte'),
  '/office/joins': () => import('./office/Joins.svelte'),
  '/office/waiting': () => import('./office/ToDecide.svelte'),
  '/office/devices': () => import('./office/Devices.svelte'),
};
