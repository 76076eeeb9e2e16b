import { createRouter } from 'sv-router';
import { staffRoutes } from './staff';

/** Every screen loads with its route, so that a page brings only its own code. */
export const { p, navigate, isActive, route } = createRouter({
  ...staffRoutes,
  '*': () => import('./Missing.svelte'),
});
