import { createRouter } from 'sv-router';
import { familyRoutes } from './family';
import { officeRoutes } from './office';
import { staffRoutes } from './staff';

/** Every screen loads with its route, so that a page brings only its own code. */
const router = createRouter({
  ...staffRoutes,
  ...familyRoutes,
  ...officeRoutes,
  '*': () => import('./Missing.svelte'),
});

export const { p, isActive, route } = router;

/** Goes to a path; screens name paths as words, because a rail item may come from a list. */
export const navigate = router.navigate as (
  path: string,
  options?: { replace?: boolean; search?: Record<string, string | boolean> },
) => Promise<unknown>;
